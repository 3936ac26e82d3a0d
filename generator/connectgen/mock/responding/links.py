"""URLs in responses: each leads back to the mock, where possible to the resource that it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from connectgen.catalogue.types import Scalar, ScalarType
from connectgen.identifiers import prefix_for, record_id
from connectgen.mock.chance import Chance
from connectgen.mock.responding.scalars import SMALL_WORLD, URLText
from connectgen.surface import SurfaceOperation

_PICTURES = ("photo", "icon", "image", "thumbnail", "avatar", "banner", "logo", "picture", "preview")
_FILES = ("download", "content", "rendition")
CONTENT = "content"
"""Stands for the URL of a file's content, where there is one."""


class Links:
    """Makes the URLs of one response.

    Args:
        templates: for an id's prefix, the URL of the resource that reads such a record.
        base: scheme and host of the mock.
        version: the API version.
        chance: where numbers come from.
    """

    def __init__(self, templates: Mapping[str, str], base: str, version: int, chance: Chance) -> None:
        self._templates = templates
        self._base = base
        self._version = version
        self._chance = chance

    def url(self, name: str, owner: str, key: str) -> URLText:
        """The URL for a property.

        Args:
            name: the property.
            owner: the type that has it.
            key: the key of the object, from which its id follows.
        """
        small = name.lower()
        if any(word in small for word in _FILES) and CONTENT in self._templates:
            return URLText(self._resource(CONTENT, record_id("069", self._chance.number(key, "file"))))
        if any(word in small for word in _PICTURES):
            return URLText(f"{self._base}/profilephoto/{record_id('729', self._chance.number(key, name))}/T")
        prefix = prefix_for(owner) if small == "url" else prefix_for(name.removesuffix("Url"), owner)
        if prefix in self._templates:
            identifier = self._chance.record(prefix, self._chance.number(key, name) % SMALL_WORLD)
            return URLText(self._resource(prefix, identifier))
        return URLText(f"{self._base}/__mock__/links/{name or 'address'}/{self._chance.key(key, name)}")

    def own(self, identifier: str) -> URLText | None:
        """The URL of the record with an id, None where no resource reads it."""
        prefix = identifier[:3]
        return URLText(self._resource(prefix, identifier)) if prefix in self._templates else None

    def _resource(self, prefix: str, identifier: str) -> str:
        path, _, rest = self._templates[prefix].partition("{")
        return f"/services/data/v{self._version}.0{path}{identifier}{rest.partition('}')[2]}"


def templates(operations: Iterable[SurfaceOperation]) -> dict[str, str]:
    """For each type of record the shortest URL that reads one by its id alone."""
    found: dict[str, str] = {}
    for operation in operations:
        if operation.method != "GET" or operation.path.count("{") != 1:
            continue
        if operation.path.endswith("/files/{fileId}/content"):
            found[CONTENT] = operation.path
        if not operation.path.endswith("}"):
            continue
        if any(item.required is True for item in operation.parameters) or len(operation.path_parameters) != 1:
            continue
        parameter = operation.path_parameters[0]
        if parameter.type != Scalar(ScalarType.ID) or operation.returns is None:
            continue
        prefix = prefix_for(parameter.name)
        if not prefix.startswith("a") and len(operation.path) < len(found.get(prefix, "x" * 999)):
            found[prefix] = operation.path
    return found
