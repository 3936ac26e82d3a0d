"""Builds the site: every page and every file of data, on all cores, written only where it differs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from connectgen.catalogue.loader import load_catalogue
from connectgen.site.builder import Builder, Task
from connectgen.site.context import Context
from connectgen.site.guides import Guides
from connectgen.site.history import history_of
from connectgen.site.inputs import Inputs
from connectgen.site.output import FileNote, Output, open_output
from connectgen.workers import workers

_CHUNK = 150
"""How many pages a process makes at a time."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did."""

    files: int
    size: int
    written: int
    removed: int


@dataclass(frozen=True, slots=True)
class _Work:
    """What a process needs to make some pages."""

    inputs: Inputs
    output: Output
    tasks: tuple[Task, ...]


def build(inputs: Inputs) -> Built:
    """Build a site.

    Args:
        inputs: what it is made from, and where it goes.

    Raises:
        CatalogueError: the catalogue is at fault.
        UnmanagedFolderError: the folder holds files of somebody else.
        FileError: the disk refused.
    """
    output = open_output(inputs.out)
    digest = inputs.digest()
    if output.is_current(digest):
        return Built(len(output.files), sum(note.size for note in output.files.values()), 0, 0)
    builder = _builder(inputs)
    builder.prepare()
    files: dict[str, FileNote] = {}
    written = 0
    for path, note, is_new in _all(inputs, output, list(builder.tasks())):
        files[path] = note
        written += is_new
    removed = output.finish(digest, files)
    return Built(len(files), sum(note.size for note in files.values()), written, removed)


def _all(inputs: Inputs, output: Output, tasks: list[Task]) -> Iterator[tuple[str, FileNote, bool]]:
    """Every file, made by as many processes as there are cores; what takes long begins first."""
    count = os.cpu_count() or 1
    heavy = [task for task in tasks if task.is_heavy]
    light = [task for task in tasks if not task.is_heavy]
    chunks: list[tuple[Task, ...]] = [(task,) for task in heavy]
    chunks += [tuple(light[begin : begin + _CHUNK]) for begin in range(0, len(light), _CHUNK)]
    works = [_Work(inputs, output, chunk) for chunk in chunks]
    if count == 1 or len(tasks) < _CHUNK:
        for work in works:
            yield from _make(work)
        return
    with workers(count) as pool:
        for made in pool.map(_make, works):
            yield from made


def _make(work: _Work) -> list[tuple[str, FileNote, bool]]:
    builder = _builder(work.inputs)
    found: list[tuple[str, FileNote, bool]] = []
    for task in work.tasks:
        for path, text in builder.files(task):
            found.append((path, *work.output.write(path, text)))
    return found


@lru_cache(maxsize=1)
def _builder(inputs: Inputs) -> Builder:
    """What makes the pages; a process that was forked has its parent's."""
    catalogue = load_catalogue(inputs.catalogue, inputs.cache, overlay=inputs.overlay)
    guides = Guides(inputs.docs)
    context = Context(history_of(catalogue), inputs.templates, inputs.name, guides.titles)
    return Builder(context, guides, inputs.cache)
