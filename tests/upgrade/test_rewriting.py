"""Edits in texts: made whole or refused, and everything else stays byte for byte."""

from __future__ import annotations

import ast

import pytest

pytest.importorskip("libcst", reason="the extra upgrade is not installed")

from connectgen.diff.usage.lines import Statements, read_source
from connectgen.upgrade.edits import At, ByKeyword, Edit, Note, Rename, RenameKeyword, Reroute
from connectgen.upgrade.rewriting import LayoutError, Rewritten, rewrite


def rewritten(text: str, *edits: Edit, notes: tuple[Note, ...] = ()) -> Rewritten:
    return rewrite(text, Statements(ast.parse(text)), edits, notes)


def at(text: str, name: str, *, last: bool = False) -> At:
    """Where a name ends in a text, as `ast` counts: in bytes."""
    position = (text.rindex(name) if last else text.index(name)) + len(name)
    line = text.count("\n", 0, position) + 1
    return At(line, len(text[:position].split("\n")[-1].encode()))


def reroute(text: str, **changes: object) -> Reroute:
    settings: dict[str, object] = {
        "old": ("feeds", "items", "like"), "new": ("feeds", "capabilities", "like"),
        "keywords": (("feed_item_id", "feed_element_id"),), "unused": False,
        "accepts": frozenset(["feed_element_id", "options"]), "positions": 1,
    }  # fmt: skip
    return Reroute(at(text, ".like"), **(settings | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = item . can_share  # c\n", "x = item . is_sharable  # c\n"),
        ("x=(item\r\n  .can_share);y=1\r\n", "x=(item\r\n  .is_sharable);y=1\r\n"),
        ("s = 'ä€𝄞', item.can_share", "s = 'ä€𝄞', item.is_sharable"),
        ("x = getattr(item, 'can_share', None)\n", "x = getattr(item, 'is_sharable', None)\n"),
        ("match x:\n    case m.Item(can_share=True):\n        pass\n", "match x:\n    case m.Item(is_sharable=True):\n        pass\n"),
        ("\f\nif a: x = item.can_share\nelse: x = 2\n", "\f\nif a: x = item.is_sharable\nelse: x = 2\n"),
    ],
)  # fmt: skip
def test_a_name_is_replaced_and_nothing_else(before: str, after: str) -> None:
    place = at(before, "can_share")
    if "getattr" in before:
        place = at(before, ")")
    if "case" in before:
        place = at(before, "m.Item")
    done = rewritten(before, Rename(place, "can_share", "is_sharable"))
    assert done.text.encode() == after.encode()
    assert not done.refused


def test_a_name_that_is_not_there_is_refused() -> None:
    text = "x = item.other\n"
    assert rewritten(text, Rename(at(text, "other"), "can_share", "is_sharable")) == Rewritten(text, frozenset([0]))


def test_keywords_of_the_call_are_replaced_and_no_others() -> None:
    text = "x = m.Item(can_share=f(can_share=1), b=2)\n"
    done = rewritten(text, RenameKeyword(at(text, "m.Item"), "can_share", "is_sharable"))
    assert done.text == "x = m.Item(is_sharable=f(can_share=1), b=2)\n"
    unpacked = "x = m.Item(**{'can_share': 1})\n"
    assert rewritten(unpacked, RenameKeyword(at(unpacked, "m.Item"), "can_share", "is_sharable")).refused


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("c.feeds.items.like('x')\n", "c.feeds.capabilities.like('x')\n"),
        ("y = c.feeds.items.like(\n    feed_item_id='x')\n", "y = c.feeds.capabilities.like(\n    feed_element_id='x')\n"),
        ("items.like('x')\n", None),
        ("c.feeds.items.like(*found)\n", None),
        ("c.feeds.items.like('x', **more)\n", None),
        ("c.feeds.items.like('x', 'y')\n", None),
        ("c.feeds.items.like('x', sort='y')\n", None),
        ("f(c.feeds.items.like)\n", None),
    ],
)  # fmt: skip
def test_a_call_moves_whole_or_not_at_all(before: str, after: str | None) -> None:
    done = rewritten(before, reroute(before))
    assert (done.text, bool(done.refused)) == (after or before, after is None)


@pytest.mark.parametrize(
    ("before", "moves"),
    [
        ("c.feeds.items.like('x')\n", True),
        ("async def f(): await c.feeds.items.like('x')\n", True),
        ("y = c.feeds.items.like('x')\n", False),
        ("print(c.feeds.items.like('x'))\n", False),
        ("f = lambda: c.feeds.items.like('x')\n", False),
        ("def f():\n    return c.feeds.items.like('x')\n", False),
    ],
)
def test_a_call_with_another_result_moves_only_where_nobody_uses_it(before: str, *, moves: bool) -> None:
    assert bool(rewritten(before, reroute(before, unused=True)).refused) is not moves


def test_arguments_by_position_become_keywords_from_the_first_that_must() -> None:
    text = "c.votes.polls.list('a', 'b', page=1)\n"
    done = rewritten(text, ByKeyword(at(text, ".list"), ("poll_id", "since"), 1))
    assert done.text == "c.votes.polls.list('a', since='b', page=1)\n"
    starred = "c.votes.polls.list(*both)\n"
    assert rewritten(starred, ByKeyword(at(starred, ".list"), ("poll_id", "since"), 1)).refused


def test_comments_stand_above_the_statement_and_stay_once() -> None:
    text = "class A:\n    @wrapped\n    def f(self):\n        # why\n        return g(\n            item.can_share)\n"
    note = Note(5, "rule-x", "A.b", "do this.")
    done = rewritten(text, notes=(note,)).text
    assert done == text.replace("        return", "        # connectgen rule-x: do this.\n        return")
    again = Note(6, "rule-x", "A.b", "do this.")
    assert rewritten(done, notes=(again,)).text == done


def test_tabs_that_libcst_cannot_read_are_no_traceback() -> None:
    text = "class A :\n    def f(self) :\n\t    return x.can_share\n    y = 1\n"
    ast.parse(text)
    with pytest.raises(LayoutError, match="line 1"):
        rewritten(text, Rename(at(text, "can_share"), "can_share", "is_sharable"))


def test_files_keep_their_encoding() -> None:
    for data in (b"\xef\xbb\xbfx = 1\r\n", b"# -*- coding: latin-1 -*-\nx = '\xe4'\n", "x = '\u2028'\n".encode()):
        assert read_source(data).data == data
    with pytest.raises(SyntaxError):
        read_source(b"x = '\xff'\n")
