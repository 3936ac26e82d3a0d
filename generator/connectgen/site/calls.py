"""Sample calls of an operation: Python, sync and async, and a command of curl."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from connectgen.catalogue.types import ListOf
from connectgen.naming import is_reserved_argument, python_name
from connectgen.python.model_views import field_names
from connectgen.samples.requests import Samples
from connectgen.samples.values import Tree, Value, plain
from connectgen.site.samples import needed_parameters, python
from connectgen.surface import SurfaceOperation, SurfaceParameter, SurfaceType

_FILE = "report.pdf"
_WIDTH = 72
"""How long a line of a sample may be before it is indented."""


@dataclass(frozen=True, slots=True)
class SampleCall:
    """The same call three times, for the version that they name."""

    version: int
    python: str
    asynchronous: str
    curl: str


@dataclass(frozen=True, slots=True)
class _Given:
    """What a sample passes: arguments for the path, other parameters by their place, the body, files."""

    path: Sequence[tuple[str, Value]]
    others: Sequence[tuple[SurfaceParameter, Tree]]
    body: Tree | None


def sample_call(
    operation: SurfaceOperation, version: int, types: Mapping[str, SurfaceType], iterator: str = ""
) -> SampleCall:
    """The sample of an operation.

    Args:
        operation: the operation at the version.
        version: the version that it is shown for.
        types: the version's types.
        iterator: the method that iterates over all pages, where there is one.
    """
    samples = Samples(types, version, field_names)
    given = _Given(
        path=[(item.name, _first(samples.value(item, operation.method))) for item in operation.path_parameters],
        others=[(item, samples.value(item, operation.method)) for item in needed_parameters(operation)],
        body=_body(operation, samples),
    )
    arguments = list(_arguments(operation, given))
    return SampleCall(
        version=version,
        python=_program(operation, version, arguments, iterator, asynchronous=False),
        asynchronous=_program(operation, version, arguments, iterator, asynchronous=True),
        curl=_curl(operation, version, given),
    )


def _first(tree: Tree) -> Value:
    """What is sent in a path: of a list, its one item."""
    if isinstance(tree, list):
        first = _first(tree[0])
        return Value(f"[{first.python}]", first.plain)
    return tree if isinstance(tree, Value) else Value(python(tree, 0, 10_000), plain(tree))


def _body(operation: SurfaceOperation, samples: Samples) -> Tree | None:
    if operation.body is None:
        return None
    return samples.value(operation.body, operation.method)


def _argument(name: str, given: str | None = None) -> str:
    spelled = python_name(name, given)
    return f"{spelled}_" if is_reserved_argument(spelled) else spelled


def _arguments(operation: SurfaceOperation, given: _Given) -> Iterable[tuple[str, Tree]]:
    """The arguments in Python's order; those without a name are passed by position."""
    yield from (("", value) for _, value in given.path)
    taken = {"self", "options", *(["body"] if operation.body else [])}
    named: list[tuple[str, Tree]] = []
    for item in operation.path_parameters:
        taken.add(_argument(item.name, item.python_name))
    for item, value in given.others:
        name = _argument(item.name, item.python_name)
        while name in taken:
            name += "_"
        taken.add(name)
        named.append((name, value))
    if given.body is not None:
        yield ("" if operation.body and operation.body.required is True else "body", given.body)
    yield from named
    for part in operation.parts:
        if part.required:
            upload = Value(f'Upload("{_FILE}")', None)
            yield _argument(part.name), {"file": upload} if part.named_by_caller else upload


