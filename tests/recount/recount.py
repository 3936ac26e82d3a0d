"""Counts the guide's resources, parameters and properties again, without the importer; looks for each in the catalogue.

Run `python tests/recount/recount.py --guide DIR [--list]`; DIR holds the guide's pages as Markdown.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from connectgen.naming import type_name

ROOT = Path(__file__).resolve().parents[2]
FIRST_VERSION = 30.0
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u00ad\ufeff]")
_METHODS = re.compile(r"\b(GET|HEAD|POST|PATCH|PUT|DELETE)\b")
_NAME = re.compile(r"[A-Za-z_][\w.:-]*$")
_URI = re.compile(r"^/?[a-z][\w-]*(/[\w${},.-]+)*/?$")
_SITE = re.compile(r"^/connect/communities/[^/]+(?=/)")
_ONLY_SITE = re.compile(r"^/connect/communities/[^/]+/?$")
_ROOTS = {
    "chatter",
    "connect",
    "commerce",
    "personalization",
    "payments",
    "named-credentials",
    "network-connection",
    "asset-management",
    "dedupe",
    "sites",
    "voicecalls",
    "clean",
    "apps",
    "data-integration",
    "callcoaching",
    "einstein",
    "ssot",
    "email-merge-fields",
    "authenticated-email-service",
}
_ENDED = re.compile(r"^\D*\d+[.,]0\s*[-–—]\s*(\d+)[.,]0\s*$|^\D*(\d+)[.,]0\s+only", re.IGNORECASE)
_PLAIN = re.compile(r"^(\d+)\.0$")


@dataclass(frozen=True)
class Table:
    """A Markdown table: the line of text before it, its heading cells, its rows."""

    before: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass
class Page:
    """One page: its title, text without code examples, tables, and the addresses among its code examples."""

    file: str
    title: str
    lines: list[str]
    tables: list[Table]
    uris: list[str]
    methods: tuple[str, ...]


@dataclass
class Count:
    """How many facts of a kind the guide has, and which of them the catalogue lacks."""

    total: int = 0
    misses: list[str] = field(default_factory=list[str])

    def see(self, found: bool, miss: str) -> None:
        """Count one fact."""
        self.total += 1
        if not found:
            self.misses.append(miss)

    @property
    def percent(self) -> float:
        """The share that was found; of nothing, all is found."""
        return 100.0 if not self.total else 100.0 * (self.total - len(self.misses)) / self.total


def read_page(path: Path) -> Page:
    """Read a page as it stands, without knowing what it is about."""
    text = _INVISIBLE.sub("", path.read_text(encoding="utf-8")).replace("\u00a0", " ")
    body, _, examples = text.partition("\n## Code Examples")
    lines = [line.strip() for line in body.splitlines()]
    title = next((line[2:].strip() for line in lines if line.startswith("# ")), path.stem)
    blocks = re.findall(r"```\w*\n(.*?)```", examples.partition("\n## Related Topics")[0], re.DOTALL)
    uris: list[str] = []
    for block in blocks:  # a resource's addresses are its first code examples; later ones are bodies and sample calls
        here = [uri for line in _unwrapped(block) if (uri := _uri(line))]
        if not here:
            break
        uris += here
    return Page(path.name, title, lines, list(_tables(lines)), uris, _methods(lines))


def _unwrapped(block: str) -> list[str]:
    """The lines of a code example, with an address that was broken over two lines in one piece again."""
    lines: list[str] = []
    for line in (line.strip() for line in block.splitlines()):
        if lines and line.startswith("/") and (line[1:].split("/")[0] not in _ROOTS or _ONLY_SITE.match(lines[-1])):
            lines[-1] = lines[-1].rstrip("/") + line
        elif lines and lines[-1].endswith("/") and not line.startswith("/"):
            lines[-1] += line
        else:
            lines.append(line)
    return lines


def _uri(line: str) -> str | None:
    line = re.sub(r"^(GET|HEAD|POST|PATCH|PUT|DELETE)\s+", "", line.strip()).split("?")[0].rstrip("/")
    line = re.sub(r"^(https?://[^/]+)?/services/data/v[\w.]+", "", line)
    if "/" not in line or not _URI.match(line):
        return None
    return "/" + line.lstrip("/")


def _methods(lines: list[str]) -> tuple[str, ...]:
    for position, line in enumerate(lines):
        if re.match(r"^(Supported )?HTTP methods?\b", line, re.IGNORECASE):
            following = [line, *[after for after in lines[position + 1 : position + 4] if after][:1]]
            found = _METHODS.findall(" ".join(following))
            if found:
                return tuple(dict.fromkeys(found))
    return ()


def _tables(lines: list[str]) -> Iterator[Table]:
    before = ""
    rows: list[tuple[str, ...]] = []
    for line in [*lines, ""]:
        if line.startswith("|"):
            rows.append(tuple(cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]))
        elif rows:
            yield Table(before, rows[0], tuple(row for row in rows[1:] if not re.fullmatch(r"[-: ]*", "".join(row))))
            rows = []
        if line and not line.startswith("|") and line not in {"```", "Properties"}:
            before = line


def _plain(cell: str) -> str:
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", cell).replace("`", "").replace("\\", "").replace("*", "").strip()


def _ended(cell: str) -> bool:
    match = _ENDED.match(_plain(cell))
    return bool(match) and float(match[1] or match[2]) < FIRST_VERSION


def _version_column(table: Table) -> int | None:
    columns = [at for at, cell in enumerate(table.head) if "version" in cell.lower()]
    return next((at for at in columns if "available" in table.head[at].lower()), columns[-1] if columns else None)


def named_rows(table: Table) -> Iterator[tuple[str, str]]:
    """The names in a table's first column, each with its version cell; rows that ended before 30.0 are left out."""
    column = _version_column(table)
    for row in table.rows:
        name = _plain(row[0]) if row else ""
        version = _plain(row[column]) if column is not None and column < len(row) else ""
        if _NAME.match(name) and not _ended(version):
            yield name, version


