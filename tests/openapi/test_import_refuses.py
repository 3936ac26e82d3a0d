"""A file that cannot be used is refused in a line with place and remedy; nothing is written, nothing fetched."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from openapi.importing import SHED, changed, contents
from support.command import COMMAND, connectgen, environment

SMALL = """\
openapi: 3.1.0
info: {title: Small, version: "33.0"}
paths:
  /shed/tools:
    get:
      description: "**Available Version:** 31.0"
      responses:
        "200": {description: OK, content: {application/json: {schema: SCHEMA}}}
components:
  schemas:
"""


def refused(catalogue: Path, file: Path, *more: str, code: int = 1) -> str:
    """Run the command, which must refuse and leave the catalogue as it is; gives what it says."""
    before = contents(catalogue)
    done = connectgen(
        "import", "openapi", str(file), "--family", "shed", "--new-family", "--catalogue", str(catalogue), *more,
        cwd=catalogue.parent, timeout=60,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert contents(catalogue) == before
    return done.stderr.strip()


def one_line(catalogue: Path, text: str | bytes, *more: str, name: str = "file.yaml") -> str:
    file = catalogue.parent / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    said = refused(catalogue, file, *more)
    assert len(said.splitlines()) == 1, said
    return said.removeprefix(str(file))


def schemas(*lines: str, schema: str = '{$ref: "#/components/schemas/A"}') -> str:
    return SMALL.replace("SCHEMA", schema) + "".join(f"    {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ":1: is empty; give an OpenAPI 3.0 or 3.1 file"),
        ("- a\n", ":1: is not OpenAPI: it holds no object; give an OpenAPI 3.0 or 3.1 file"),
        ("a: b\n", ":1: is not OpenAPI: the key 'openapi' is missing; give an OpenAPI 3.0 or 3.1 file"),
        ("info: {}\nswagger: '2.0'\n", ":2: is Swagger 2, not OpenAPI 3; convert it to OpenAPI 3 first"),
        ("openapi: 4.0.0\n", ":1: is OpenAPI 4.0.0, of which nothing is known here; give an OpenAPI 3.0 or 3.1 file"),
        ("openapi: 3.1.0\ninfo: {}\n", ":1: 'paths' is missing; give the whole OpenAPI file"),
        ("openapi: 3.1.0\npaths: {}\n", ":2: has no paths; give the whole OpenAPI file"),
        ("openapi: 3.1.0\npaths: [a]\n", ":2: 'paths' is no object; correct it as OpenAPI asks"),
        (
            "openapi: 3.1.0\n  paths: {}\n",
            ":2: cannot be read: mapping values are not allowed in this context; give valid",
        ),
        ('{"openapi": "3.1.0", "paths": {"/a": \n', ":2: cannot be read: "),
        ("a: b\na: c\n", ":2: the key 'a' occurs twice; keep one of them; the first is in line 1"),
        (b"a: \xff\n", ":1: is not UTF-8; save the file as UTF-8"),
        (b"a: \x07\n", ":1: "),
        ("--- {a: b}\n--- {c: d}\n", ":2: a second YAML document begins; keep one document a file"),
    ],
)
def test_no_openapi(catalogue: Path, text: str | bytes, said: str) -> None:
    assert one_line(catalogue, text).startswith(said)


def test_no_file(catalogue: Path) -> None:
    for path in (catalogue / "none.yaml", catalogue):
        assert refused(catalogue, path) == f"{path}: is no file; name the OpenAPI file"


TOOL = '{$ref: "#/components/responses/Tool"}'
CREATED = '**Available Version:** 31."'


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("parameters/Sort", "parameters/Sorts", 24, "leads nowhere; correct it, or add what it names"),
        (TOOL, '{$ref: "https://example.org/a.yaml#/b"}', 50, "leads out of the file"),
        (TOOL, '{$ref: "../../secret.yaml#/b"}', 50, "leads out of the file"),
        (TOOL, '{$ref: "file:///etc/passwd"}', 50, "no other file is opened"),
        (CREATED, '**Available Version:** 99.0"', 35, "names the version 99.0, but the catalogue has no"),
        (CREATED, '**Available Version:** 3.0"', 35, "names the version 3.0, which no"),
        ("32.0–32.0", "32.0–31.0", 113, "ends with 31.0, before it begins with 32.0"),
        (
            'version: "33.0"',
            'version: "34.0"',
            3,
            "33.0; begin it with connectgen release begin 34.0, or give --release 34.0",
        ),
        (
            "OrName}:\n    delete:",
            "OrName}:\n    get:",
            51,
            "differ; paths differ only in a placeholder's name",
        ),
    ],
)
def test_faults_of_a_file(catalogue: Path, tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    file = changed(tmp_path, (old, new))
    message = refused(catalogue, file)
    assert len(message.splitlines()) == 1
    assert message.startswith(f"{file}:{line}: "), message
    assert said in message


@pytest.mark.parametrize(
    "text",
    [
        schemas("A: {allOf: [{$ref: '#/components/schemas/B'}]}", "B: {allOf: [{$ref: '#/components/schemas/A'}]}"),
        schemas(
            "A: {type: object, properties: {a: {type: string}}, allOf: [{$ref: '#/components/schemas/B'}]}",
            "B: {type: object, properties: {b: {type: string}}, allOf: [{$ref: '#/components/schemas/A'}]}",
        ),
        schemas("A: {$ref: '#/components/schemas/A'}"),
        schemas("A: {$ref: '#/components/schemas/B'}", "B: {$ref: '#/components/schemas/A'}"),
        schemas("A: {type: array, items: {$ref: '#/components/schemas/A'}}"),
        schemas("A: {oneOf: [{$ref: '#/components/schemas/A'}, {type: string}]}"),
    ],
)
def test_what_is_made_of_itself(catalogue: Path, text: str) -> None:
    said = one_line(catalogue, text)
    assert "is made of itself; break the circle" in said or "references lead round in a circle" in said


def test_recursive_objects_are_fine(catalogue: Path) -> None:
    file = catalogue.parent / "file.yaml"
    file.write_text(
        schemas(
            "A: {properties: {next: {$ref: '#/components/schemas/A'}, all: {$ref: '#/components/schemas/L'}}}",
            "L: {type: array, items: {$ref: '#/components/schemas/A'}}",
        ),
        encoding="utf-8",
    )
    done = connectgen(
        "import",
        "openapi",
        str(file),
        "--family",
        "shed",
        "--new-family",
        "--catalogue",
        str(catalogue),
        cwd=catalogue.parent,
    )
    assert done.returncode == 0, done.stderr
    written = "".join(path.read_text(encoding="utf-8") for path in (catalogue / "types" / "shed").glob("*.yaml"))
    assert "next: A" in written
    assert "all: list<A>" in written


def test_what_is_to_be_allowed_must_exist(catalogue: Path, tmp_path: Path) -> None:
    answers = tmp_path / "answers.yaml"
    said = refused(catalogue, SHED, "--allow-change", "shed.nothing.*", "--answers", str(answers), code=2)
    assert said == (
        "--allow-change shed.nothing.*: nothing in the catalogue has this name; write family.group.operation, Type or"
        " Type.property"
    )
    assert not answers.exists()


def test_wrong_usage(catalogue: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        done = connectgen("import", "openapi", *arguments, "--catalogue", str(catalogue), cwd=tmp_path)
        assert "Traceback" not in done.stderr
        return done.returncode, done.stderr

    code, text = run(str(SHED), "--family", "gardn")
    assert (code, text) == (
        1,
        "there is no family gardn: did you mean garden? The families are archive, garden; --new-family adds one\n",
    )
    assert run(str(SHED), "--family", "No Family", "--new-family")[0] == 1
    assert run(str(SHED))[0] == 2
    code, text = run(str(SHED), "--family", "shed", "--new-family", "--release", "34")
    assert (code, "write it like 68.0" in text) == (2, True)
    code, text = run(
        str(changed(tmp_path, ('version: "33.0"', "version: one"))),
        "--family",
        "shed",
        "--new-family",
        "--release",
        "36.0",
    )
    assert (code, text) == (1, "--release 36.0: the newest version is 33.0, so 34.0 comes next\n")
    code, text = run(str(SHED), "--family", "shed", "--new-family", "--release", "34.0")
    assert code == 1
    assert "describes 33.0, not 34.0; give the file of that release, or leave --release out" in text


def test_a_catalogue_that_would_be_at_fault_is_not_written(catalogue: Path, tmp_path: Path) -> None:
    said = refused(catalogue, changed(tmp_path, ("title: Saw Output", "title: Any Tool Base Output")))
    assert "types/shed/garden_tools.yaml" in said
    assert "; choose another name" in said
    assert said.endswith("the catalogue would be at fault; nothing was written")


def test_a_file_without_a_path_that_the_catalogue_can_have(catalogue: Path) -> None:
    text = SMALL.replace("/shed/tools", "/shed/to ols").replace("SCHEMA", "{}")
    said = ":3: has no path that the catalogue can have; write its paths like /ssot/things/{thingId}"
    assert one_line(catalogue, text) == said


def measured(catalogue: Path, text: str) -> str:
    """Refuse a hostile text in a process with little memory and time; gives what it says."""
    file = catalogue.parent / "hostile.yaml"
    file.write_text(text, encoding="utf-8")

    def limits() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))

    before = contents(catalogue)
    started = time.monotonic()
    done = subprocess.run(
        [*COMMAND, "import", "openapi", str(file), "--family", "shed", "--new-family", "--catalogue", str(catalogue)],
        cwd=catalogue.parent, env=environment(), capture_output=True, text=True, timeout=60, check=False,
        preexec_fn=limits,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout[-500:] + done.stderr[-500:]
    assert time.monotonic() - started < 60
    assert "Traceback" not in done.stderr
    assert contents(catalogue) == before
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


def bomb() -> str:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    return "openapi: 3.1.0\n" + "\n".join(lines) + "\n"


def chain(kind: str, length: int) -> str:
    """Each schema made twice of the next."""
    next_ones = [f"{{$ref: '#/components/schemas/S{n + 1}'}}" for n in range(length)]
    lines = [f"S{n}: {{{kind}: [{one}, {{type: array, items: {one}}}]}}" for n, one in enumerate(next_ones)]
    return schemas(*lines, f"S{length}: {{type: string}}", schema='{$ref: "#/components/schemas/S0"}')


def deep_chain(length: int) -> str:
    lines = [
        f"S{n}: {{allOf: [{{$ref: '#/components/schemas/S{n + 1}'}}], properties: {{p{n}: {{type: string}}}}}}"
        for n in range(length)
    ]
    return schemas(
        *lines,
        f"S{length}: {{type: object, properties: {{z: {{type: string}}}}}}",
        schema='{$ref: "#/components/schemas/S0"}',
    )


HOSTILE: dict[str, tuple[Callable[[], str], str]] = {
    "aliases": (bomb, "YAML aliases are not read"),
    "depth of lists": (lambda: "openapi: 3.1.0\npaths: " + "[" * 1_000_000, "exceeded maximum nesting depth"),
    "depth of JSON": (lambda: '{"a":' * 500_000, "is nested deeper than 100 levels"),
    "depth of blocks": (lambda: "\n".join(" " * n + "a:" for n in range(2_000)), "is nested deeper than 100 levels"),
    "doubling unions": (lambda: chain("oneOf", 60), "has more than 100 alternatives"),
    "endless inheritance": (lambda: deep_chain(5_000), "build on one another too deeply"),
    "many values": (lambda: "openapi: 3.1.0\nx: [" + "1," * 5_000_000 + "]", "has more than 2000000 keys and values"),
    "many operations": (
        lambda: SMALL.replace("SCHEMA", "{}").replace(
            "components:", "\n".join(f"  /a{n}: {{get: {{responses: {{}}}}}}" for n in range(6_000)) + "\ncomponents:"
        ),
        "has more than 5000 operations",
    ),
    "backtracking": (
        lambda: SMALL.replace("SCHEMA", "{}").replace(
            "**Available Version:** 31.0",
            "*" * 400_000 + " " * 400_000 + "Available Version" + "* " * 400_000 + "**Available Version:** 99.0",
        ),
        "names the version 99.0",
    ),
    "size": (lambda: "openapi: 3.1.0\nx: " + "y" * 17_000_000, "is larger than 16 MB"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_are_refused_in_bounded_time_and_memory(catalogue: Path, kind: str) -> None:
    make, said = HOSTILE[kind]
    assert said in measured(catalogue, make())


def test_nothing_is_fetched(catalogue: Path, tmp_path: Path) -> None:
    """With sockets forbidden the refusal is the same."""
    file = changed(tmp_path, ('{$ref: "#/components/responses/Tool"}', '{$ref: "http://127.0.0.1:9/a.yaml"}'))
    script = (
        "import socket, sys\n"
        "def no(*a, **k): raise SystemExit('opened a socket')\n"
        "socket.socket = no\n"
        "from connectgen.cli import main\n"
        "main(sys.argv[1:])\n"
    )
    arguments = ["import", "openapi", str(file), "--family", "shed", "--new-family", "--catalogue", str(catalogue)]
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "leads out of the file" in done.stderr
