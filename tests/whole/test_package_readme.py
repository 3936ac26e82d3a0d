"""The example in a package's README does what it says: run as it stands, against the mock and a stand-in for `sf`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sf_connect.testing import MockServer
from support.command import ROOT
from support.versions import NEWEST, OLDEST

SF = """#!{python}
import json, sys
shown = {{"instanceUrl": {url!r}}} if sys.argv[1:3] == ["org", "display"] else {{"accessToken": "mock-token"}}
print(json.dumps({{"status": 0, "result": shown}}))
"""


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_the_example_runs(packages: Path, tmp_path: Path, version: int) -> None:
    readme = (packages / f"sf-connect-v{version}" / "README.md").read_text(encoding="utf-8")
    assert f"    pip install sf-connect-v{version}\n" in readme
    blocks = re.findall(r"^```python\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 3
    with MockServer(["--items", "30"]) as server:
        (tmp_path / "sf").write_text(SF.format(python=sys.executable, url=server.url), encoding="utf-8")
        (tmp_path / "sf").chmod(0o755)
        script = tmp_path / "example.py"
        text = "\n".join(blocks).replace("https://acme.my.salesforce.com", server.url).replace("…", "mock-token")
        script.write_text(text, encoding="utf-8")
        path = [str(packages / f"sf-connect-v{version}"), str(ROOT / "core")]
        done = subprocess.run(
            [sys.executable, str(script)],
            cwd=tmp_path,
            env={**os.environ, "PATH": str(tmp_path), "PYTHONPATH": os.pathsep.join(path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert ("RetiredVersionWarning" in done.stderr) == (version == 30)
    name, *shown = done.stdout.splitlines()
    subscriptions, after = shown[:30], shown[30:]
    assert len(set(subscriptions)) == 30
    assert after[0].startswith("400 INVALID_ID_FIELD Invalid identifier: nobody")
    assert after[1:] == [name, *subscriptions]