@dataclass
class Catalogue:
    """The catalogue's files as PyYAML gives them."""

    resources: list[dict[str, Any]]
    types: dict[str, dict[str, Any]]

    @classmethod
    def read(cls, spec: Path) -> Catalogue:
        """Read every file of resources and of types."""
        resources: list[dict[str, Any]] = []
        types: dict[str, dict[str, Any]] = {}
        for path in sorted((spec / "resources").rglob("*.yaml")):
            resources += _load(path).get("resources") or []
        for path in sorted((spec / "types").rglob("*.yaml")):
            types |= _load(path).get("types") or {}
        return cls(resources, types)

    def at(self, uri: str) -> list[dict[str, Any]]:
        """The resources whose present or former address fits an address of the guide."""
        # in a site, `/connect` is left out: /connect/communities/{id}/files for /connect/files
        wanted = [_segments(uri), ["connect", *_segments(uri)] if _SITE.match(uri) else []]
        return [
            resource
            for resource in self.resources
            for path in (resource["path"], *(former["path"] for former in resource.get("formerly", ())))
            if any(_fits(_segments(path), one) for one in wanted)
        ]

    def properties(self, name: str) -> dict[str, Any]:
        """A type's properties, those of the types that it extends included."""
        found: dict[str, Any] = {}
        seen: set[str] = set()
        while name in self.types and name not in seen:
            seen.add(name)
            found = {**(self.types[name].get("properties") or {}), **found}
            name = self.types[name].get("extends", "")
        return found


def _load(path: Path) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader) or {}


def _segments(uri: str) -> list[str]:
    return _SITE.sub("", uri).strip("/").split("/")


def _fits(path: list[str], wanted: list[str]) -> bool:
    return len(path) == len(wanted) and all(
        have.lower() == want.lower() or "{" in have for have, want in zip(path, wanted, strict=True)
    )


def _since(fact: Any) -> float | None:
    facts = fact if isinstance(fact, list) else [fact]
    sinces = [one.get("since") if isinstance(one, dict) else None for one in facts]
    return None if None in sinces else min(sinces)


