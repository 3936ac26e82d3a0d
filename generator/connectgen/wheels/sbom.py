"""The bill of materials of a wheel, in CycloneDX: the wheel itself, and what it needs, directly and further on."""

from __future__ import annotations

import datetime
import hashlib
import uuid
import zipfile
from collections.abc import Iterable, Mapping
from email.message import Message
from email.parser import BytesParser
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import cyclonedx.model.bom
import cyclonedx.model.component
import cyclonedx.model.tool
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm
from cyclonedx.model.component import ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# Type checkers cannot look through the decorators of the library's classes.
_Component: Any = cyclonedx.model.component.Component
_Bom: Any = cyclonedx.model.bom.Bom
_BomMetaData: Any = cyclonedx.model.bom.BomMetaData
_HashType: Any = cyclonedx.model.HashType
_ToolRepository: Any = cyclonedx.model.tool.ToolRepository
_SPACE = uuid.UUID("5b0c3c5e-9d0b-5c42-8f5e-3a2a6f0d7c11")
"""A name space of our own: a wheel's bill of materials has the same serial number whenever it is made."""


def bill_of_materials(wheel: Path, epoch: int, versions: Mapping[str, str]) -> str:
    """The bill of materials of a wheel, as JSON.

    Args:
        wheel: the wheel.
        epoch: the time of creation, in seconds since 1970.
        versions: versions of distributions that are built together with it and may not be installed.

    Returns:
        CycloneDX 1.6. What the wheel needs is listed in the versions that are installed here, which it was tested with;
        what is not installed is listed without a version.
    """
    with zipfile.ZipFile(wheel) as archive:
        path = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = BytesParser().parsebytes(archive.read(path))
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    known = _Needed(versions)
    component = known.component(str(metadata["Name"]), str(metadata["Version"]), metadata)
    component.hashes = [_HashType(alg=HashAlgorithm.SHA_256, content=digest)]
    bom = _Bom(
        serial_number=uuid.uuid5(_SPACE, f"{wheel.name} {digest}"),
        metadata=_BomMetaData(
            component=component,
            tools=_ToolRepository(components=[_Component(name="connectgen", type=ComponentType.APPLICATION)]),
            timestamp=datetime.datetime.fromtimestamp(epoch, datetime.UTC),
        ),
    )
    known.walk(component, metadata.get_all("Requires-Dist", []))
    bom.components = known.components.values()
    for one, needed in known.edges:
        bom.register_dependency(one, needed)
    return make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=2) + "\n"


class _Needed:
    """What a distribution needs, each library once."""

    def __init__(self, versions: Mapping[str, str]) -> None:
        self._versions = versions
        self.components: dict[str, Any] = {}
        self.edges: list[tuple[Any, list[Any]]] = []

    def component(self, name: str, version: str | None, metadata: Message | None) -> Any:
        """One library as a component."""
        name = canonicalize_name(name)
        expression = metadata.get("License-Expression") if metadata else None
        purl = PackageURL("pypi", name=name, version=version)
        return _Component(
            name=name,
            version=version,
            type=ComponentType.LIBRARY,
            bom_ref=str(purl),
            purl=purl,
            licenses=[LicenseFactory().make_from_string(str(expression))] if expression else [],
        )

    def walk(self, owner: Any, requirements: Iterable[object]) -> None:
        """Add what `owner` needs, and what that needs."""
        direct: list[Any] = []
        for requirement in (Requirement(str(text)) for text in requirements):
            if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
                continue
            name = canonicalize_name(requirement.name)
            if name not in self.components:
                self._add(name)
            direct.append(self.components[name])
        self.edges.append((owner, direct))

    def _add(self, name: str) -> None:
        try:
            metadata = distribution(name).metadata
            version, needed = str(metadata["Version"]), metadata.get_all("Requires-Dist") or []
        except PackageNotFoundError:
            metadata, version, needed = None, None, []
        message = metadata if isinstance(metadata, Message) else None
        self.components[name] = self.component(name, self._versions.get(name, version), message)
        self.walk(self.components[name], needed)
