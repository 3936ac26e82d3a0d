"""What imports bind: the client's packages, modules of the application, everything else."""

from __future__ import annotations

import ast

from connectgen.diff.usage.client_names import PACKAGE
from connectgen.diff.usage.patterns import Patterns
from connectgen.diff.usage.things import ELSEWHERE, AppModule, Package, Spot, Value


class Imports(Patterns):
    """Reads imports."""

    def _import_(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.name if alias.asname else alias.name.partition(".")[0]
            if name == "sf_connect" or PACKAGE.match(name):
                value: Value = frozenset([Package(name)])
            else:
                module = self.project.find(name)
                value = frozenset([AppModule(module)]) if module else ELSEWHERE
            self.scope.names[alias.asname or name] = value

    def _importfrom_(self, node: ast.ImportFrom) -> None:
        module = self._absolute(node)
        for alias in node.names:
            if alias.name == "*":
                self._import_all(module)
                continue
            spot = Spot(self.module.shown, alias.lineno, alias.col_offset + len(alias.name.encode()))
            self.scope.names[alias.asname or alias.name] = self.imported(module, alias.name, spot)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.module.name.split(".")
        drop = node.level - (1 if self.module.path.name == "__init__.py" else 0)
        base = parts[: len(parts) - drop] if drop else parts
        return ".".join([*base, *([node.module] if node.module else [])])

    def _import_all(self, module: str) -> None:
        if PACKAGE.match(module):
            names = ["Connect", "AsyncConnect", "models"] if PACKAGE.fullmatch(module) else sorted(self.client.types)
            for name in names:
                self.scope.names[name] = self.member(module, name, None)
            return
        found = self.project.find(module)
        if found is not None:
            self.scope.names.update(found.scope.names)
