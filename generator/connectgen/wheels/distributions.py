"""What is built: core, the list of clients, one client for each API version, the generator; their files and hashes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from connectgen.wheels.code import is_text
from connectgen.wheels.faults import ReleaseError
from connectgen.wheels.known_code import known_code_hash

CORE = "sf-connect-core"
UMBRELLA = "sf-connect"
GENERATOR = "connectgen"
_CLIENT = re.compile(r"sf-connect-v([1-9][0-9]+)")
_SKIPPED = {"__pycache__", ".DS_Store"}


@dataclass(frozen=True, slots=True)
class Distribution:
    """One thing to publish.

    Attributes:
        name: its name on a package index, `sf-connect-v67`.
        folder: where its `pyproject.toml` is.
        paths: the files and folders, relative to it, that go into its source distribution.
        licence: the licence's text.
        package: the folder of its modules in the wheel, `sf_connect/v67`.
        version: the API version of a client as a whole number, 67 for 67.0; None for the others.
        further: folders of modules beside `package` that it also brings.
        changelog: what changed between its releases, where it has that and it is not among `paths`.
    """

    name: str
    folder: Path
    paths: tuple[str, ...]
    licence: Path
    package: str
    version: int | None = None
    further: tuple[str, ...] = ()
    changelog: Path | None = None

    @property
    def stem(self) -> str:
        """The name as files of it begin, `sf_connect_v67`."""
        return self.name.replace("-", "_")

    def files(self) -> Iterator[tuple[str, Path]]:
        """Every file that goes in, but `pyproject.toml`: its path there and where it is; in order.

        Raises:
            ReleaseError: one that must exist does not.
        """
        beside = {"LICENSE": self.licence}
        if self.changelog and self.changelog.is_file():
            beside["CHANGELOG.md"] = self.changelog
        yield from sorted({**dict(self._walk()), **beside}.items())

    def _walk(self) -> Iterator[tuple[str, Path]]:
        for path in self.paths:
            start = self.folder / path
            if start.is_dir():
                for folder, names, files in os.walk(start):
                    names[:] = [name for name in names if name not in _SKIPPED]
                    for file in files:
                        if file not in _SKIPPED and not file.endswith(".pyc"):
                            found = Path(folder, file)
                            yield found.relative_to(self.folder).as_posix(), found
            elif start.is_file():
                yield path, start
            else:
                raise ReleaseError(f"{start}: does not exist, and {self.name} needs it")

    def project(self) -> Mapping[str, Any]:
        """The contents of its `pyproject.toml`.

        Raises:
            ReleaseError: it cannot be read.
        """
        path = self.folder / "pyproject.toml"
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ReleaseError(f"{path}: cannot be read: {error}") from None


def core_of(root: Path) -> Distribution:
    """The runtime, `sf-connect-core`."""
    paths, licence = ("sf_connect", "README.md"), root / "core" / "LICENSE"
    return Distribution(CORE, root / "core", paths, licence, "sf_connect/core", further=("sf_connect/testing",))


def generator_of(root: Path) -> Distribution:
    """The generator, `connectgen`, with catalogue and templates."""
    paths = ("generator/connectgen", "spec", "templates", "hatch_build.py", "README.md", "CHANGELOG.md")
    return Distribution(GENERATOR, root, paths, root / "LICENSE", "connectgen")


def umbrella_of(root: Path) -> Distribution:
    """The list of clients, `sf-connect`."""
    folder = root / "umbrella"
    return Distribution(UMBRELLA, folder, ("sf_connect", "README.md"), root / "LICENSE", "sf_connect/clients")


def client_of(root: Path, generated: Path, version: int) -> Distribution:
    """The client of an API version."""
    name = f"sf-connect-v{version}"
    paths, changelog = ("sf_connect", "README.md"), root / "changelogs" / f"{name}.md"
    folder, package = generated / name, f"sf_connect/v{version}"
    return Distribution(name, folder, paths, root / "LICENSE", package, version, changelog=changelog)


def distributions(root: Path, generated: Path, versions: Sequence[int] = ()) -> list[Distribution]:
    """What is to be built, in the order in which it is published: what others need comes first, then the newest.

    Args:
        root: the repository.
        generated: where the clients' packages are.
        versions: only these clients; all distributions where empty.

    Raises:
        ReleaseError: nothing is generated.
    """
    if versions:
        return [client_of(root, generated, version) for version in sorted(set(versions))]
    found = [int(match[1]) for path in _folders(generated) if (match := _CLIENT.fullmatch(path.name))]
    if not found:
        raise ReleaseError(f"{generated}: holds no packages; run make generate")
    clients = [client_of(root, generated, version) for version in sorted(found, reverse=True)]
    return [core_of(root), umbrella_of(root), *clients, generator_of(root)]


def names_of(versions: Iterable[int]) -> list[str]:
    """The names of all distributions, in the order in which they are published, for these API versions."""
    return [CORE, UMBRELLA, *(f"sf-connect-v{version}" for version in sorted(versions, reverse=True)), GENERATOR]


def _folders(folder: Path) -> Iterable[Path]:
    return [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []


@dataclass(frozen=True, slots=True)
class Hashes:
    """What a distribution holds, as hashes: `sha256:` and 64 hexadecimal digits.

    Attributes:
        content: of all that makes it but its version and words: docstrings, comments, README, CHANGELOG.
        whole: of all but its version, words included.
    """

    content: str
    whole: str


def hashes_of(distribution: Distribution, links: Mapping[str, str]) -> Hashes:
    """The hashes of a distribution.

    Args:
        distribution: what to hash.
        links: the links that its metadata gets beside those in its `pyproject.toml`.

    Raises:
        ReleaseError: a file that must exist does not.
    """
    project = distribution.project()
    about = cast("dict[str, Any]", project.get("project", {}))
    meaning = {
        "build-system": project.get("build-system"),
        "project": {key: value for key, value in about.items() if key != "version"},
        "hatch": project.get("tool", {}).get("hatch"),
        "links": links,
    }
    content = hashlib.sha256(json.dumps(meaning, sort_keys=True, ensure_ascii=False).encode())
    whole = content.copy()
    for relative, path in distribution.files():
        data = path.read_bytes()
        whole.update(f"\n{relative} ".encode() + hashlib.sha256(data).digest())
        if not is_text(relative):
            content.update(f"\n{relative} ".encode() + known_code_hash(path.name, data))
    return Hashes(f"sha256:{content.hexdigest()}", f"sha256:{whole.hexdigest()}")