@dataclass
class Recount:
    """The five counts."""

    resources: Count = field(default_factory=Count)
    methods: Count = field(default_factory=Count)
    parameters: Count = field(default_factory=Count)
    properties: Count = field(default_factory=Count)
    versions: Count = field(default_factory=Count)

    def items(self) -> Iterator[tuple[str, Count]]:
        """Each count with its name."""
        yield from vars(self).items()


def recount(guide: Path, spec: Path = ROOT / "spec") -> Recount:
    """Compare all pages of the guide with the catalogue."""
    catalogue = Catalogue.read(spec)
    result = Recount()
    for path in sorted(guide.glob("*.md")):
        page = read_page(path)
        if page.title.endswith("Knowledge Index"):
            continue
        if page.methods and page.uris and _is_resource(page):
            _count_resource(page, catalogue, result)
        elif not page.methods:
            _count_type(page, catalogue, result)
    return result


def _is_resource(page: Page) -> bool:
    """Quick references repeat a call; only a resource page names its version or has a heading `Resource`."""
    return any(
        re.match(r"^(Resources?|Available (since )?version|Requires Chatter)\b", line, re.IGNORECASE)
        for line in page.lines
    )


def _count_resource(page: Page, catalogue: Catalogue, result: Recount) -> None:
    found: list[dict[str, Any]] = []
    for uri in dict.fromkeys(page.uris):
        here = catalogue.at(uri)
        result.resources.see(bool(here), f"{page.file}: {uri}")
        found += here
    for method in page.methods:
        has = any(method in resource["operations"] for resource in found)
        result.methods.see(has, f"{page.file}: {method}")
    for table in page.tables:
        if not table.head or "parameter" not in table.head[0].lower():
            continue
        methods = _METHODS.findall(table.before) or list(page.methods)
        known = {name for resource in found for name in _parameters(resource, methods)}
        for name, _ in named_rows(table):
            result.parameters.see(name in known, f"{page.file}: {'/'.join(methods)} {name}")


def _parameters(resource: dict[str, Any], methods: list[str]) -> Iterator[str]:
    yield from resource.get("parameters") or {}
    for method in methods:
        operation = resource["operations"].get(method) or {}
        yield from operation.get("parameters") or {}
        yield from operation.get("parts") or {}


def _count_type(page: Page, catalogue: Catalogue, result: Recount) -> None:
    is_input = any(re.match(r"^Root XML tag", line, re.IGNORECASE) for line in page.lines)
    for table in page.tables:
        head = [cell.lower() for cell in table.head]
        response = head[:1] in (["property"], ["property name"]) and any("filter group" in cell for cell in head)
        request = head[:1] == ["name"] and any("required" in cell for cell in head)
        if response or request:
            name = type_name(page.title, is_input=is_input or not response)
            _count_properties(page, table, name, catalogue, result)


def _count_properties(page: Page, table: Table, name: str, catalogue: Catalogue, result: Recount) -> None:
    known = catalogue.properties(name)
    owner = float(catalogue.types.get(name, {}).get("since", 0))
    for property_name, version in named_rows(table):
        result.properties.see(property_name in known, f"{page.file}: {name}.{property_name}")
        plain = _PLAIN.match(version)
        if plain and property_name in known:
            has = max(_since(known[property_name]) or 0.0, owner)
            agrees = has == float(plain[1]) or max(has, float(plain[1])) <= FIRST_VERSION
            result.versions.see(agrees, f"{page.file}: {name}.{property_name} {version}, the catalogue has {has}")


def main() -> None:
    """Print the counts and, if asked, each difference."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--guide", type=Path, required=True, help="the folder with the guide's pages")
    arguments.add_argument("--list", action="store_true", help="list each difference")
    given = arguments.parse_args()
    if not given.guide.is_dir():
        arguments.error(f"{given.guide} is no folder; name the one that holds the guide's pages")
    for kind, count in recount(given.guide).items():
        print(f"{kind}: {count.total - len(count.misses)} of {count.total} ({count.percent:.2f} %)")
        if given.list:
            for miss in count.misses:
                print(f"  {miss}")


if __name__ == "__main__":
    main()
