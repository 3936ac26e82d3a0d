"""Where the catalogue and the templates are: beside the generator in a checkout, inside the package in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    in_checkout = _PACKAGE.parents[1] / name
    return in_checkout if in_checkout.is_dir() else _PACKAGE / "_data" / name


def default_catalogue() -> Path:
    """The catalogue that comes with this generator."""
    return _shipped("spec")


def default_templates() -> Path:
    """The templates that come with this generator."""
    return _shipped("templates")


def default_cache() -> Path:
    """Where work is remembered between runs; may be deleted at any time."""
    return Path(".cache")


def checkout() -> Path | None:
    """The repository that this generator is in; None where it was installed from a wheel."""
    root = _PACKAGE.parents[1]
    return root if (root / "core" / "pyproject.toml").is_file() and (root / "pyproject.toml").is_file() else None


def relative(folder: Path) -> Path:
    """A folder as messages name it: from the working directory where it lies below."""
    try:
        return folder.resolve().relative_to(Path.cwd())
    except ValueError:
        return folder
