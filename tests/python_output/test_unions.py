"""Unions of many classes have a short name, by what the classes have in common, unless it would say two things."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.command import connectgen, environment, generate_arguments

pytestmark = pytest.mark.usefixtures("remembered")

Edit = Callable[[str, str, str], None]
KINDS = [f"{kind}ShelfPictureFrame" for kind in ("Wooden", "Golden", "Silver", "Plastic")]
OTHERS = [f"{kind}ShelfPictureFrame" for kind in ("Square", "Circular", "Triangular", "Hexagonal")]
TOGETHER = "AnyShelfPictureFrame"
JOINED = "Or".join(KINDS)


@pytest.fixture
def add(catalogue: Path) -> Callable[..., None]:
    """Adds types to the small catalogue: one with the properties that are given, and those that they name."""

    def types(*more: str, **properties: str) -> None:
        path = catalogue / "types/garden/plants.yaml"
        lines = [
            "  FrameShop:",
            "    summary: Frames.",
            "    unreferenced: for a test",
            "    properties:",
        ]
        lines += [f"      {name}: {{type: {kind}, since: 30.0}}" for name, kind in properties.items()]
        named = {word for kind in properties.values() for word in kind.split() if word != "|"}
        for name in sorted({*named, *more}):
            lines += [
                f"  {name}:",
                "    summary: A frame.",
                "    unreferenced: for a test",
                "    properties:",
            ]
            lines += ["      price: {type: Integer, since: 30.0}"]
        path.write_text(
            path.read_text(encoding="utf-8").rstrip("\n") + "\n" + "\n".join(lines) + "\n",
            encoding="utf-8",
        )

    return types


def annotations(catalogue: Path, out: Path) -> str:
    """The annotations of the added type, as the generated package of 33.0 has them."""
    done = connectgen(*generate_arguments(catalogue, out, "33.0"), cwd=out.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            "from sf_connect.v33 import models as m; print(m.FrameShop.__annotations__)",
        ],
        env={
            **environment(),
            "PYTHONPATH": os.pathsep.join([str(out / "sf-connect-v33"), environment()["PYTHONPATH"]]),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.stdout + ran.stderr


def test_what_the_classes_have_in_common_is_the_name(add: Callable[..., None], catalogue: Path, tmp_path: Path) -> None:
    add(frame=" | ".join(KINDS))
    assert f"'frame': '{TOGETHER} | None'" in annotations(catalogue, tmp_path / "out")


def test_a_name_of_two_unions_is_nobodys(add: Callable[..., None], catalogue: Path, tmp_path: Path) -> None:
    add(frame=" | ".join(KINDS), other=" | ".join(OTHERS))
    said = annotations(catalogue, tmp_path / "out")
    assert f"'frame': '{JOINED} | None'" in said
    assert f"'other': '{'Or'.join(OTHERS)} | None'" in said


def test_a_name_that_a_type_has_is_its_own(add: Callable[..., None], catalogue: Path, tmp_path: Path) -> None:
    add(TOGETHER, frame=" | ".join(KINDS))
    assert f"'frame': '{JOINED} | None'" in annotations(catalogue, tmp_path / "out")
