"""Notebooks: the code of the cells is read, and written back with everything else byte for byte."""

from __future__ import annotations

import json

import pytest

from connectgen.diff.usage.lines import lines_of
from connectgen.diff.usage.notebooks import Notebook, NotebookError


def notebook(*sources: object, indent: int | None = 1, ascii_only: bool = False) -> str:
    cells = [{"cell_type": "code", "source": source, "outputs": [{"text": ["source", '"}]']}]} for source in sources]
    content = {"metadata": {"source": ["no cell"]}, "cells": cells, "nbformat": 4}
    return json.dumps(content, indent=indent, ensure_ascii=ascii_only) + "\n"


MAGIC = "%matplotlib inline\nx = !ls -l \\\n  | head\nif x:\n    !pwd\n?x\nx.sort?\ny = 5 \\\n  % 3\n"


@pytest.mark.parametrize(
    "text", [MAGIC, MAGIC.rstrip("\n"), "%%bash\necho 1\n", "%%time\nx = 1", "", "def f(:\n", "await x\n"]
)
@pytest.mark.parametrize("as_list", [True, False])
@pytest.mark.parametrize("indent", [None, 1, 4])
def test_nothing_changes_where_nothing_is_to_change(text: str, *, as_list: bool, indent: int | None) -> None:
    source: object = text.splitlines(keepends=True) if as_list else text
    if as_list and not text:
        source = ["x"]
    whole = notebook("a = 'ä'\n", source, "b = 2", indent=indent)
    book = Notebook(whole)
    compile(book.code, "cells", "exec", flags=0x2000)  # top-level await is allowed
    assert book.rewritten(book.code, [cell.start for cell in book.cells]) == whole


def test_a_line_is_replaced_and_a_comment_added_where_they_are() -> None:
    whole = notebook(["%pip list\n", "x = item.old  # ä"], "!pwd\ny = item.old", ascii_only=True)
    book = Notebook(whole)
    lines = lines_of(book.code.replace("item.old", "item.new"))
    lines.insert(1, "# connectgen rule: do.\n")
    result = book.rewritten("".join(lines), [1, book.cells[1].start + 1])
    cells = json.loads(result)["cells"]
    assert cells[0]["source"] == ["%pip list\n", "# connectgen rule: do.\n", "x = item.new  # ä"]
    assert cells[1]["source"] == "!pwd\ny = item.new"
    assert result.isascii()
    assert [cell["outputs"] for cell in cells] == [cell["outputs"] for cell in json.loads(whole)["cells"]]


def test_a_cell_that_is_no_python_is_named() -> None:
    book = Notebook(notebook("x = 1", "this is no Python\n", "y = 2"))
    assert [bool(cell.fault) for cell in book.cells] == [False, True, False]
    assert book.place_of(3) == "cell 3:1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"cells": 1}',
        '{"cells": [{}]}',
        '{"cells": [], "metadata": {"kernelspec": {"language": "R"}}}',
        "[" * 100_000,
    ],
)
def test_what_is_no_notebook_is_refused(text: str) -> None:
    with pytest.raises(NotebookError):
        Notebook(text)
