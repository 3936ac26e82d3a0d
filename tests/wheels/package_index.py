"""A real package index on loopback: pypiserver, in a process of its own."""

from __future__ import annotations

import base64
import hashlib
import http.client
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

USER, PASSWORD = "maria", "a secret of the tests"


@dataclass(frozen=True)
class PackageIndex:
    """One index.

    Attributes:
        url: the address to upload to.
        folder: where its files are.
        log: what it logged.
    """

    url: str
    folder: Path
    log: Path

    def files(self) -> dict[str, bytes]:
        """The files that it has."""
        return {path.name: path.read_bytes() for path in sorted(self.folder.iterdir()) if path.is_file()}

    def drop_halves(self, wanted: Mapping[str, bytes]) -> None:
        """Drop what arrived in part, as PyPI does by the hash that comes with a file; pypiserver keeps it.

        Args:
            wanted: the files as they were to arrive.
        """
        with urllib.request.urlopen(f"{self.url}health", timeout=30):
            pass  # it serves one request at a time: with this response the upload before it has ended
        for name, content in self.files().items():
            if content != wanted[name] and wanted[name].startswith(content):
                (self.folder / name).unlink()

    def empty(self) -> None:
        """Make it as it was when it began, for a test after another."""
        with urllib.request.urlopen(f"{self.url}health", timeout=30):
            pass  # an upload that a test broke off has ended with this response
        for path in self.folder.iterdir():
            path.unlink()
        self.log.write_text("", encoding="utf-8")

    def uploads(self) -> int:
        """How many uploads it was asked for."""
        return self.log.read_text(encoding="utf-8", errors="replace").count("'REQUEST_METHOD': 'POST'")


class Indexes:
    """Indexes that tests use one after another; of each kind one runs, from when it is first asked for.

    Args:
        folder: where their files go.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[tuple[str, str], PackageIndex] = {}
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def empty_one(self, *, authenticate: str = ".", hashes: str = "sha256") -> PackageIndex:
        """An index without files; the arguments are those of `running_index`."""
        kind = (authenticate, hashes)
        if kind not in self._running:
            place = self._folder / str(len(self._running))
            index = running_index(place, authenticate=authenticate, hashes=hashes)
            self._running[kind] = self._ends.enter_context(index)
        self._running[kind].empty()
        return self._running[kind]


def free_port() -> int:
    """A port on loopback that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running_index(folder: Path, *, authenticate: str = ".", hashes: str = "sha256") -> Iterator[PackageIndex]:
    """Run an index.

    Args:
        folder: an empty folder for its files and its log.
        authenticate: the actions that need USER and PASSWORD, as pypiserver names them; none by default.
        hashes: the algorithm of the hashes that it tells.
    """
    packages, log = folder / "packages", folder / "log.txt"
    packages.mkdir(parents=True)
    passwords = "."
    if authenticate != ".":
        passwords = str(folder / "passwords")
        digest = base64.b64encode(hashlib.sha1(PASSWORD.encode(), usedforsecurity=False).digest()).decode()
        Path(passwords).write_text(f"{USER}:{{SHA}}{digest}\n", encoding="utf-8")
    port = free_port()
    options = [
        "--interface",
        "127.0.0.1",
        "--port",
        str(port),
        "--authenticate",
        authenticate,
        "--passwords",
        passwords,
    ]
    options += ["--disable-fallback", "--hash-algo", hashes, "--server", "wsgiref", "--verbose"]
    options += ["--log-req-frmt", "%s", "--log-file", str(log)]
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "pypiserver", "run", *options, str(packages)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield PackageIndex(f"http://127.0.0.1:{port}/", packages, log)
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(400):
        assert process.poll() is None, f"the index ended with {process.returncode}"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise AssertionError("the index does not answer")
