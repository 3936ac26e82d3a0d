"""The templates: Jinja2 with undefined names as errors; catalogue text arrives already made harmless."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from connectgen.python.annotations import quote
from connectgen.python.faults import GenerationError


class Templates:
    """Renders templates of one folder.

    Args:
        folder: the folder with `python/`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "python"
        self._environment = _environment(self._folder)
        self._templates: dict[str, jinja2.Template] = {}

    def render(self, template: str, view: Any, **more: object) -> str:
        """Render a view, a dataclass, by its fields."""
        return self.render_values(template, {name: getattr(view, name) for name in _names(view.__class__)} | more)

    def render_values(self, template: str, values: Mapping[str, object]) -> str:
        """Render named values.

        Raises:
            GenerationError: the template is at fault.
        """
        try:
            if template not in self._templates:
                self._templates[template] = self._environment.get_template(template)
            return self._templates[template].render(values)
        except jinja2.TemplateSyntaxError as error:
            raise GenerationError(f"{error.filename}:{error.lineno}: {error.message}; correct the template") from None
        except jinja2.TemplateNotFound as error:
            raise GenerationError(f"{self._folder / str(error.name)}: is missing; put the template back") from None
        except jinja2.TemplateError as error:
            raise GenerationError(f"{self._folder / template}: {error.message}; correct the template") from None


@cache
def _environment(folder: Path) -> jinja2.Environment:
    """One for a folder: it keeps a template compiled until its file is another."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 (Python code, not HTML; views quote all text)
    )
    environment.filters["literal"] = _literal
    return environment


@cache
def _names(view: type[Any]) -> tuple[str, ...]:
    """What a view shows; dataclasses look it up anew each time."""
    return tuple(item.name for item in fields(view))


def _literal(value: str | None) -> str:
    """A Python literal of a text or of nothing."""
    return "None" if value is None else quote(value)
