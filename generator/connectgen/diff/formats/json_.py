"""JSON for other programs; `diff-report.schema.json` beside this file describes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from connectgen.diff.change import Change
from connectgen.diff.report import Report
from connectgen.diff.usage.looked_at import LookedAt

SCHEMA_FILE = Path(__file__).with_name("diff-report.schema.json")


def json_text(report: Report) -> str:
    """The whole report."""
    counts: dict[str, int] = {str(severity): count for severity, count in report.counts.items()}
    document = {
        "from": report.before,
        "to": report.after,
        "counts": {**counts, "ignored": report.ignored},
        "changes": [_entry(report, change) for change in report.changes],
        "looked_at": _looked_at(report.looked_at),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _looked_at(looked: LookedAt | None) -> dict[str, Any] | None:
    if looked is None:
        return None
    return {
        "files": looked.files,
        "client_calls": looked.calls,
        "not_understood": [{"place": place, "reason": why} for place, why in looked.unclear],
        "unreadable": list(looked.unreadable),
        "checker": looked.checker,
        "remark": looked.remark,
    }


def _entry(report: Report, change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "rule": change.rule.id,
        "subject": change.subject,
        "severity": change.severity,
        "verdicts": {"wire": change.rule.wire, "source": change.rule.source, "behaviour": change.rule.behaviour},
        "before": change.before,
        "after": change.after,
        "replacement": change.replacement,
        "landed": None if change.landed is None else f"{change.landed}.0",
        "path": change.path,
        "families": list(change.families),
        "operations": [{"name": reach.operation, "direction": reach.direction} for reach in change.reaches],
        "location": f"{report.catalogue}{change.location}",
        "uses": [{"place": use.place, "certain": use.is_certain, "how": use.how} for use in change.uses],
        "silent": change.is_silent,
        "undocumented": change.is_undocumented,
    }
