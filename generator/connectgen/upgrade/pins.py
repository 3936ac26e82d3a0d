"""Requirements that pin the client: their files, and lines of `%pip install` in notebooks, move to the new version."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_LEFT_OUT = ("node_modules", "__pycache__", "site-packages")
_TEXTS = re.compile(r"(?:[\w.-]*requirements[\w.-]*|[\w.-]*constraints[\w.-]*|dev|prod|base|test)\.(?:txt|in)")
_LOCKS = frozenset(["poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "conda-lock.yml"])
_SCRIPT_LOCK = ".py.lock"
_TABLES = frozenset(["pyproject.toml", "Pipfile"])
_OTHERS = frozenset(
    ["setup.cfg", "setup.py", "environment.yml", "environment.yaml", "tox.ini", "Dockerfile", "noxfile.py"]
)
_LIMIT = r"(?:===|[=~!<>]=|[<>])[ \t]*[\w.*+!-]+"
_KEY = r"[\"']?sf[-_.]connect[\"']?[ \t]*"
_BY_PLACE = re.compile(r"@|\b(?:path|url|git)[ \t]*=|file:")
_LARGEST = 5_000_000


@dataclass(frozen=True, slots=True)
class PinFile:
    """A file that pins the client.

    Attributes:
        path: the file.
        before: its text.
        after: its text with the new version; the same where nothing could be done.
        left: lines that a person has to change, and why.
    """

    path: Path
    before: str
    after: str
    left: tuple[tuple[int, str], ...]


class Pins:
    """Moves pins from one version to another.

    Args:
        old: the version, 45.
        new: the other, 67.
    """

    def __init__(self, old: int, new: int) -> None:
        self._old, self._new = old, new
        separator = "[-_.]"
        self._name = re.compile(rf"(?<![\w.-])sf{separator}connect{separator}v{old}(?![\w-]|\.\w)", re.IGNORECASE)
        self._file = re.compile(rf"\bsf_connect_v{old}-[\w.]+-")
        """A wheel, which names its version too."""
        self._extra = re.compile(
            rf"(?<![\w.-])sf{separator}connect[ \t]*\[(?P<extras>[^\]\n]*(?<![\w.-])v{old}(?![\w.-])[^\]\n]*)\]",
            re.IGNORECASE,
        )
        """An extra of the distribution that lists the clients."""
        self._pin = re.compile(
            rf"{self._name.pattern}"
            rf"(?P<extras>[ \t]*\[[^\]\n]*\])?(?P<pin>[ \t]*\(?{_LIMIT}(?:[ \t]*,[ \t]*{_LIMIT})*\)?)?",
            re.IGNORECASE,
        )

    def find(self, folder: Path) -> Iterator[PinFile]:
        """The files of a folder that pin the client."""
        for path in sorted(folder.rglob("*")):
            inside = path.parts[len(folder.parts) : -1]
            if any(part.startswith(".") or part in _LEFT_OUT for part in inside) or not _may_pin(path):
                continue
            if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST:
                continue
            try:
                text = path.read_bytes().decode("utf-8")
            except (OSError, UnicodeDecodeError):
                continue
            if self._is_in(text) or (path.name in _TABLES and self._extras_of_keys(text)):
                yield self._moved(path, text)

    def moved_script(self, text: str) -> tuple[str, tuple[tuple[int, str], ...]]:
        """A script with the new version in its metadata (PEP 723), and the lines that a person has to change."""
        lines = text.splitlines(keepends=True)
        left: list[tuple[int, str]] = []
        for number in _metadata(lines):
            if not self._is_in(lines[number]):
                continue
            if _BY_PLACE.search(lines[number]):
                left.append((number + 1, "pins the client by a path or a URL; change it by hand"))
            else:
                lines[number] = self.moved_line(lines[number])
        return "".join(lines), tuple(left)

    def moved_line(self, line: str) -> str:
        """A line of a requirements file, or of `pip install`, with the new version."""
        return self._extra.sub(self._other_extra, self._pin.sub(self._replaced, line))

    def _is_in(self, text: str) -> bool:
        return bool(self._name.search(text) or self._file.search(text) or self._extra.search(text))

    def _other_extra(self, found: re.Match[str]) -> str:
        """The extra of the new version; what the distribution is pinned to stays, for it has both."""
        before, after = found.start("extras") - found.start(), found.end("extras") - found.start()
        names = re.split(r"([ \t]*,[ \t]*)", found["extras"])
        moved = self._renamed_extras(names)
        return found[0][:before] + "".join(moved) + found[0][after:]

    def _renamed_extras(self, names: list[str]) -> list[str]:
        """Names and what is between them; a version that is named already is not named twice."""
        old, new = f"v{self._old}", f"v{self._new}"
        known = any(one.strip("\"' \t").lower() == new for one in names)
        for number, one in enumerate(names):
            if one.strip("\"' \t").lower() == old:
                if known:
                    start = max(0, min(number, len(names) - 2)) if number == 0 else number - 1
                    return self._renamed_extras(names[:start] + names[start + 2 :])
                names[number] = re.sub(r"\w+", new, one)
                known = True
        return names

    def _extras_of_keys(self, text: str) -> dict[int, re.Match[str]]:
        """The lines, from 0, where a table names the extra: `sf-connect = {extras = ["v45"]}`, or below its heading."""
        found: dict[int, re.Match[str]] = {}
        is_below = False
        for number, line in enumerate(text.splitlines()):
            if heading := re.match(r"[ \t]*\[+([^\]]*)\]", line):
                is_below = bool(
                    re.search(r"(?:^|\.)[ \t]*[\"']?sf[-_.]connect[\"']?[ \t]*$", heading[1], re.IGNORECASE)
                )
            key = re.match(r"[ \t]*[\"']?sf[-_.]connect[\"']?[ \t]*=", line, re.IGNORECASE)
            extras = re.search(r"\bextras[ \t]*=[ \t]*\[([^\]]*)\]", line)
            if extras and (key or is_below) and re.search(rf"[\"']v{self._old}[\"']", extras[1], re.IGNORECASE):
                found[number] = extras
        return found

    def _moved(self, path: Path, text: str) -> PinFile:
        if path.name in _LOCKS or path.name.endswith(_SCRIPT_LOCK):
            return PinFile(path, text, text, ((1, "is written by a tool; let it resolve the new requirements"),))
        if path.name in _TABLES:
            return self._table(path, text)
        if path.name in _OTHERS or not _TEXTS.fullmatch(path.name):
            return PinFile(path, text, text, tuple(self._named(text, "names the client; change it by hand")))
        lines = text.splitlines(keepends=True)
        left: list[tuple[int, str]] = []
        for number, line in enumerate(lines):
            said = line.partition("#")[0]
            if not self._is_in(said):
                continue
            if _is_fixed(line, lines[number:]):
                left.append((number + 1, "pins the client by a hash, a path or a URL; change it by hand"))
            else:
                lines[number] = self.moved_line(line)
        return PinFile(path, text, "".join(lines), tuple(left))

    def _table(self, path: Path, text: str) -> PinFile:
        lines = text.splitlines(keepends=True)
        left: list[tuple[int, str]] = []
        for number, extras in self._extras_of_keys(text).items():
            moved = self._renamed_extras(re.split(r"([ \t]*,[ \t]*)", extras[1]))
            lines[number] = lines[number][: extras.start(1)] + "".join(moved) + lines[number][extras.end(1) :]
        for number, line in enumerate(lines):
            found = self._name.search(line) or self._extra.search(line)
            if found is None or line.lstrip().startswith("#"):
                continue
            key = re.match(r"[ \t]*[\"']?$", line[: found.start()])
            rest = re.match(r"[\"']?[ \t]*=[ \t]*", line[found.end() :])
            if _BY_PLACE.search(line):
                left.append((number + 1, "pins the client by a path or a URL; change it by hand"))
            elif key and rest:
                lines[number] = line[: found.start()] + self._of_key(line[found.start() :])
            else:
                lines[number] = self.moved_line(line)
        after = "".join(lines)
        try:
            tomllib.loads(after)
        except tomllib.TOMLDecodeError:
            return PinFile(path, text, text, tuple(self._named(text, "names the client; change it by hand")))
        return PinFile(path, text, after, tuple(left))

    def _of_key(self, line: str) -> str:
        """`sf-connect-v45 = "^45.0"`, or a table with `version`."""
        moved = self._name.sub(self._renamed, line, count=1)
        pattern = r"(=[ \t]*(?:\{.*?version[ \t]*=[ \t]*)?)([\"'])[^\"']*\d[^\"']*\2"
        return re.sub(pattern, rf"\g<1>\g<2>{self._new}.0.*\g<2>", moved, count=1)

    def _renamed(self, found: re.Match[str]) -> str:
        name = found[0]
        return re.sub(r"\d+$", str(self._new), name)

    def _replaced(self, found: re.Match[str]) -> str:
        name = self._name.sub(
            self._renamed, found[0][: len(found[0]) - len((found["extras"] or "") + (found["pin"] or ""))]
        )
        pin = found["pin"] or ""
        if not pin:
            return name + (found["extras"] or "")
        space = re.match(r"[ \t]*\(?", pin)
        closing = ")" if pin.endswith(")") else ""
        return f"{name}{found['extras'] or ''}{space[0] if space else ''}=={self._new}.0.*{closing}"

    def _named(self, text: str, why: str) -> Iterator[tuple[int, str]]:
        for number, line in enumerate(text.splitlines(), 1):
            if self._name.search(line) or self._extra.search(line):
                yield number, why


def _may_pin(path: Path) -> bool:
    name = path.name
    in_folder = path.parent.name == "requirements" and path.suffix in (".txt", ".in")
    if name.endswith(_SCRIPT_LOCK):
        return True
    return name in _LOCKS | _TABLES | _OTHERS or bool(_TEXTS.fullmatch(name)) or in_folder


def _metadata(lines: list[str]) -> Iterator[int]:
    """The lines, from 0, of a script's metadata, without those that begin and end it."""
    start: int | None = None
    for number, line in enumerate(lines):
        said = line.rstrip()
        if start is None:
            start = number + 1 if said == "# /// script" else None
        elif said == "# ///":
            yield from range(start, number)
            return
        elif said != "#" and not said.startswith("# "):
            start = None


def _is_fixed(line: str, following: list[str]) -> bool:
    """Whether a line names a file, or goes on with hashes."""
    if re.search(r"\.whl\b|@|://|--hash|(?:^|\s)[./]*\S*/", line.partition("#")[0]):
        return True
    goes_on = line.rstrip().endswith("\\")
    return goes_on and any("--hash" in one for one in following[:2])
