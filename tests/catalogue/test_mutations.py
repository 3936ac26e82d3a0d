"""Thousands of small mistakes in a catalogue: each gives short one-line faults, or a package that can be imported."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from connectgen.catalogue import loader
from connectgen.catalogue.loader import check_catalogue
from connectgen.cli import main
from support.command import environment

COUNT = 2_100
GENERATED = 6
WORDS = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9.]+|[^\sA-Za-z0-9_]")
TOKENS = [
    *[
        "x",
        "67.0",
        "66.0",
        "65.0",
        "0",
        "-1",
        "true",
        "String",
        "Integer",
        "Boolean",
        "list<String>",
        "map<User>",
        "Poll",
        "User",
        "PollInput",
        "Binary",
        "Any",
        "get",
        "vote",
        "choice",
        "pollId",
        "type",
        "since",
        "until",
        "required",
        "default",
        "values",
        "extends",
        "group",
        "Small",
        "query",
        "form",
        "header",
        "GET",
        "HEAD",
        "DELETE",
        "optional",
        "[",
        "]",
        "{",
        "}",
        ":",
        ",",
        "-",
        "'",
        "#",
        "&a",
        "*a",
        "!x",
        "%",
        "@",
        "|",
        ">",
        "<",
        "null",
        "~",
        "yes",
        "1e9",
        "0x1",
        "é",
        "class",
        "self",
    ],
    '"',
    "",
    "  ",
    "\t",
    "\n",
]
LONGEST_FAULT = 500
IMPORT_ALL = """
import importlib, pathlib, sys
for root in sys.argv[1:]:
    for package in pathlib.Path(root).glob("sf-connect-v*"):
        sys.path.insert(0, str(package))
        sys.path_importer_cache.clear()
        for path in sorted(package.rglob("sf_connect/**/*.py")):
            parts = path.relative_to(package).with_suffix("").parts
            importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
        sys.path.remove(str(package))
        for name in [name for name in sys.modules if name.startswith("sf_connect.v")]:
            del sys.modules[name]
"""


def mutations(text: str, chance: random.Random) -> Iterator[str]:
    """The text with one mistake, again and again: a word changed, left out, doubled or moved, a line moved or cut."""
    words = list(WORDS.finditer(text))
    lines = text.splitlines(keepends=True)
    while True:
        word = chance.choice(words)
        start, end = word.span()
        line = chance.randrange(len(lines))
        match chance.randrange(8):
            case 0:
                yield text[:start] + chance.choice(TOKENS) + text[end:]
            case 1:
                yield text[:start] + chance.choice(TOKENS) + text[start:]
            case 2:
                yield text[:start] + text[end:]
            case 3:
                letter = chance.randrange(start, end)
                yield text[:letter] + text[letter + 1 :]
            case 4:
                other = chance.choice(words)
                yield text[:start] + other.group() + text[end:]
            case 5:
                yield "".join([*lines[:line], *lines[line + 1 :]])
            case 6:
                yield "".join([*lines[:line], lines[line], *lines[line:]])
            case _:
                yield "".join([*lines[:line], " " * chance.randrange(1, 4) + lines[line], *lines[line + 1 :]])


def test_mutations_give_short_faults_or_packages(
    make_catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root: Path = make_catalogue()
    monkeypatch.setattr(loader, "_code_digest", lambda: "same")
    files = ["resources/feeds/polls.yaml", "types/feeds/polls.yaml"]
    texts = {file: (root / file).read_text(encoding="utf-8") for file in files}
    valid: list[tuple[str, str]] = []
    for number, file in enumerate(files):
        source = mutations(texts[file], random.Random(number))
        for _ in range(COUNT // len(files)):
            mutated = next(source)
            (root / file).write_text(mutated, encoding="utf-8")
            _, faults = check_catalogue(root, tmp_path / "cache", keep=True)
            for fault in faults:
                shown = str(fault)
                assert "\n" not in shown, (mutated, shown)
                assert len(shown) <= LONGEST_FAULT, (mutated, shown)
                assert re.match(r"[\w./]+:[0-9]+: [^;]+; .+", shown), (mutated, shown)
            if not faults and mutated != texts[file]:
                valid.append((file, mutated))
        (root / file).write_text(texts[file], encoding="utf-8")
    assert len(valid) > COUNT // 20
    outs = [generate(root, texts, *chosen) for chosen in random.Random(5).sample(valid, GENERATED)]
    imported = subprocess.run(
        [sys.executable, "-B", "-c", IMPORT_ALL, *outs], env=environment(), capture_output=True, text=True
    )
    assert imported.returncode == 0, imported.stderr


def generate(root: Path, texts: dict[str, str], file: str, mutated: str) -> str:
    """Generate from the catalogue with one file changed."""
    for name, text in {**texts, file: mutated}.items():
        (root / name).write_text(text, encoding="utf-8")
    out = root / "out" / str(abs(hash(mutated)))
    arguments = ["generate", "67.0", "--no-cache", "--catalogue", str(root), "--out", str(out)]
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert done.exit_code == 0, (mutated, done.output)
    return str(out)
