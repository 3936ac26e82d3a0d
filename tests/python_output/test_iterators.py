"""Names of the methods that go through pages: as one would guess, without collisions, the same in every version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from connectgen.naming import iterator_names
from support.command import connectgen, generate_arguments

pytestmark = pytest.mark.usefixtures("remembered")


@pytest.mark.parametrize(
    ("operations", "paged", "names"),
    [
        ("list", "list", "iter"),
        ("list_elements", "list_elements", "iter_elements"),
        ("get", "get", "iter"),
        ("get_likes", "get_likes", "iter_likes"),
        ("search", "search", "iter_search"),
        ("search_files", "search_files", "iter_files"),
        ("rank_users", "rank_users", "iter_rank_users"),
        ("list get search", "list get search", "iter iter_get iter_search"),
        (
            "get_x list_x search_x",
            "get_x list_x search_x",
            "iter_get_x iter_x iter_search_x",
        ),
        ("list iter", "list", "iter_list"),
        ("list iter iter_list", "list", "iter_all_list"),
        ("list_x get_x", "get_x", "iter_x"),
    ],
)
def test_names(operations: str, paged: str, names: str) -> None:
    wanted = dict(zip(paged.split(), names.split(), strict=True))
    assert iterator_names(operations.split(), paged.split()) == wanted
    assert iterator_names(reversed(operations.split()), reversed(paged.split())) == wanted


def test_an_operation_named_like_an_iterator_is_refused(
    catalogue: Path, edit: Callable[[str, str, str], None], tmp_path: Path
) -> None:
    """So that no later version can take the name of a method that iterates over pages."""
    more = """
  - path: /archive/newest
    since: 33.0
    operations:
      GET: {name: iter_books, summary: Something else., returns: Book}
"""
    edit("resources/archive/shelves.yaml", "because: A shelf is short.}\n", "because: A shelf is short.}\n" + more)
    done = connectgen(*generate_arguments(catalogue, tmp_path / "out", "32.0", "33.0"), cwd=tmp_path)
    assert done.returncode == 1
    assert "the operation iter_books is named like a method that iterates over all pages" in done.stdout + done.stderr


@pytest.mark.parametrize("required", [True, False])
def test_an_offset_that_must_be_given_is_sent_with_the_first_page_too(
    catalogue: Path,
    edit: Callable[[str, str, str], None],
    tmp_path: Path,
    required: bool,
) -> None:
    if required:
        edit("resources/archive/shelves.yaml", "offset: Integer\n        returns: list<String>",
             "offset: {type: Integer, required: true}\n        returns: list<String>")  # fmt: skip
    done = connectgen(*generate_arguments(catalogue, tmp_path / "out", "32.0"), cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    text = (tmp_path / "out/sf-connect-v32/sf_connect/v32/groups/archive/shelves.py").read_text("utf-8")
    iterator = text.partition("def iter_labels(")[2].partition("    def ")[0]
    assert "offset" not in iterator.partition("return self._pages(")[0]
    assert ('query={"offset": 0}' in iterator) is required


@pytest.mark.parametrize("retry", ["safe", "unsafe", "key"])
def test_a_post_is_gone_through_where_it_may_be_repeated(
    catalogue: Path, edit: Callable[[str, str, str], None], tmp_path: Path, retry: str
) -> None:
    """Each page is another request: fine for a search, wrong for what changes something."""
    edit("resources/archive/shelves.yaml", "        idempotency: {header: X-Loan-Key}\n        retry: key\n",
         "        idempotency: {header: X-Loan-Key}\n        retry: key\n" if retry == "key"
         else f"        retry: {retry}\n")  # fmt: skip
    done = connectgen(*generate_arguments(catalogue, tmp_path / "out", "32.0"), cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    text = (tmp_path / "out/sf-connect-v32/sf_connect/v32/groups/archive/shelves.py").read_text("utf-8")
    iterator = text.partition("def iter_borrow(")[2].partition("    def ")[0]
    assert bool(iterator) is (retry == "safe")
    assert ('form={"reader": reader}' in iterator) is (retry == "safe")
