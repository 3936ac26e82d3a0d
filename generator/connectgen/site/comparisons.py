"""Every pair of versions compared by the engine of `connectgen diff`: the distinct changes, with their pairs."""

from __future__ import annotations

from collections.abc import Sequence

from connectgen.diff.rules import VERDICTS
from connectgen.diff.sentences import sentence_of, subject_of
from connectgen.site.context import Context
from connectgen.site.data import script

Pair = tuple[int, int]
Rectangle = tuple[int, int, int, int]
"""Pairs of versions: the first and last to compare from, the first and last to compare with."""


class _Texts:
    """Texts by their number, each once."""

    def __init__(self) -> None:
        self.all: dict[str, int] = {}

    def number(self, text: str | None) -> int:
        return -1 if text is None else self.all.setdefault(text, len(self.all))


def comparison_data(context: Context, *, backwards: bool) -> str:
    """All comparisons from an older version to a newer one, or the other way, as a script's data.

    Each row is a distinct change: rule, subject, what it was and is, replacement, severity, the version in which it
    landed, family, a sentence, what to do, and the pairs of versions that it holds for. Texts are numbers of a list.
    """
    texts = _Texts()
    rows: dict[tuple[object, ...], list[Pair]] = {}
    made: dict[tuple[object, ...], list[int]] = {}
    versions = sorted(context.by_version)
    for before in versions:
        for after in versions:
            if (before > after) != backwards or before == after:
                continue
            for change, landed in context.jumps.net(before, after):
                key = (
                    change.rule.id,
                    change.subject,
                    change.before,
                    change.after,
                    change.replacement,
                    change.severity,
                    landed,
                )
                pairs = rows.get(key)
                if pairs is None:
                    pairs = rows[key] = []
                    said = sentence_of(change)
                    owner = subject_of(change).owner
                    family = (
                        context.history.family_of(change.location.file)
                        if owner[:1].isupper()
                        else owner.partition(".")[0]
                    )
                    family = "" if change.subject == "release" else family
                    shown = (change.rule.id, change.subject, change.before, change.after, change.replacement)
                    made[key] = [
                        *(texts.number(text) for text in shown),
                        VERDICTS.index(change.severity),
                        landed,
                        *(texts.number(text) for text in (family, said.say, said.do)),
                        int(change.rule.handled),
                    ]
                pairs.append((before, after))
    name = "compare-back" if backwards else "compare"
    table = [[*made[key], rectangles(pairs)] for key, pairs in rows.items()]
    return script(name, {"texts": list(texts.all), "rows": table})


def rectangles(pairs: Sequence[Pair]) -> list[Rectangle]:
    """Pairs as few rectangles, each of versions to compare from and versions to compare with."""
    found: list[list[int]] = []
    for before, after in pairs:  # in order of the first, then of the second
        last = found[-1] if found else None
        if last is not None and last[0] == before and last[3] == after - 1:
            last[3] = after
        else:
            found.append([before, before, after, after])
    joined: list[list[int]] = []
    for begin, end, first, last_ in found:
        earlier = next((one for one in joined if one[1] == begin - 1 and one[2:] == [first, last_]), None)
        if earlier is not None:
            earlier[1] = end
        else:
            joined.append([begin, end, first, last_])
    return [(one[0], one[1], one[2], one[3]) for one in joined]
