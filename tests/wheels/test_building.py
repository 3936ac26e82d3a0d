"""`connectgen wheels`: what it builds, that it builds the same bytes every time, and what it refuses."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from connectgen.wheels.contents import MOST_BYTES
from support.command import files_of
from wheels.checkout import Checkout

CLIENTS = tuple(f"sf_connect_v{version}-{version}.0.0" for version in (30, 31, 32, 33))
STEMS = ("connectgen-0.1.0", "sf_connect-33.0.0", "sf_connect_core-0.1.0", *CLIENTS)
CHANGE_IN_32 = (
    "spec/resources/garden/plants.yaml",
    "status: [202], until",
    "status: [202], parameters: {litres: Integer}, until",
)


def wheel_of(checkout: Checkout, stem: str) -> zipfile.ZipFile:
    return zipfile.ZipFile(checkout.dist / f"{stem}-py3-none-any.whl")


def metadata_of(checkout: Checkout, stem: str) -> Message:
    with wheel_of(checkout, stem) as wheel:
        return BytesParser().parsebytes(wheel.read(f"{stem}.dist-info/METADATA"))


def times_of(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_wheel_source_and_bill_of_every_distribution(pristine: Checkout) -> None:
    expected = [f"{stem}-py3-none-any.whl" for stem in STEMS] + [f"{stem}.tar.gz" for stem in STEMS]
    expected += [f"sbom/{stem}.cdx.json" for stem in STEMS]
    assert sorted(pristine.files()) == sorted(expected)


def test_two_folders_give_the_same_bytes(built: Checkout, tmp_path: Path) -> None:
    other = built.copy(tmp_path / "elsewhere" / "and" / "deeper")
    shutil.rmtree(other.dist)
    for path in (other.folder / "core").rglob("*.py"):
        path.chmod(0o600)
    (other.folder / "core" / "README.md").touch()

    other.run("wheels", PYTHONHASHSEED="4242", TZ="UTC-7", LC_ALL="C", TMPDIR=str(tmp_path))

    assert other.files() == built.files()


@pytest.mark.parametrize(("mode", "locale"), [(0o600, "C.UTF-8"), (0o755, "POSIX")])
def test_permission_bits_and_locale_change_no_byte(built: Checkout, mode: int, locale: str) -> None:
    before = built.files()
    for folder in ("generated", "core", "generator"):
        for path in (path for path in (built.folder / folder).rglob("*") if path.is_file()):
            time = path.stat()
            data = path.read_bytes()
            path.unlink()  # other checkouts have links to it
            path.write_bytes(data)
            path.chmod(mode)
            os.utime(path, ns=(time.st_atime_ns, time.st_mtime_ns))
    shutil.rmtree(built.dist)
    built.run("wheels", LC_ALL=locale, LANG=locale, PYTHONUTF8="0")
    assert built.files() == before


def test_a_second_run_builds_nothing(built: Checkout) -> None:
    before = times_of(built.dist)
    said = built.run("wheels")
    assert "0 distributions built, 7 kept" in said
    assert times_of(built.dist) == before


def test_a_source_distribution_gives_the_same_wheel(pristine: Checkout, tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--quiet", "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir"]
    for stem in ("sf_connect_v33-33.0.0", "sf_connect_core-0.1.0"):
        source = str(pristine.dist / f"{stem}.tar.gz")
        subprocess.run([*pip, str(tmp_path / "wheels"), source], env=pristine.environment(), check=True)
        name = f"{stem}-py3-none-any.whl"
        assert (tmp_path / "wheels" / name).read_bytes() == pristine.files()[name]


def test_only_the_versions_that_were_asked_for(built: Checkout) -> None:
    built.run("wheels", "31.0", "33.0", "--dist", "some")
    made = sorted(path.name for path in (built.folder / "some").glob("*.whl"))
    assert made == ["sf_connect_v31-31.0.0-py3-none-any.whl", "sf_connect_v33-33.0.0-py3-none-any.whl"]


def test_source_date_epoch_is_the_time_of_every_file(built: Checkout) -> None:
    built.run("wheels", "33.0", "--dist", "dated", SOURCE_DATE_EPOCH="1700000000")
    with zipfile.ZipFile(next((built.folder / "dated").glob("*.whl"))) as wheel:
        assert {item.date_time for item in wheel.infolist()} == {(2023, 11, 14, 22, 13, 20)}
    with tarfile.open(next((built.folder / "dated").glob("*.tar.gz"))) as source:
        assert {member.mtime for member in source} == {1700000000}


@pytest.mark.parametrize("value", ["yesterday", "0", "99999999999"])
def test_a_bad_source_date_epoch_is_refused(built: Checkout, value: str) -> None:
    assert "SOURCE_DATE_EPOCH" in built.run("wheels", code=1, SOURCE_DATE_EPOCH=value)


@pytest.mark.parametrize("stem", STEMS)
def test_the_metadata_is_complete(pristine: Checkout, stem: str) -> None:
    metadata = metadata_of(pristine, stem)
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["License-File"] == "LICENSE"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["Summary"]
    assert metadata["Project-URL"].startswith("API guide, https://developer.salesforce.com/docs/")
    classifiers = metadata.get_all("Classifier", [])
    assert "Typing :: Typed" in classifiers
    assert ("Development Status :: 7 - Inactive" in classifiers) == (stem == "sf_connect_v30-30.0.0")
    with wheel_of(pristine, stem) as wheel:
        assert wheel.read(f"{stem}.dist-info/licenses/LICENSE") == (pristine.folder / "LICENSE").read_bytes()


def test_clients_ask_for_the_core_that_they_were_made_with(pristine: Checkout) -> None:
    for stem in CLIENTS:
        assert metadata_of(pristine, stem).get_all("Requires-Dist") == ["sf-connect-core<0.2,>=0.1.0"]


def test_links_to_the_repository_come_from_its_setting(built: Checkout) -> None:
    built.edit("pyproject.toml", 'repository = ""', 'repository = "https://git.example/our/clients"')
    built.run("wheels")
    for stem in STEMS:
        links = metadata_of(built, stem).get_all("Project-URL", [])
        assert "Repository, https://git.example/our/clients" in links
        assert any(link.startswith("API guide, ") for link in links)
    readme = str(metadata_of(built, "connectgen-0.1.0").get_payload())
    targets = re.findall(r"\]\(([^)]+)\)", readme)
    assert targets
    assert all(target.startswith("https://git.example/our/clients/blob/main/") for target in targets)


def test_a_repository_setting_that_is_no_address_is_refused(built: Checkout) -> None:
    built.edit("pyproject.toml", 'repository = ""', 'repository = "javascript:alert(1)"')
    assert "[tool.connectgen]" in built.run("wheels", code=1)


def test_a_wheel_holds_the_generated_modules_unchanged_and_nothing_else(pristine: Checkout) -> None:
    generated = files_of(pristine.folder / "generated" / "sf-connect-v33")
    with wheel_of(pristine, "sf_connect_v33-33.0.0") as wheel:
        found = {name: wheel.read(name) for name in wheel.namelist() if ".dist-info/" not in name}
        assert {item.external_attr >> 16 & 0o777 for item in wheel.infolist()} == {0o644}
        for folder in {name.rpartition("/")[0] for name in found}:
            inside = [name for name in found if name.rpartition("/")[0] == folder]
            assert inside == sorted(inside)
    assert found == {path: content for path, content in generated.items() if path.startswith("sf_connect/")}
    assert "sf_connect/v33/py.typed" in found


@pytest.mark.parametrize("stem", STEMS)
def test_the_bill_of_materials_is_valid_and_names_what_the_wheel_needs(pristine: Checkout, stem: str) -> None:
    text = (pristine.dist / "sbom" / f"{stem}.cdx.json").read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bill = json.loads(text)
    name, version = stem.replace("_", "-").rsplit("-", 1)
    assert bill["metadata"]["component"]["purl"] == f"pkg:pypi/{name}@{version}"
    listed = {component["name"] for component in bill.get("components", [])}
    if name == "sf-connect":
        assert listed == set()
    elif name.startswith("sf-connect"):
        assert {"httpx2", "msgspec", "httpcore2"} <= listed
        assert ("sf-connect-core" in listed) == (name != "sf-connect-core")
    else:
        assert {"click", "jinja2", "black"} <= listed


def test_a_change_is_built_anew_under_the_next_version(released: Checkout) -> None:
    released.edit(*CHANGE_IN_32)
    released.run("generate")

    said = released.run("wheels")

    assert "sf-connect-v32: 32.0.1 is not released: its content changed since 32.0.0; make release records it" in said
    names = [name for name in released.files() if name.startswith("sf_connect_v32") or "v32" in name]
    assert names == [
        "sbom/sf_connect_v32-32.0.1.cdx.json",
        "sf_connect_v32-32.0.1-py3-none-any.whl",
        "sf_connect_v32-32.0.1.tar.gz",
    ]
    assert "sf_connect_v33-33.0.0-py3-none-any.whl" in released.files()


def test_check_tells_what_is_old_or_not_recorded_and_builds_nothing(released: Checkout) -> None:
    assert "up to date" in released.run("wheels", "--check")
    released.edit(*CHANGE_IN_32)
    released.run("generate")
    before = times_of(released.dist)

    said = released.run("wheels", "--check", code=1)

    assert "sf-connect-v32: not up to date; run make wheels" in said
    assert "sf-connect-v33" not in said
    assert times_of(released.dist) == before


def test_a_file_that_was_changed_or_removed_is_built_again(built: Checkout) -> None:
    before = built.files()
    wheel = built.dist / "sf_connect_v33-33.0.0-py3-none-any.whl"
    wheel.write_bytes(b"x" + wheel.read_bytes()[1:])
    (built.dist / "sf_connect_v31-31.0.0.tar.gz").unlink()

    assert "2 distributions built, 5 kept" in built.run("wheels")

    assert built.files() == before


def test_a_persons_own_file_stays(built: Checkout) -> None:
    mine = built.dist / "sf_connect_v33-1.0-py3-none-any.whl"
    mine.write_bytes(b"mine")
    built.edit("core/README.md", "# sf-connect-core", "# Core")
    built.run("wheels")
    assert mine.read_bytes() == b"mine"


def test_stale_packages_are_refused(built: Checkout) -> None:
    before = times_of(built.dist)
    built.edit(*CHANGE_IN_32)

    said = built.run("wheels", code=1)

    assert "generated/sf-connect-v32: not up to date" in said
    assert "run make generate" in said
    assert times_of(built.dist) == before


def test_a_file_changed_by_hand_in_a_generated_package_is_refused(built: Checkout) -> None:
    (built.folder / "generated" / "sf-connect-v33" / "sf_connect" / "extra.py").write_text("x = 1\n")
    assert "extra.py" in built.run("wheels", code=1)


def test_a_catalogue_with_faults_is_refused(built: Checkout) -> None:
    built.edit("spec/types/archive/pictures.yaml", "      of: Plant", "      of: Plnat")
    said = built.run("wheels", code=1)
    assert "types/archive/pictures.yaml:" in said
    assert "Plnat" in said


def test_without_generated_packages_it_says_what_to_do(built: Checkout) -> None:
    said = built.run("wheels", "--generated", "nowhere", code=1)
    assert "make generate" in said


@pytest.mark.parametrize("version", ["12.0", "33.0.1"])
def test_an_unknown_version_is_wrong_usage(built: Checkout, version: str) -> None:
    assert "version" in built.run("wheels", version, code=2)


def test_a_file_outside_its_package_is_refused(built: Checkout) -> None:
    (built.folder / "core" / "sf_connect" / "stray.py").write_text("x = 1\n")
    said = built.run("wheels", code=1)
    assert "sf-connect-core: holds sf_connect/stray.py, which lies outside sf_connect/core/" in said
    assert not list(built.dist.glob(".connectgen/work"))


def test_a_client_that_grew_too_large_is_refused(built: Checkout) -> None:
    with (built.folder / "templates" / "python" / "README.md.jinja").open("a", encoding="utf-8") as readme:
        readme.write(base64.b64encode(os.urandom(MOST_BYTES)).decode())
    built.run("generate")
    said = built.run("wheels", code=1)
    assert re.search(rf"sf-connect-v33: holds [\d,]+ bytes; at most {MOST_BYTES:,} are allowed", said)


def test_a_missing_type_marker_is_refused(built: Checkout) -> None:
    (built.folder / "core" / "sf_connect" / "core" / "py.typed").unlink()
    assert "sf-connect-core: lacks sf_connect/core/py.typed" in built.run("wheels", code=1)


def test_clients_that_do_not_accept_core_are_refused(built: Checkout) -> None:
    built.edit("core/pyproject.toml", 'version = "0.1.0"', 'version = "0.2.0"')
    assert 'core/sf_connect/core/series.py: sf-connect-core is 0.2.0, so write SERIES = "0.2"' in built.run(
        "wheels", code=1
    )
    built.edit("core/sf_connect/core/series.py", 'SERIES = "0.1"', 'SERIES = "0.2"')
    assert "write its series, 0.2, and its range in templates/python/core.jinja" in built.run("wheels", code=1)
    built.edit("templates/python/core.jinja", 'series = "0.1"', 'series = "0.2"')
    built.run("generate")
    assert "write a range with it in templates/python/core.jinja" in built.run("wheels", code=1)
    built.edit("templates/python/core.jinja", ">=0.1,<0.2", ">=0.2,<0.3")
    built.run("generate")
    built.run("wheels")


def test_a_backend_that_is_not_installed_is_one_clear_line(built: Checkout) -> None:
    built.edit("core/pyproject.toml", 'requires = ["hatchling>=1.27"]', 'requires = ["hatchling>=999"]')
    said = built.run("wheels", code=1)
    assert "core/pyproject.toml: is built by hatchling>=999, and " in said


def test_a_full_disk_leaves_nothing_half_written(built: Checkout, tmp_path: Path) -> None:
    whole = built.files()
    fresh = built.copy(tmp_path / "full")
    for name in whole:
        (fresh.dist / name).unlink()

    said = fresh.run("wheels", code=3, file_limit=20_000)

    assert "File too large" in said
    assert "a second run goes on" in said
    assert fresh.files().items() <= whole.items()
    fresh.run("wheels")
    assert fresh.files() == whole


@pytest.mark.parametrize("delay", [0.2, 0.3])
def test_a_killed_run_is_mended_by_the_next(built: Checkout, tmp_path: Path, delay: float) -> None:
    whole = built.files()
    fresh = built.copy(tmp_path / "killed")
    for name in whole:
        (fresh.dist / name).unlink()
    process = fresh.start("wheels")
    time.sleep(delay)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()

    assert fresh.files().items() <= whole.items()
    fresh.run("wheels")
    assert fresh.files() == whole
    assert not (fresh.dist / ".connectgen" / "work").exists()
