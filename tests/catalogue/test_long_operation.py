"""A group whose module is too long is split, as far as that goes: one operation stays whole, however long it is."""

from __future__ import annotations

from pathlib import Path

from support.command import connectgen, environment


def test_an_operation_longer_than_a_module_may_be_is_generated(make_catalogue, tmp_path: Path) -> None:
    parameters = "".join(
        f'          {letter}{number}: {{type: String, description: "{"word " * 60}"}}\n'
        for letter in "abcdefgh"
        for number in range(30)
    )
    root: Path = make_catalogue(("        parameters:\n", f"        parameters:\n{parameters}"))
    arguments = ["generate", "67.0", "--catalogue", str(root), "--out", str(tmp_path / "out"), "--no-cache"]
    done = connectgen(*arguments, cwd=tmp_path, env=environment(), timeout=100)
    assert done.returncode == 0, done.stderr
    modules = (tmp_path / "out").rglob("groups/feeds/**/*.py")
    assert max(path.read_text(encoding="utf-8").count("\n") for path in modules) > 1_450
