"""JUnit: a test case an entry, so that a build server lists them; what breaks is a failure."""

from __future__ import annotations

from xml.etree import ElementTree

from connectgen.diff.formats.words import uses_line
from connectgen.diff.report import Report, describe_change, reach_words
from connectgen.texts import FORBIDDEN_IN_XML


def junit(report: Report) -> str:
    """The whole report."""
    counts = report.counts
    figures = {
        "tests": str(len(report.changes)),
        "failures": str(counts["breaking"]),
        "skipped": str(counts["warning"]),
    }
    suite = ElementTree.Element("testsuite", {"name": _clean(report.title), **figures, "errors": "0"})
    for change in report.changes:
        case = ElementTree.SubElement(suite, "testcase", classname=change.rule.id, name=_clean(change.subject))
        used = uses_line(change.uses) if change.uses else ""
        text = _clean(" ".join(filter(None, [describe_change(change), reach_words(change), used])))
        if change.severity == "breaking":
            ElementTree.SubElement(case, "failure", type=change.rule.id, message=text).text = change.rule.explanation
        elif change.severity == "warning":
            ElementTree.SubElement(case, "skipped", message=f"warning: {text}")
        else:
            ElementTree.SubElement(case, "system-out").text = text
    if report.looked_at:
        ElementTree.SubElement(suite, "system-out").text = _clean(f"looked at {report.looked_at.sentence}")
    ElementTree.indent(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suite, encoding="unicode") + "\n"


def _clean(text: str) -> str:
    return FORBIDDEN_IN_XML.sub("\ufffd", text)
