"""`connectgen release check` and `publish`, against a real index on loopback and by pip into fresh environments."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import subprocess
import sys
import threading
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from core.server import Answer, running
from wheels.checkout import Checkout
from wheels.package_index import PASSWORD, USER, Indexes, PackageIndex, free_port, running_index

IN_32 = (
    "spec/resources/garden/plants.yaml",
    "status: [202], until",
    "status: [202], parameters: {litres: Integer}, until",
)
WORDS_IN_32 = ("spec/resources/garden/plants.yaml", "summary: Water a site's garden.", "summary: Sprinkle a garden.")
CALLER = """
import sys
from sf_connect.v32 import Connect as Connect32
from sf_connect.v33 import Connect as Connect33
for client_class in (Connect32, Connect33):
    with client_class(sys.argv[1], token="t") as client:
        print(type(client.archive.pictures.download("0690")).__name__)
"""


def published(checkout: Checkout) -> dict[str, bytes]:
    """What is to be on the index: wheels and source distributions."""
    return {name: content for name, content in checkout.files().items() if not name.startswith("sbom/")}


def fill(index: PackageIndex, checkout: Checkout) -> None:
    """Let an index have all of it, as if it had been published."""
    for name, content in published(checkout).items():
        (index.folder / name).write_bytes(content)


def publish(checkout: Checkout, index: PackageIndex, *options: str, code: int = 0, **variables: str) -> str:
    return checkout.run("release", "publish", index.url, *options, code=code, **variables)


def test_all_is_published_once_and_core_first(released: Checkout, index: PackageIndex) -> None:
    said = publish(released, index)
    assert "14 files uploaded, 0 there already" in said
    uploads = [line for line in said.splitlines() if " Uploading " in line]
    assert uploads[0].startswith("1/14 Uploading sf_connect_core")
    assert uploads[-1].startswith("14/14 Uploading connectgen")
    assert "7 distributions new there: this takes minutes" in said
    assert index.files() == published(released)
    assert index.uploads() == 14

    assert "0 files uploaded, 14 there already" in publish(released, index)

    assert index.uploads() == 14


def test_what_would_go_up_is_staged_with_its_hashes_instead(released: Checkout, index: PackageIndex) -> None:
    said = publish(released, index, "--stage", "upload")
    assert "upload: 14 files to upload, 0 there already" in said
    assert index.files() == {}
    folder = released.folder / "upload"
    check = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(check, cwd=folder, check=True, capture_output=True, text=True).stdout == ""
    names = [line[66:] for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()]
    assert names[0].startswith("sf_connect_core")
    assert {name: (folder / name).read_bytes() for name in names} == published(released)
    assert "upload: exists already; name a new folder" in publish(released, index, "--stage", "upload", code=1)


def test_only_what_changed_goes_up(released: Checkout, index: PackageIndex) -> None:
    fill(index, released)
    before = index.files()
    released.edit(*IN_32)
    released.release()

    said = publish(released, index)

    new = index.files().keys() - before.keys()
    stems = ("connectgen-0.1.1", "sf_connect_v32-32.0.1")
    assert new == {f"{stem}{end}" for stem in stems for end in (".tar.gz", "-py3-none-any.whl")}
    assert "4 files uploaded, 10 there already" in said
    assert before.items() <= index.files().items()


def test_what_has_other_words_since_stays_as_it_was_published(released: Checkout, index: PackageIndex) -> None:
    fill(index, released)
    before = index.files()
    released.edit(*WORDS_IN_32)
    released.release()
    assert published(released)["sf_connect_v32-32.0.0.tar.gz"] != before["sf_connect_v32-32.0.0.tar.gz"]

    said = publish(released, index)

    assert "2 files stay as the index has them: only words in them changed since" in said
    assert "2 files uploaded, 12 there already" in said
    assert {name: index.files()[name] for name in before} == before


@pytest.mark.parametrize("stop_after", [1, 8])
def test_a_killed_run_is_gone_on_with(released: Checkout, index: PackageIndex, stop_after: int) -> None:
    process = released.start("release", "publish", index.url)
    assert process.stderr is not None
    uploads = 0
    while uploads < stop_after:
        line = process.stderr.readline()
        assert line, "it ended by itself"
        uploads += " Uploading " in line
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    whole = published(released)
    index.drop_halves(whole)
    before = index.files()
    assert len(before) < 14
    assert before.items() <= whole.items()

    publish(released, index)

    assert index.files() == published(released)


def test_a_file_that_another_run_uploads_meanwhile_is_no_failure(released: Checkout) -> None:
    files = published(released)
    with index_that_another_run_fills(files) as url:
        said = released.run("release", "publish", url)
    assert "409" in said
    assert "another run has uploaded it meanwhile" in said


def test_a_file_that_another_run_uploads_otherwise_is_one(released: Checkout) -> None:
    files = {name: content + b"\0" for name, content in published(released).items()}
    with index_that_another_run_fills(files) as url:
        said = released.run("release", "publish", url, code=4)
    assert "the index has other bytes under this name" in said


@contextmanager
def index_that_another_run_fills(files: dict[str, bytes]) -> Iterator[str]:
    """An index that is empty until something is uploaded, which it refuses, because it now has all of `files`."""
    held: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.strip("/").rpartition("/")[2]
            stem = name.replace("-", "_")
            if name in held:
                return self._answer(200, held[name])
            links = [
                f'<a href="/files/{file}#sha256={sha256(content).hexdigest()}">{file}</a>'
                for file, content in held.items()
                if file.startswith((f"{stem}-", f"{stem}_"))
            ]
            return self._answer(200 if links else 404, f"<html><body>{''.join(links)}</body></html>".encode())

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            held.update(files)
            self._answer(409, b"")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name of the base class
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_two_clients_installed_from_the_index_are_called_side_by_side(
    released: Checkout, index: PackageIndex, libraries: Path, tmp_path: Path
) -> None:
    fill(index, released)
    environment = tmp_path / "environment"
    venv.EnvBuilder(with_pip=False, symlinks=True).create(environment)
    python = str(environment / "bin" / "python")
    pip = [sys.executable, "-m", "pip", "--quiet", "--no-input", "--python", python, "install", "--no-compile"]
    sources = ["--index-url", f"{index.url}simple/", "--find-links", str(libraries)]
    variables = released.environment()
    del variables["PIP_NO_INDEX"]
    subprocess.run([*pip, *sources, "sf-connect-v32", "sf-connect-v33"], env=variables, check=True)

    with running() as server:
        server.answer(Answer(body=b"picture", headers={"Content-Type": "image/png"}))
        done = subprocess.run(
            [python, "-I", "-c", CALLER, server.url], capture_output=True, text=True, check=False, cwd=tmp_path
        )
        called = [received.target for received in server.received]

    assert done.returncode == 0, done.stderr
    assert called == [f"/services/data/v{version}.0/archive/pictures/0690" for version in (32, 33)]


@pytest.mark.parametrize("hashes", ["md5", "no"])
def test_every_kind_of_hash_will_do(released: Checkout, indexes: Indexes, hashes: str) -> None:
    index = indexes.empty_one(hashes=hashes)
    for name, content in list(published(released).items())[:-2]:
        (index.folder / name).write_bytes(content)
    assert "2 files uploaded, 12 there already" in publish(released, index)


def test_other_bytes_under_the_same_name_are_an_error(released: Checkout, index: PackageIndex) -> None:
    name = "sf_connect_v33-33.0.0-py3-none-any.whl"
    other = (released.dist / "sf_connect_v32-32.0.0-py3-none-any.whl").read_bytes()
    (index.folder / name).write_bytes(other)

    said = publish(released, index, code=1)

    assert f"{name}: the index has other bytes under this name" in said
    assert "files in it differ" in said
    assert "nothing was uploaded" in said
    assert index.files() == {name: other}
    publish(released, index, "--accept-repacked", code=1)


def test_what_is_only_packed_otherwise_is_an_error_unless_accepted(released: Checkout, index: PackageIndex) -> None:
    released.run("wheels", "33.0", "--dist", "other", SOURCE_DATE_EPOCH="1700000000")
    name = "sf_connect_v33-33.0.0-py3-none-any.whl"
    shutil.copy(released.folder / "other" / name, index.folder / name)

    said = publish(released, index, code=1)
    assert "they hold the same" in said
    assert "--accept-repacked" in said

    assert "13 files uploaded, 1 there already" in publish(released, index, "--accept-repacked")
    assert index.files()[name] == (released.folder / "other" / name).read_bytes()


def test_an_index_that_asks_for_a_password_also_to_read(released: Checkout, indexes: Indexes) -> None:
    index = indexes.empty_one(authenticate="update,list,download")
    right = {"TWINE_USERNAME": USER, "TWINE_PASSWORD": PASSWORD}
    for wrong in ({**right, "TWINE_PASSWORD": "guessed wrong"}, {"TWINE_USERNAME": "", "TWINE_PASSWORD": ""}):
        said = publish(released, index, code=4, **wrong)
        assert "TWINE_USERNAME" in said
        assert "guessed wrong" not in said
        assert index.files() == {}
    assert "14 files uploaded" in publish(released, index, **right)
    assert PASSWORD not in index.log.read_text(encoding="utf-8", errors="replace")


def test_wrong_credentials_for_uploading(released: Checkout, indexes: Indexes) -> None:
    index = indexes.empty_one(authenticate="update")
    said = publish(released, index, code=4, TWINE_USERNAME=USER, TWINE_PASSWORD="guessed wrong")
    assert "does not take the credentials (403 Forbidden)" in said
    assert "0 of 14 files are on the index" in said
    assert "guessed wrong" not in said
    released.variables.pop("TWINE_PASSWORD")
    assert "no credentials" in publish(released, index, code=4)
    assert index.files() == {}


def test_credentials_come_from_pypirc(released: Checkout, indexes: Indexes, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for name in ("TWINE_USERNAME", "TWINE_PASSWORD"):
        released.variables.pop(name)
    index = indexes.empty_one(authenticate="update,list,download")
    section = f"[ours]\nrepository = {index.url}\nusername = {USER}\npassword = {PASSWORD}\n"
    (home / ".pypirc").write_text(f"[distutils]\nindex-servers = ours\n{section}", encoding="utf-8")
    assert "14 files uploaded" in released.run("release", "publish", "ours")
    said = released.run("release", "publish", "theirs", code=1)
    assert "theirs: twine does not know this index" in said
    assert PASSWORD not in said


def test_a_password_in_the_address_is_not_shown(released: Checkout, indexes: Indexes) -> None:
    for name in ("TWINE_USERNAME", "TWINE_PASSWORD"):
        released.variables.pop(name)
    index = indexes.empty_one(authenticate="update,list,download")
    address = index.url.replace("http://", f"http://{USER}:pass%20word@")
    said = released.run("release", "publish", address, code=4)
    assert "pass%20word" not in said
    assert "pass word" not in said


def test_an_index_that_is_down(released: Checkout) -> None:
    port = free_port()
    said = released.run("release", "publish", f"http://127.0.0.1:{port}/", code=4)
    assert f"http://127.0.0.1:{port}/simple/: cannot be reached (Connection refused)" in said
    assert "cannot be reached" in released.run("release", "plan", "--index", f"http://127.0.0.1:{port}/", code=4)


def test_an_index_that_goes_down_in_the_middle(released: Checkout, tmp_path: Path) -> None:
    with running_index(tmp_path / "first") as index:
        process = released.start("release", "publish", index.url)
        assert process.stderr is not None
        while " Uploading " not in (line := process.stderr.readline()):
            assert line, "it ended by itself"
    _, said = process.communicate(timeout=60)
    assert process.returncode == 4, said
    assert "Traceback" not in said
    assert len(index.files()) < 14
    assert index.files().items() <= published(released).items()


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b'{"meta": {"api-version": "9.0"}}'])
def test_an_address_that_is_no_index(released: Checkout, body: bytes) -> None:
    with running() as server:
        kind = "application/vnd.pypi.simple.v1+json" if body.startswith(b"{") else "text/plain"
        server.answer(Answer(body=body, headers={"Content-Type": kind}))
        said = released.run("release", "publish", f"{server.url}/", code=4)
        assert {received.method for received in server.received} == {"GET"}
    assert f"{server.url}/simple/" in said


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/", "http://", "://", "nowhere"])
def test_an_address_that_is_none(released: Checkout, address: str) -> None:
    released.run("release", "publish", address, code=1)


def test_an_index_that_sends_a_bomb_is_given_up(released: Checkout) -> None:
    """Half a megabyte that becomes 500 MB."""
    bomb = gzip.compress(b" " * 500_000_000, 9)
    with running() as server:
        server.answer(Answer(body=bomb, headers={"Content-Type": "text/html", "Content-Encoding": "gzip"}))
        said = released.run("release", "publish", f"{server.url}/", code=4)
    (line,) = [line for line in said.splitlines() if "the response" in line]
    assert line.endswith("the response holds more than 4,000,000 bytes; the run ends")


def test_an_index_that_sends_elsewhere_has_nothing_of_its_own(released: Checkout) -> None:
    with running() as server, running() as elsewhere:
        server.answer(Answer(status=302, headers={"Location": f"{elsewhere.url}/simple/x/"}))
        said = released.run("release", "plan", "--index", f"{server.url}/")
        assert "the index lacks 2 of its files" in said
        assert elsewhere.received == []


def test_a_simple_api_at_another_place(released: Checkout, index: PackageIndex) -> None:
    with running() as other:
        other.answer(Answer(status=404))
        said = released.run("release", "publish", f"{other.url}/", "--simple", f"{index.url}simple/", code=4)
        assert "404" in said
        assert {received.method for received in other.received} == {"POST"}


def test_what_is_not_recorded_is_not_published(built: Checkout, index: PackageIndex) -> None:
    said = publish(built, index, code=1)
    assert "sf-connect-v33: 33.0.0 is not recorded as released" in said
    assert "make release" in said
    built.run("release", "record")
    said = publish(built, index, code=1)
    assert "not committed: changelogs/sf-connect-v30.md, " in said
    assert ", published.yaml; commit" in said
    assert index.files() == {}


def test_a_dirty_catalogue_is_not_published(released: Checkout, index: PackageIndex) -> None:
    released.edit(*IN_32)
    released.run("generate")
    released.run("wheels")
    assert "sf-connect-v32: 32.0.1 is not recorded as released" in publish(released, index, code=1)
    assert "not committed: spec/resources/garden/plants.yaml" in released.run("release", "record", code=1)
    assert index.files() == {}


def test_what_is_not_built_is_not_published(released: Checkout, index: PackageIndex) -> None:
    (released.dist / "sf_connect_v33-33.0.0.tar.gz").unlink()
    said = publish(released, index, code=1)
    assert "sf-connect-v33; run make wheels" in said
    assert index.files() == {}


def test_the_plan_names_what_an_index_lacks(released: Checkout, index: PackageIndex) -> None:
    for name, content in published(released).items():
        if name != "sf_connect_v33-33.0.0.tar.gz":
            (index.folder / name).write_bytes(content)
    said = released.run("release", "plan", "--index", index.url)
    assert said == "sf-connect-v33 33.0.0: the index lacks 1 of its files\n"


def test_a_core_that_published_clients_cannot_use_is_not_published(released: Checkout, index: PackageIndex) -> None:
    fill(index, released)
    before = index.files()
    released.edit("core/sf_connect/core/groups.py", "class SyncFamily", "class SyncFamilies")
    released.release("--because", "A test.")

    said = publish(released, index, code=1)

    assert "sf-connect-v33: is installed and cannot be imported: ImportError" in said
    assert "sf-connect-core: " not in said
    assert index.files() == before


def test_a_readme_that_does_not_render_is_not_published(released: Checkout, index: PackageIndex) -> None:
    released.edit(
        "core/pyproject.toml", 'readme = "README.md"', 'readme = {text = "`broken\\n===", content-type = "text/x-rst"}'
    )
    released.release()
    said = publish(released, index, code=1)
    assert "twine check --strict: " in said
    assert index.files() == {}


def test_checks_that_passed_are_remembered(released: Checkout) -> None:
    assert "0 distributions checked, 7 before" in released.run("release", "check")


def test_libraries_that_cannot_be_had_are_told(released: Checkout) -> None:
    shutil.rmtree(released.folder / ".cache" / "wheelhouse")
    (released.dist / ".connectgen" / "passed.json").unlink()
    said = released.run("release", "check", code=4, PIP_FIND_LINKS="")
    assert "pip cannot get what the packages need" in said
