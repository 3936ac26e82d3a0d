"""What may change without a reason given: all methods of groups that are undocumented, twins included."""

from __future__ import annotations

from pathlib import Path

from connectgen.wheels.changes import undocumented_names
from connectgen.wheels.client_interface import interface_of
from support.real import real_surface
from support.versions import NEWEST


def test_every_method_of_an_undocumented_group_may_change(packages: Path) -> None:
    surface = real_surface(NEWEST)
    names = undocumented_names(surface)
    hidden = [
        f"{group.family}.{group.name}."
        for group in surface.groups
        if all(operation.stage == "undocumented" for operation in group.operations)
    ]
    interface = interface_of(packages / f"sf-connect-v{NEWEST}" / "sf_connect" / f"v{NEWEST}")
    methods = {name.removeprefix("await ") for name in interface if not name.startswith("models.")}
    theirs = {name for name in methods for group in hidden if name.startswith(group)}
    assert any(name.rpartition(".")[2].startswith("wait_for") for name in theirs)
    assert any(name.rpartition(".")[2].startswith("iter") for name in theirs)
    assert theirs - names == set()
