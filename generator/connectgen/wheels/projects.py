"""The `pyproject.toml` and the README of one build: with its version, the core that it needs, and links."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from connectgen.wheels.distributions import CORE, Distribution
from connectgen.wheels.faults import ReleaseError

_VERSION_LINE = re.compile(r'^version = "[^"\n]*"(.*)$', re.MULTILINE)
_RELATIVE_LINK = re.compile(r"\[([^\[\]]*)\]\((?![a-z]+:|#|/)([^)\s]+)\)")


def links_of(root: Path) -> dict[str, str]:
    """The links to the repository, from `repository` in `[tool.connectgen]` of the root's `pyproject.toml`.

    Returns:
        What each link is called and its URL; nothing where no repository is set.

    Raises:
        ReleaseError: the setting is not a URL.
    """
    path = root / "pyproject.toml"
    try:
        project = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReleaseError(f"{path}: cannot be read: {error}") from None
    url = str(project.get("tool", {}).get("connectgen", {}).get("repository", "")).rstrip("/")
    if not url:
        return {}
    if not re.fullmatch(r"https://[^\s\"'<>\\]+", url):
        raise ReleaseError(f"{path}: repository in [tool.connectgen] must be a URL that begins with https://")
    return {
        "Repository": url,
        "Documentation": f"{url}/blob/main/README.md",
        "Changelog": f"{url}/blob/main/CHANGELOG.md",
        "Issues": f"{url}/issues",
    }


def declared_version(distribution: Distribution) -> Version:
    """The version in a distribution's `pyproject.toml`.

    Raises:
        ReleaseError: there is none, or it is malformed.
    """
    written = distribution.project().get("project", {}).get("version", "")
    try:
        return Version(written)
    except (InvalidVersion, TypeError):
        path = distribution.folder / "pyproject.toml"
        raise ReleaseError(f"{path}: {written!r} is no version; write it like 1.2.3") from None


def core_range(distribution: Distribution) -> SpecifierSet | None:
    """Which versions of core a distribution accepts, None where it needs none.

    Raises:
        ReleaseError: a requirement is malformed.
    """
    for text in cast("list[str]", distribution.project().get("project", {}).get("dependencies", [])):
        try:
            requirement = Requirement(text)
        except InvalidRequirement as error:
            raise ReleaseError(
                f"{distribution.folder / 'pyproject.toml'}: {text!r} is no requirement: {error}"
            ) from None
        if requirement.name == CORE:
            return requirement.specifier
    return None


def series_of(version: Version) -> str:
    """The releases of core that a client made for one of them works with: `0.1` for 0.1.4, `1` for 1.2.0."""
    return str(version.major) if version.major else f"0.{version.minor}"


def declared_series(path: Path, pattern: str) -> str | None:
    """The series of core that a module names, None where it names none.

    Args:
        path: the module.
        pattern: what is before the series and its quote.
    """
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    found = re.search(rf'^{pattern}"([0-9.]+)"', text, re.MULTILINE)
    return found[1] if found else None


def staged_project(distribution: Distribution, version: str, core: str | None, links: Mapping[str, str]) -> str:
    """The text of `pyproject.toml` for one build.

    Args:
        distribution: what is built.
        version: its version.
        core: the version of core that a client was generated for and therefore needs at least; None for the others.
        links: what to add to its links; a client's own CHANGELOG takes the place of the repository's.

    Raises:
        ReleaseError: the file is not laid out as it must be for that.
    """
    if distribution.changelog and links:
        links = {**links, "Changelog": f"{links['Repository']}/blob/main/changelogs/{distribution.changelog.name}"}
    path = distribution.folder / "pyproject.toml"
    text = path.read_text(encoding="utf-8")
    meant: dict[str, Any] = tomllib.loads(text)
    about: dict[str, Any] = meant["project"]
    about["version"] = version
    text = _VERSION_LINE.sub(rf'version = "{version}"\1', text, count=1)
    if core is not None:
        asked = str(core_range(distribution) or "")
        series = ",".join(part for part in asked.split(",") if not part.startswith(">="))
        narrowed = f"{CORE}>={core}" + (f",{series}" if series else "")
        old = next(item for item in about["dependencies"] if Requirement(item).name == CORE)
        about["dependencies"] = [narrowed if item is old else item for item in about["dependencies"]]
        text = text.replace(f'"{old}"', f'"{narrowed}"', 1)
    if links:
        added = {name: url for name, url in links.items() if name not in about.get("urls", {})}
        lines = "".join(f'{name} = "{url}"\n' for name, url in added.items())
        if "urls" in about:
            text = text.replace("[project.urls]\n", f"[project.urls]\n{lines}", 1)
        else:
            text = f"{text.rstrip()}\n\n[project.urls]\n{lines}"
        about["urls"] = {**added, **about.get("urls", {})}
    if tomllib.loads(text) != meant:
        raise ReleaseError(f'{path}: cannot have the version {version}; write `version = "…"` as a line in [project]')
    return text


def staged_readme(text: str, links: Mapping[str, str]) -> str:
    """A README as a package index shows it: links to the repository's own files lead there, or are none."""
    repository = links.get("Repository")
    if not repository:
        return _RELATIVE_LINK.sub(r"\1", text)
    return _RELATIVE_LINK.sub(rf"[\1]({repository}/blob/main/\2)", text)
