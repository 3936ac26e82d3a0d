"""The runtime under generated packages: two versions in one process and session, raw responses, downloads, limits."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from core.server import Answer, Received, Server
from support.command import environment

PROGRAM = """
import asyncio, json, pathlib, sys
from sf_connect.v31 import Connect as Connect31
from sf_connect.v33 import AsyncConnect, Connect, models
from sf_connect.core import Upload

URL, folder = sys.argv[1], pathlib.Path(sys.argv[2])
tokens = iter(["one", "two"])
said = {}
with Connect(URL, token=lambda: next(tokens)) as new:
    old = Connect31.from_client(new)
    said["first"] = old.archive.pictures.download("1").decode()
    said["second"] = new.archive.pictures.download("1").decode()
    response = new.raw(new.archive.pictures.download, "2", rendition="PDF")
    said["raw"] = [response.status, response.parse().decode()]
    new.download(old.archive.pictures.download, "3").to(folder / "three")
    said["file"] = (folder / "three").read_text()
    try:
        new.archive.pictures.upload("4", models.PictureInput(title="A"), file_upload=Upload(iter([]), length=2**31 + 1))
    except ValueError as error:
        said["too large"] = str(error)

async def main():
    async with AsyncConnect(URL, token="two") as client:
        said["async raw"] = (await client.raw(client.archive.pictures.download, "5")).status
        said["async file"] = (await client.download(client.archive.pictures.download, "6").read()).decode()

asyncio.run(main())
print(json.dumps(said))
"""


def picture(received: Received) -> Answer:
    """Only the second token is good."""
    if received.headers["Authorization"] != "Bearer two":
        return Answer(401, b'[{"errorCode": "INVALID_SESSION_ID"}]')
    return Answer(body=received.target.encode())


def test_two_versions_share_a_session(small_packages: Path, server: Server, tmp_path: Path) -> None:
    server.respond = picture
    env = environment()
    packages = [str(small_packages / f"sf-connect-v{version}") for version in (31, 33)]
    env["PYTHONPATH"] = ":".join([env["PYTHONPATH"], *packages])
    command = [sys.executable, "-W", "error", "-W", "ignore::FutureWarning", "-c", PROGRAM, server.url, str(tmp_path)]
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    limit = "file_upload (fileUpload) takes at most 2,147,483,648"
    assert f"upload: 'file' has 2,147,483,649 bytes; {limit}" in said.pop("too large")
    assert said == {
        "first": "/services/data/v31.0/archive/pictures/1",
        "second": "/services/data/v33.0/archive/pictures/1",
        "raw": [200, "/services/data/v33.0/archive/pictures/2?rendition=PDF"],
        "file": "/services/data/v31.0/archive/pictures/3",
        "async raw": 200,
        "async file": "/services/data/v33.0/archive/pictures/6",
    }
    assert [received.headers["Authorization"] for received in server.received].count("Bearer one") == 1
