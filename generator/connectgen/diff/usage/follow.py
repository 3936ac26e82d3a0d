"""Follows a client through an application, in rounds: what functions take and return becomes known bit by bit."""

from __future__ import annotations

from collections.abc import Sequence

from connectgen.diff.usage.client_names import ClientNames
from connectgen.diff.usage.notes import Notes
from connectgen.diff.usage.project import Project, unreadable
from connectgen.diff.usage.statements import Statements
from connectgen.diff.usage.things import Module, Scope

_ROUNDS = 3
"""The last one notes what is used. Each passes what is known through one more function that has no annotation."""


def follow(project: Project, names: ClientNames) -> Notes:
    """Note what the code of a project uses of a client."""
    notes = Notes(mentions_client=bool(project.versions))
    modules = list(project.modules.values())
    for number in range(_ROUNDS):
        failed = [module for module in modules if not _read(module, project, names, notes, number == _ROUNDS - 1)]
        modules = [module for module in modules if module not in failed]
    return notes


def _read(module: Module, project: Project, names: ClientNames, notes: Notes, recording: bool) -> bool:
    reader = Statements(names, project, notes, module)
    reader.recording = recording
    reader.waiting = []
    reader.parameters = {}
    reader.globals, reader.nonlocals = set(), set()
    kept = dict(module.scope.names)
    module.scope = reader.scope = Scope({}, None)
    module.scope.names.update({name: value for name, value in kept.items() if not recording or value})
    try:
        reader.block(module.tree.body)
        while reader.waiting:
            reader.run_function(*reader.waiting.pop(0))
    except RecursionError as error:
        project.unreadable.append(unreadable(module.path, error))
        return False
    return True


def modules_of(project: Project) -> Sequence[Module]:
    """The modules, in their order."""
    return list(project.modules.values())
