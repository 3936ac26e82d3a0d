"""The list of clients in the distribution `sf-connect` follows the list of releases."""

from __future__ import annotations

import re
import tomllib

import pytest

from connectgen.wheels.umbrella import outdated_umbrella
from sf_connect.clients import CLIENTS
from sf_connect.clients.__main__ import main
from support.command import ROOT
from support.real import real_catalogue
from support.versions import NEWEST, VERSIONS


def test_it_follows_the_list_of_releases() -> None:
    releases = real_catalogue().releases
    assert [str(path) for path, _ in outdated_umbrella(ROOT, releases)] == []
    assert [(client.api_version, client.release) for client in CLIENTS] == [
        (f"{one.version}.0", one.name) for one in releases
    ]
    assert [client.retired_in for client in CLIENTS] == [one.retired_in for one in releases]
    project = tomllib.loads((ROOT / "umbrella" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"].startswith(f"{NEWEST}.0.")
    assert project["optional-dependencies"] == {f"v{version}": [f"sf-connect-v{version}"] for version in VERSIONS}
    readme = (ROOT / "umbrella" / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (\d+)\.0 \|", readme, re.MULTILINE) == [str(version) for version in reversed(VERSIONS)]
    assert f"from sf_connect.v{NEWEST} import Connect" in readme


@pytest.mark.parametrize("version", [VERSIONS[0], NEWEST])
def test_each_version_is_listed(
    version: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["sf-connect"])
    main()
    assert re.search(rf"^{version}\.0 .* pip install sf-connect-v{version}\b", capsys.readouterr().out, re.MULTILINE)
