"""Uploads: parts are checked by name and size, counted, and never held in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest

from mock.conftest import Mock

PICTURE = "/archive/pictures/001000000000001AAA"
JSON_PART = ("picture", (None, json.dumps({"title": "Oak"}), "application/json; charset=UTF-8"))


def upload(mock: Mock, *parts: Any, path: str = PICTURE, **more: Any) -> httpx2.Response:
    return mock.ask(path, "POST", files=list(parts), **more)


def file(name: str, content: bytes = b"\x00\x01", filename: str = "oak.png") -> Any:
    return name, (filename, content, "application/octet-stream")


def test_a_file_and_what_is_said_about_it(small: Mock) -> None:
    answer = upload(small, JSON_PART, file("fileUpload", b"leaves" * 100))
    assert answer.status_code == 200, answer.text
    (call,) = small.server.calls()
    assert call["parts"] == [
        {"name": "fileUpload", "filename": "oak.png", "size": 600, "sha256": sha256(b"leaves" * 100).hexdigest()}
    ]
    assert call["body"] == {"title": "Oak"}


@pytest.mark.parametrize("filename", ["Bäume.png", "木.png", "\N{DECIDUOUS TREE}.png"])
def test_names_of_files_in_any_script(small: Mock, filename: str) -> None:
    assert upload(small, JSON_PART, file("fileUpload", filename=filename)).status_code == 200
    (call,) = small.server.calls()
    assert call["parts"][0]["filename"] == filename


def test_a_part_whose_name_is_in_another_script_is_refused_by_its_name(small: Mock) -> None:
    status, code, message = problem(upload(small, JSON_PART, file("fileUpload"), file("木")))
    assert (status, code) == (400, "INVALID_FIELD")
    assert "no binary part '木'" in message


def problem(answer: httpx2.Response) -> tuple[int, str, str]:
    error = answer.json()[0]
    return answer.status_code, error["errorCode"], error["message"]


def test_parts_that_are_wrong(small: Mock) -> None:
    assert problem(upload(small, JSON_PART))[:2] == (400, "MISSING_ARGUMENT")
    status, code, message = problem(upload(small, JSON_PART, file("fileUpload"), file("picture2")))
    assert (status, code) == (400, "INVALID_FIELD")
    assert "no binary part 'picture2'" in message
    assert "fileUpload, preview" in message
    assert "came twice" in problem(upload(small, JSON_PART, file("fileUpload"), file("fileUpload")))[2]
    other_name = ("about", JSON_PART[1])
    assert "is called picture, not 'about'" in problem(upload(small, other_name, file("fileUpload")))[2]
    without_name = ("fileUpload", (None, b"x", "application/octet-stream"))
    assert problem(upload(small, JSON_PART, without_name))[1] == "MISSING_ARGUMENT"
    assert problem(small.ask(PICTURE, "POST", json={"title": "Oak"}))[1] == "MISSING_ARGUMENT"


def test_a_part_of_later_versions_is_unknown(small: Mock) -> None:
    parts = (JSON_PART, file("fileUpload"), file("preview"))
    assert upload(small, *parts).status_code == 200
    assert upload(small, *parts, version="31.0").status_code == 400


def test_a_file_where_none_belongs(small: Mock) -> None:
    status, _, message = problem(upload(small, file("photo"), path="/garden/plants"))
    assert status == 400
    assert "takes no file" in message


def test_content_that_breaks_off(small: Mock) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="fileUpload"; filename="a"\r\n\r\nabc'
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    for content in (body, b"nothing of the kind", b""):
        assert small.ask(PICTURE, "POST", content=content, headers=headers).status_code == 400
    assert small.ask(PICTURE, "POST", content=body, headers={"Content-Type": "multipart/form-data"}).status_code == 400


def test_a_file_that_is_too_large_is_refused_and_never_held(real: Mock) -> None:
    """80 MB to a repository, where 75 are allowed, in pieces."""
    path = "/connect/content-hub/repositories/0XC000000000001AAA/folders/0XC000000000001AAA/items"
    boundary, piece = "mock-boundary", b"\x00" * (1024 * 1024)
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="fileData"; filename="big"\r\n\r\n'.encode()

    def content() -> Iterator[bytes]:
        yield head
        for _ in range(80):
            yield piece
        yield f"\r\n--{boundary}--\r\n".encode()

    before = memory(real)
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    answer = real.ask(path, "POST", content=content(), headers=headers)
    assert problem(answer)[:2] == (400, "FILE_SIZE_LIMIT_EXCEEDED")
    assert "78643200" in answer.json()[0]["message"]
    assert real.server.calls()[-1]["parts"][0]["size"] == 80 * 1024 * 1024
    assert memory(real) - before < 30_000


def memory(mock: Mock) -> int:
    """The most memory that the server has had, in kB."""
    status = Path(f"/proc/{mock.server.process_id}/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0])


def test_parts_that_the_caller_names(small: Mock) -> None:
    accepted = upload(small, file("oak"), file("elm"), path="/archive/boxes")
    assert accepted.status_code == 204, accepted.text
    assert (
        problem(upload(small, file("oak", b"x" * 1001), path="/archive/boxes"))[2]
        == "oak may have 1000 bytes, not 1001"
    )
