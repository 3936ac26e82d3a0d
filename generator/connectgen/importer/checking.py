"""Checks what an import would write: the catalogue must be valid with it, before anything is written."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from connectgen.catalogue.faults import Fault
from connectgen.catalogue.loader import check_catalogue
from connectgen.catalogue.model import Catalogue
from connectgen.locations import default_cache

_SHOWN = 10


class ImportFaultError(Exception):
    """The import cannot be done; the message is for the person who asked, one line a fault."""


def check_result(spec_dir: Path, texts: Mapping[str, str]) -> Catalogue | None:
    """Refuse what would leave the catalogue at fault.

    Args:
        spec_dir: the catalogue's folder.
        texts: the new text of each file that changes, by its name.

    Returns:
        The catalogue as it would be, None where it was at fault before.

    Raises:
        ImportFaultError: there would be faults that the catalogue does not have today.
    """
    with tempfile.TemporaryDirectory(prefix="connectgen-") as folder:
        copy = Path(folder) / "spec"
        shutil.copytree(spec_dir, copy, ignore=shutil.ignore_patterns(".*"))
        for name, text in texts.items():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_text(text, encoding="utf-8")
        catalogue, faults = check_catalogue(copy, default_cache())
    if faults:
        _refuse_new(faults, spec_dir)
    return None if faults else catalogue


def _refuse_new(faults: list[Fault], spec_dir: Path) -> None:
    # What was at fault before is no matter of this import; its line may have moved.
    before = {(fault.location.file, fault.message) for fault in check_catalogue(spec_dir, default_cache())[1]}
    new = [fault for fault in faults if (fault.location.file, fault.message) not in before]
    if new:
        lines = "\n".join(str(fault) for fault in new[:_SHOWN]) + ("\n…" if len(new) > _SHOWN else "")
        raise ImportFaultError(f"{lines}\nthe catalogue would be at fault; nothing was written")
