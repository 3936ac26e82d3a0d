"""Questions of an import: ranked, grouped, answered one by one, in bulk, in a file, or on a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from connectgen.cli.import_ import import_command
from connectgen.importer.answers import Answers, answers_text, read_answers
from connectgen.importer.openapi.importing import ImportRefusedError
from connectgen.importer.questions import Answer, Kind, Question, grouped, ranked
from connectgen.importer.yaml_files import YamlFileError
from openapi.importing import changed, contents, run, tools, types

UNDATED = ("nextPageUrl: {type: string", "colour: {type: string}\n        nextPageUrl: {type: string")
OTHER_TYPE = ("total: {type: integer}", "total: {type: string}")
RENAMED = (
    ("#/components/schemas/ToolCollection", "#/components/schemas/ToolList"),
    ("    ToolCollection:\n      title: Tool Collection Output", "    ToolList:\n      title: Tool List Output"),
)


def fill(path: Path, kind: str, name: str, answer: str, because: str | None = None) -> None:
    """Answer a question in the file, as a person does."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    document["answers"][kind][name] |= {"answer": answer, **({"because": because} if because else {})}
    path.write_text(yaml.safe_dump(document), encoding="utf-8")


def test_the_most_urgent_questions_come_first() -> None:
    asked = [Question("a", "", kind=kind) for kind in (Kind.NOTE, Kind.UNDATED, Kind.TYPE, Kind.END, Kind.MATCH)]
    assert [one.kind for one in ranked(asked)] == [Kind.MATCH, Kind.END, Kind.TYPE, Kind.UNDATED, Kind.NOTE]
    assert [(kind, len(same)) for kind, same in grouped([*asked, Question("b", "", kind=Kind.END)])][1] == (Kind.END, 2)


def test_an_answers_file_is_written_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    question = Question("T a", 'odd: "x"', kind=Kind.TYPE, key="type")
    other = Question("T b", "new", kind=Kind.UNDATED)
    answers = Answers(allowed=["T.a"])
    answers.single[Kind.TYPE, question.name] = Answer("catalogue", "it is so")
    path.write_text(answers_text("Questions.", answers, [other, question], {}), encoding="utf-8")
    read = read_answers(path)
    assert read.decide(question) == Answer("catalogue", "it is so")
    assert read.decide(other) is None
    assert read.allowed == ["T.a"]
    text = path.read_text(encoding="utf-8")
    assert answers_text("Questions.", read, [other, question], yaml.safe_load(text)) == text


def test_one_answer_for_a_whole_kind_spares_what_a_person_noted(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text("bulk: {type: source}\n", encoding="utf-8")
    read = read_answers(path, accepted=["additions", "matches"])
    assert read.decide(Question("a", "", kind=Kind.TYPE)) == Answer("source", in_bulk=True)
    assert read.decide(Question("a", "", kept_by_person=True, kind=Kind.TYPE)) is None
    assert read.decide(Question("a", "", kind=Kind.UNDATED)) == Answer("source", in_bulk=True)
    assert read.decide(Question("a", "", kind=Kind.END)) is None


@pytest.mark.parametrize(
    "text", ["colour: red\n", "answers: {taste: {}}\n", "answers: [1]\n", "answers: {type: [1]}\n"]
)
def test_a_file_that_is_none_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(YamlFileError) as refused:
        read_answers(path)
    assert str(refused.value).startswith(str(path))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "keys", "line", "text"),
    [
        ("end", "answer: yes", 5, "'yes' is no answer to T a (until); write source or catalogue"),
        ("end", "answer: 68.0", 5, "'68.0' is no answer to T a (until); write source or catalogue"),
        ("end", "answer: catalogue", 5, "catalogue needs a reason; add because: … below it"),
        ("match", "answer: maybe", 5, "'maybe' is no answer to T a (until); write yes or no"),
        ("undated", "answer: since 68.0", 5, "write a version such as 67.0, always or catalogue"),
        ("type", "answr: source", 5, "does not know 'answr'; a question has question, choices, answer, because"),
    ],
)
def test_what_is_no_answer_is_refused_with_its_line(tmp_path: Path, kind: str, keys: str, line: int, text: str) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(f'answers:\n  {kind}:\n    "T a (until)":\n      question: "?"\n      {keys}\n', encoding="utf-8")
    with pytest.raises(YamlFileError) as refused:
        read_answers(path)
    assert str(refused.value).startswith(f"{path}:{line}: ")
    assert str(refused.value).endswith(text)


def test_a_bulk_answer_that_is_none_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text("bulk:\n  end: yes\n", encoding="utf-8")
    with pytest.raises(YamlFileError) as refused:
        read_answers(path)
    assert str(refused.value) == f"{path}:2: 'yes' is no answer to end; write source or catalogue"


