"""The plan of a release: what would be published and why, for people and as the matrix of a CI job."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from connectgen.wheels.changes import Changes
from connectgen.wheels.versions import Planned

_MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Step:
    """One distribution that would be published, and why."""

    planned: Planned
    changes: Changes
    missing: tuple[str, ...] = ()
    """Files that the index lacks, where one was asked."""

    @property
    def was(self) -> str | None:
        """The version that was released before."""
        return self.planned.released.version if self.planned.released else None


def plan_of(
    plan: Iterable[Planned], changes: Mapping[str, Changes], missing: Mapping[str, Sequence[str]]
) -> list[Step]:
    """The steps of a release, in the order in which they are published.

    Args:
        plan: all distributions.
        changes: what changed, by name of distribution.
        missing: files that the index lacks, by name of distribution.
    """
    return [
        Step(planned, changes[planned.name], tuple(missing.get(planned.name, ())))
        for planned in plan
        if planned.changed or missing.get(planned.name)
    ]


def as_text(steps: Sequence[Step]) -> str:
    """The plan, for people."""
    if not steps:
        return "nothing to publish: no package's content changed since it was released\n"
    lines: list[str] = []
    for step in steps:
        was = f"{step.was} → " if step.was and step.planned.changed else ""
        lines.append(f"{step.planned.name} {was}{step.planned.version}: {reason_of(step)}")
        entries = step.changes.entries
        lines += [f"  {'! ' if entry in step.changes.breaking else '  '}{entry}" for entry in entries[:_MOST_SHOWN]]
        if len(entries) > _MOST_SHOWN:
            lines.append(f"    … and {len(entries) - _MOST_SHOWN} more")
        if step.changes.remedy:
            lines.append(f"  ! refused: {step.changes.remedy}")
    return "\n".join(lines) + "\n"


def as_json(steps: Sequence[Step]) -> str:
    """The plan as a CI job's matrix, on one line: `{"include": […]}`, one object a distribution."""
    include = [
        {
            "distribution": step.planned.name,
            "version": step.planned.version,
            "previous": step.was,
            "module": step.planned.distribution.package.replace("/", "."),
            "api_version": f"{step.planned.distribution.version}.0" if step.planned.distribution.version else None,
            "recorded": not step.planned.changed,
            "breaking": bool(step.changes.remedy),
            "reason": reason_of(step),
            "changes": list(step.changes.entries[:_MOST_SHOWN]),
            "more_changes": max(0, len(step.changes.entries) - _MOST_SHOWN),
            "missing": list(step.missing),
        }
        for step in steps
    ]
    return json.dumps({"include": include}, ensure_ascii=False) + "\n"


def reason_of(step: Step) -> str:
    """Why a distribution would be published, in a few words."""
    if step.planned.changed:
        return step.changes.reason
    return f"the index lacks {len(step.missing)} of its files"
