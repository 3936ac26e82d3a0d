"""Each verdict is shown: what breaks source by type checkers over a caller's code, what breaks the wire by the mock.

For every rule the small catalogue is edited as the rule says (`proofs.py`). Code and a request that were right before
are tried on both sides, and what they show must be what the table of rules says. Changing any verdict fails a test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from connectgen.diff import rules as rules_module
from connectgen.diff.compare import compare
from connectgen.diff.rules import VERDICTS, Rule, Verdict, read_rules, rules
from connectgen.resolver import surface_at
from diff import proofs, proving
from diff.proofs import PROOFS, Proof
from diff.proving import SIDES, VERSION, Failed, Mocks, Workshop, serving
from diff.test_rules import KEPT, table_of_verdicts
from support.passed import check_unless_passed

VERDICT_LINE = re.compile(rf"    (?:wire|source|behaviour): (?:{'|'.join(VERDICTS)})$")
RIGHT = {"breaks": (True, False), "keeps": (True, True), "brings": (False, True)}
"""On which side a checker must accept each kind of code."""


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("proofs"))


@pytest.fixture(scope="module")
def mocks(workshop: Workshop) -> Iterator[Mocks]:
    with serving(workshop) as running:
        yield running


def shown_in_source(proof: Proof) -> Verdict:
    """The verdict that the code of a proof shows, once checkers accept and refuse it as they should."""
    if proof.breaks:
        return "warning" if proof.keeps else "breaking"
    return "info" if proof.brings else "none"


def surprises(failed: Failed) -> list[str]:
    """Code that a checker accepts or refuses otherwise than the proofs say."""
    return [
        f"{rule}: {kind} {side}: {'accepted' if accepted else 'refused'}"
        for rule, proof in PROOFS.items()
        for kind, right in RIGHT.items()
        for side, wanted in zip(SIDES, right, strict=True)
        if getattr(proof, kind) and wanted != (accepted := (rule, kind, side) not in failed)
    ]


def test_every_rule_has_a_proof_that_is_about_it(workshop: Workshop) -> None:
    assert list(PROOFS) == [rule for rule in PROOFS if rule in rules()]
    assert PROOFS.keys() == rules().keys()
    for rule in PROOFS:
        found = compare(*(surface_at(workshop.catalogues[rule, side], VERSION) for side in SIDES))
        assert rule in {change.rule.id for change in found}


@pytest.mark.parametrize("checker", [pytest.param(Workshop.pyright, marks=pytest.mark.node), Workshop.mypy])
def test_checkers_accept_and_refuse_the_code_of_callers(
    workshop: Workshop, checker: Callable[[Workshop], Failed]
) -> None:
    def check() -> None:
        assert surprises(checker(workshop)) == []

    how = [Path(__file__), Path(proving.__file__), Path(proofs.__file__)]
    check_unless_passed(f"proofs-{checker.__name__}", [*how, workshop.code], check)


def test_what_the_code_shows_is_the_verdict_for_source() -> None:
    assert {rule: shown_in_source(proof) for rule, proof in PROOFS.items()} == {
        rule.id: rule.source for rule in rules().values()
    }


def test_where_nothing_is_said_of_source_a_checker_sees_no_difference(
    workshop: Workshop,
) -> None:
    """Or, where it sees one, code that uses what changed is accepted on both sides."""
    for rule, proof in PROOFS.items():
        if not (proof.breaks or proof.keeps or proof.brings):
            assert workshop.interface(rule, "before") == workshop.interface(rule, "after"), rule


@pytest.mark.parametrize("rule", list(PROOFS))
def test_the_mock_refuses_what_breaks_the_wire_and_nothing_else(rule: str, workshop: Workshop, mocks: Mocks) -> None:
    proof = PROOFS[rule]
    works = [mocks.works(rule, side, proof, proof.ask) for side in SIDES]
    assert works == [True, rules()[rule].wire != "breaking"]


def changed(known: Mapping[str, Rule]) -> Iterator[tuple[Rule, str]]:
    """Every rule with one of its verdicts changed, to each that it could be, and the name of that verdict."""
    for rule in known.values():
        for name in ("wire", "source", "behaviour"):
            for verdict in VERDICTS:
                if verdict != getattr(rule, name):
                    yield replace(rule, **{name: verdict}), name


def test_every_changed_verdict_is_caught() -> None:
    """By the snapshot, whichever it is; by the code of callers in source; by the mock across the line of breaking."""
    known, snapshot = rules(), KEPT.read_text(encoding="utf-8")
    seen = {"wire": 0, "source": 0, "behaviour": 0}
    for rule, name in changed(known):
        assert table_of_verdicts({**known, rule.id: rule}) != snapshot, (rule.id, name)
        if name == "source":
            assert shown_in_source(PROOFS[rule.id]) != rule.source, rule.id
        seen[name] += 1
    assert seen == dict.fromkeys(seen, len(known) * (len(VERDICTS) - 1))


def test_the_file_of_rules_is_what_the_verdicts_come_from() -> None:
    """Each line of it that gives a verdict, changed, changes the table."""
    text = Path(rules_module.__file__).with_name("rules.yaml").read_text(encoding="utf-8")
    snapshot = KEPT.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    written = [n for n, line in enumerate(lines) if VERDICT_LINE.match(line)]
    assert len(written) > 2 * len(rules())
    for n in written:
        key, _, verdict = lines[n].strip().partition(": ")
        other = "info" if verdict == "breaking" else "breaking"
        mutated = "".join([*lines[:n], f"    {key}: {other}\n", *lines[n + 1 :]])
        assert table_of_verdicts(read_rules(mutated)) != snapshot, f"line {n + 1}"
