"""A run of the benchmarks says which figures got worse than the committed ones by more than their spread."""

from __future__ import annotations

from pathlib import Path

from benchmarks.committed import DOCUMENT, Committed, committed_figures, worse
from benchmarks.figures import Figure

COMMITTED = """
Some words, 12 of them.

    generate, 38 versions, cold, --no-cache                          29 s   at most 60 s
      processor time                                                 50 s   ± 2
    mock: requests                                                 1000 /s  ± 10     at least 500 /s
    decode: times as long                                          6.00 ×   at least 5 ×
    generate, one property added to one type                       3.40 s   ± 0.2    at most 3 s  MISSED
      processor time                                               3.10 s

Later, in part:

    generate, 38 versions, cold, --no-cache                          14 s   ± 1      at most 15 s
"""


def _document(tmp_path: Path, text: str = COMMITTED) -> Path:
    path = tmp_path / "benchmarks.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_last_figure_of_a_name_is_the_committed_one(tmp_path: Path) -> None:
    found = committed_figures(_document(tmp_path))
    assert found["generate, 38 versions, cold, --no-cache"] == Committed(14, "s", 1)
    assert found["generate, 38 versions, cold, --no-cache / processor time"] == Committed(50, "s", 2)
    assert found["generate, one property added to one type / processor time"] == Committed(3.1, "s")
    assert found["mock: requests"] == Committed(1000, "/s", 10)
    assert len(found) == 6


def test_what_is_worse_by_more_than_the_spread_is_named(tmp_path: Path) -> None:
    run = [
        Figure("generate, 38 versions, cold, --no-cache", 16.1, "s", 15),  # 14 ± 1
        Figure("  processor time", 51.9, "s"),  # 50 ± 2
        Figure("mock: requests", 980, "/s"),  # 1000 ± 10, and more is better
        Figure("decode: times as long", 5.5, "×", at_least=5),  # 6.00
        Figure("generate, one property added to one type", 1.4, "s", 1.5),
        Figure("  processor time", 3.6, "s", spread=0.6),  # 3.10, within this run's spread
        Figure("new", 5, "s"),
        Figure("  processor time", 500, "s"),
    ]
    lines = list(worse(run, committed_figures(_document(tmp_path))))
    assert lines == [
        "generate, 38 versions, cold, --no-cache: 16 s, committed 14 s, spread 1 s",
        "mock: requests: 980 /s, committed 1000 /s, spread 10 /s",
        "decode: times as long: 5.50 ×, committed 6 ×, spread 0 ×",
    ]


def test_a_figure_of_several_measurements_is_their_median_with_its_spread() -> None:
    figure = Figure.of("what", [5, 1, 2, 3, 4], "s", 10)
    assert (figure.value, figure.spread) == (3, 2)
    assert figure.line().split() == ["what", "3.00", "s", "±", "2", "at", "most", "10", "s"]
    assert Figure.of("once", [7], "s").spread == 0


def test_what_a_run_prints_is_what_is_read_as_committed(tmp_path: Path) -> None:
    figures = [Figure.of("a, b: c", [1, 2, 4], "ms", 5), Figure("  within", 300, "MB", 200), Figure("d", 2, "×")]
    text = "".join(f"    {figure.line()}\n" for figure in figures)
    assert committed_figures(_document(tmp_path, text)) == {
        "a, b: c": Committed(2, "ms", 1.5),
        "a, b: c / within": Committed(300, "MB"),
        "d": Committed(2, "×"),
    }


def test_the_committed_figures_of_the_documentation_are_read() -> None:
    found = committed_figures(DOCUMENT)
    assert len(found) > 50
    memory = "mock, of its processor time: GET /chatter/users/me / memory after touching every version"
    assert found[memory].unit == "MB"