def test_answers_settle_what_differs_and_nothing_is_asked_again(catalogue: Path, tmp_path: Path) -> None:
    run(catalogue)
    answers = tmp_path / "answers.yaml"
    file = changed(tmp_path, OTHER_TYPE, UNDATED)
    lines = run(catalogue, file, answers_file=answers)
    assert "2 questions:" in lines
    fill(answers, "type", "ToolCollection total (type)", "catalogue", "it is a number")
    fill(answers, "undated", "ToolCollection colour", "33.0")
    lines = run(catalogue, file, answers_file=answers)
    assert not any("question" in line for line in lines)
    properties = types(catalogue)["ToolCollection"]["properties"]
    assert properties["total"]["was"] == {"type": "String"}
    assert properties["total"]["because"].endswith("errs: it is a number")
    assert properties["colour"]["since"] == 33.0
    before = contents(catalogue)
    assert "0 files written" in run(catalogue, file)  # what was answered is in the catalogue
    assert contents(catalogue) == before


def test_a_renamed_schema_is_a_question_and_no_second_type(catalogue: Path, tmp_path: Path) -> None:
    run(catalogue)
    before = contents(catalogue)
    file = changed(tmp_path, *RENAMED, UNDATED)
    lines = run(catalogue, file, accept=["additions"])
    assert "ToolList" not in types(catalogue)  # the operation that uses it says which type it is
    assert any("1 fact" in line for line in lines)
    assert types(catalogue)["ToolCollection"]["properties"]["colour"]["since"] == 33.0
    assert contents(catalogue) != before


def test_what_cannot_be_told_is_refused_with_its_questions_written(catalogue: Path, tmp_path: Path) -> None:
    """A schema of which only a part agrees: nothing is written but the report and the questions."""
    run(catalogue)
    before = contents(catalogue)
    other = "".join(f"        other{number}: {{type: string}}\n" for number in range(9))
    file = changed(
        tmp_path,
        *RENAMED,
        ('        tools: {type: array, items: {$ref: "#/components/schemas/Tool"}}\n', other),
        ("        nextPageUrl: {type: string, format: uri}\n", ""),
    )
    answers, report = tmp_path / "answers.yaml", tmp_path / "report.md"
    with pytest.raises(ImportRefusedError, match="which types are the same"):
        run(catalogue, file, answers_file=answers, report_file=report)
    assert contents(catalogue) == before
    assert "is ToolCollection of the catalogue ToolList of the file? 1 of 10 properties agree" in report.read_text(
        "utf-8"
    )
    fill(answers, "match", "ToolList (ToolCollection)", "no")
    run(catalogue, file, answers_file=answers)
    assert "ToolList" not in types(catalogue)  # nothing uses it as long as the other type is there
    fill(answers, "type", "/shed/tools GET returns (type)", "33.0")
    run(catalogue, file, answers_file=answers)
    assert "ToolList" in types(catalogue)
    assert tools(catalogue)["/shed/tools"]["operations"]["GET"]["returns"] == [
        {"type": "ToolCollection", "until": 32.0},
        {"type": "ToolList", "since": 33.0},
    ]


def test_a_person_is_asked_on_the_terminal(catalogue: Path, tmp_path: Path) -> None:
    run(catalogue)
    said: list[str] = []

    def ask(question: Question) -> Answer | None:
        said.append(question.name)
        return Answer("33.0") if question.kind == Kind.UNDATED else None

    lines = run(catalogue, changed(tmp_path, OTHER_TYPE, UNDATED), ask=ask)
    assert said == ["ToolCollection total (type)", "ToolCollection colour"]
    assert "1 question:" in lines
    assert types(catalogue)["ToolCollection"]["properties"]["colour"]["since"] == 33.0


def test_a_dry_run_shows_the_lines_that_would_change(catalogue: Path, tmp_path: Path) -> None:
    run(catalogue)
    before = contents(catalogue)
    more: dict[str, Any] = {"dry_run": True, "show_diff": True, "accept": ["additions"]}
    lines = run(catalogue, changed(tmp_path, UNDATED), **more)
    assert '+      colour: {type: String, since: 33.0, unsure: "importer: the file names no version"}' in lines
    assert contents(catalogue) == before


@pytest.mark.parametrize("arguments", [["openapi", "file.yaml", "--family", "garden"], ["guide", "pages"]])
def test_the_catalogue_inside_an_installed_package_is_not_changed(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectgen.cli.options.checkout", lambda: None)
    done = CliRunner().invoke(import_command, arguments)
    assert done.exit_code == 2
    assert "whose catalogue an import does not change; in a checkout, use .venv/bin/connectgen" in done.output
    named = CliRunner().invoke(import_command, [*arguments, "--catalogue", "."])
    assert "installed from a package" not in named.output
