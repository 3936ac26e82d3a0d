"""The reasons that the importer itself writes into the catalogue, so that a person's can be recognised."""

from __future__ import annotations

_NO_PAGE = "importer: no page describes the type "
_NOTHING_READ = "importer: the page names no type"
_UNREFERENCED = "no page of the guide refers to it"
_PIECED_TOGETHER = "importer: "


def no_page(name: str) -> str:
    """Why a value is of type Any: the source names a type that it nowhere describes."""
    return f"{_NO_PAGE}{name}"


def no_type() -> str:
    """Why a value is of type Any: its type could not be read."""
    return _NOTHING_READ


def any_object() -> str:
    """Why a value is of type Any: the source itself leaves it open."""
    return "importer: the page leaves the type open"


def unreferenced() -> str:
    """Why a type that nothing refers to is in the catalogue."""
    return _UNREFERENCED


def is_own_reason(text: str) -> bool:
    """Whether the importer wrote this reason."""
    return text.startswith(_PIECED_TOGETHER) or text == _UNREFERENCED
