"""Docstrings name the exception that the runtime raises for a status."""

from __future__ import annotations

import pytest

from connectgen.python.errors import exception_of
from sf_connect.core.exceptions import api_error


@pytest.mark.parametrize("status", range(300, 600))
def test_docstrings_name_what_the_runtime_raises(status: int) -> None:
    assert exception_of(status) == type(api_error(status, b"[]", "GET", "/x", {})).__name__