def _program(
    operation: SurfaceOperation,
    version: int,
    arguments: Sequence[tuple[str, Tree]],
    iterator: str,
    *,
    asynchronous: bool,
) -> str:
    client = "AsyncConnect" if asynchronous else "Connect"
    awaited = "await " if asynchronous else ""
    method = f"client.{operation.family}.{operation.group}"
    result = "" if operation.returns is None else "result = "
    if iterator:
        kept = [(name, value) for name, value in arguments if name not in _pages(operation)]
        called = _call(f"{'async ' if asynchronous else ''}for item in ", f"{method}.{iterator}", kept)
        text = f"{called}:\n    print(item)"
    else:
        text = _call(f"{result}{awaited}", f"{method}.{operation.name}", arguments)
        text += "\nprint(result)" if result else ""
    imports = [f"from sf_connect.v{version} import {client}" + (", models as m" if "m." in _code_of(text) else "")]
    imports = ["from sf_connect.core import Upload", *imports] if "Upload(" in text else imports
    standard = ["asyncio"] if asynchronous else []
    standard += ["datetime"] if "datetime." in _code_of(text) else []
    head = [*(f"import {name}" for name in standard), *([""] if standard else []), *imports]
    opened = f'with {client}("https://acme.my.salesforce.com", token="…") as client:'
    lines = [opened, *_indented(text.split("\n"))]
    if not asynchronous:
        return "\n".join([*head, "", *lines]) + "\n"
    lines[0] = f"async {opened}"
    return "\n".join([*head, "", "async def main() -> None:", *_indented(lines), "", "asyncio.run(main())"]) + "\n"


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _code_of(text: str) -> str:
    """Code without its texts."""
    return "".join(text.split('"')[::2])


def _pages(operation: SurfaceOperation) -> set[str]:
    """The arguments that say which page, which iterating leaves out."""
    parameter = operation.pagination.parameter if operation.pagination else None
    return {_argument(parameter)} if parameter else set()


def _call(before: str, method: str, arguments: Sequence[tuple[str, Tree]]) -> str:
    """A call on a line, or with an argument on each line where it would be long."""
    flat = f"{before}{method}({', '.join(_passed(name, python(value, 0, 10_000)) for name, value in arguments)})"
    if len(flat) <= _WIDTH:
        return flat
    shown = "".join(f"    {_passed(name, python(value, 4, _WIDTH))},\n" for name, value in arguments)
    return f"{before}{method}(\n{shown})"


def _passed(name: str, value: str) -> str:
    return f"{name}={value}" if name else value


def _curl(operation: SurfaceOperation, version: int, given: _Given) -> str:
    path = operation.path
    for name, in_path in given.path:
        path = path.replace(f"{{{name}}}", quote(str(_text(in_path)), safe=",@"))
    by_place: dict[str, list[tuple[str, str]]] = {"query": [], "form": [], "header": []}
    for item, value in given.others:
        by_place[item.place].append((item.name, _joined(item, value)))
    query = f"?{urlencode(by_place['query'], safe=',')}" if by_place["query"] else ""
    url = f'"$SF_INSTANCE/services/data/v{version}.0{path}{query}"'
    method = "" if operation.method == "GET" else "-I " if operation.method == "HEAD" else f"-X {operation.method} "
    lines = [f"curl {method}{url}", '-H "Authorization: Bearer $SF_TOKEN"']
    lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in by_place["header"]]
    parts = [part for part in operation.parts if part.required]
    if parts:
        if given.body is not None:
            sent = json.dumps(plain(given.body), ensure_ascii=False)
            lines.append(f"-F {shlex.quote(f'{operation.json_part}={sent};type=application/json')}")
        lines += [f"--form-string {shlex.quote(f'{name}={value}')}" for name, value in by_place["form"]]
        names = ["file" if part.named_by_caller else part.name for part in parts]
        lines += [f"-F {shlex.quote(f'{name}=@{_FILE}')}" for name in names]
    elif given.body is not None:
        lines.append('-H "Content-Type: application/json"')
        lines.append(f"-d {shlex.quote(json.dumps(plain(given.body), indent=2, ensure_ascii=False))}")
    else:
        lines += [f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in by_place["form"]]
    return " \\\n  ".join(lines) + "\n"


def _text(tree: Tree) -> object:
    value = plain(tree)
    return str(value).lower() if isinstance(value, bool) else value


def _joined(item: SurfaceParameter, tree: Tree) -> str:
    if isinstance(item.type, ListOf) and isinstance(tree, list):
        return ",".join(str(_text(one)) for one in tree)
    values = plain(tree)
    return json.dumps(values) if isinstance(values, dict | list) else str(_text(tree))
