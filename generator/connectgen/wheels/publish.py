"""Publishes what an index lacks: uploads it with twine, never over anything, and then checks the index."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from connectgen.counting import counted
from connectgen.diff.formats.terminal import printable
from connectgen.files import replace_file
from connectgen.wheels.dist import Dist
from connectgen.wheels.distributions import CORE
from connectgen.wheels.faults import PackageIndexError, ReleaseError
from connectgen.wheels.index import CREDENTIALS, Held, Index, Local, held_by, variables_for
from connectgen.wheels.versions import Planned

MOST_SECONDS_OF_SILENCE = 300.0
"""How long the upload of one file may take."""
Check = Callable[[Sequence[Planned]], None]
Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Published:
    """What a run did: the files that it uploaded, and how many the index had already."""

    uploaded: list[str]
    present: int


def files_to_publish(plan: Sequence[Planned], dist: Dist) -> dict[str, list[Local]]:
    """The wheels and source distributions in dist/, by name of distribution.

    Raises:
        ReleaseError: a distribution is not built.
    """
    found: dict[str, list[Local]] = {}
    for planned in plan:
        files = dist.files(planned.name)
        if not files:
            raise ReleaseError(f"{dist.folder}: {planned.name} {planned.version} is not in it; run make wheels")
        kept = sorted(path for path in files if path.endswith((".whl", ".tar.gz")))
        found[planned.name] = [Local(dist.folder / path, files[path]) for path in kept]
    return found


def publish(
    plan: Sequence[Planned],
    dist: Dist,
    index: Index,
    check: Check,
    report: Report,
    *,
    accept_repacked: bool = False,
    stage: Path | None = None,
) -> Published:
    """Upload what an index lacks.

    Args:
        plan: the distributions, in the order in which they are published.
        dist: where their files are.
        index: the index.
        check: called with the distributions of which something will be uploaded; raises where they may not be.
        report: called with progress messages.
        accept_repacked: let files be on the index that hold the same and are only packed in another way.
        stage: a new folder to copy the files to instead, with their hashes in `SHA256SUMS`, in their order.

    Raises:
        ReleaseError: a file is not built, or the index has another of the same name.
        PackageIndexError: the index cannot be read or refuses a file; what it has is whole, and a second run goes on.
    """
    wanted = files_to_publish(plan, dist)
    report(f"{index}: looking up {counted(len(wanted), 'distribution')}")
    held = _compared(index, wanted)
    _refuse_others(held, accept_repacked, report)
    for line in held.yanked:
        report(f"{index}: {line}; say so in the record: connectgen release yank")
    lacking = [local for name in wanted for local in held.lacking.get(name, ())]
    present = sum(map(len, wanted.values())) - len(lacking)
    if not lacking:
        return Published([], present)
    # A new core must work for the published clients.
    check([planned for planned in plan if planned.name in held.lacking or CORE in held.lacking])
    report(f"{index}: {counted(len(lacking), 'file')} to upload, {present} there already")
    if held.new:
        report(
            f"{index}: {counted(len(held.new), 'distribution')} new there: this takes minutes, and an index may let an "
            "account create only a few a day (docs/publishing.md)"
        )
    if stage is not None:
        _stage(lacking, stage)
        return Published([], present)
    reason = _upload(index, lacking, report)
    after = _compared(index, {name: wanted[name] for name in held.lacking})
    missing = [local.name for files in after.lacking.values() for local in files]
    if missing or _unexpected(after, accept_repacked):
        raise PackageIndexError(_failure(index, reason, lacking, missing, after))
    if reason:
        report(f"{index}: {reason}; yet the index has every file as built: another run has uploaded it meanwhile")
    return Published([local.name for local in lacking], present)


def _stage(files: Sequence[Local], folder: Path) -> None:
    """Copy files to a folder that does not exist yet, with their hashes as `sha256sum --check` reads them."""
    try:
        folder.mkdir(parents=True)
    except FileExistsError:
        raise ReleaseError(f"{folder}: exists already; name a new folder") from None
    for local in files:
        shutil.copyfile(local.path, folder / local.name)
    sums = "".join(f"{local.sha256}  {local.name}\n" for local in files)
    replace_file(folder / "SHA256SUMS", sums)


def _compared(index: Index, wanted: Mapping[str, Sequence[Local]]) -> Held:
    with tempfile.TemporaryDirectory(prefix="connectgen-") as scratch:
        return held_by(index, wanted, Path(scratch))


def _unexpected(held: Held, accept_repacked: bool) -> bool:
    return len(held.other) > (len(held.repacked) if accept_repacked else 0)


def _refuse_others(held: Held, accept_repacked: bool, report: Report) -> None:
    if _unexpected(held, accept_repacked):
        advice = ["nothing was uploaded: what is published never changes"]
        if len(held.other) > len(held.repacked):
            advice.append("record and index have parted: see who published these; a new version of each is safe")
        if held.repacked:
            advice.append("--accept-repacked leaves those on the index that are only packed in another way")
        raise ReleaseError("\n".join([*held.other, *advice]))
    if held.reworded:
        report(f"{counted(len(held.reworded), 'file')} stay as the index has them: only words in them changed since")
    for name in held.repacked:
        report(f"{name}: stays as the index has it, packed in another way")


def _upload(index: Index, files: Sequence[Local], report: Report) -> str | None:
    """Call twine; why it failed, None where it did not."""
    command = [sys.executable, "-m", "twine", "upload", "--disable-progress-bar"]
    variables = variables_for(index)
    if not sys.stdin.isatty():
        variables["TWINE_NON_INTERACTIVE"] = "1"
    lines: list[str] = []
    with subprocess.Popen(
        [*command, *(str(local.path) for local in files)],
        env=variables,
        stdin=None if sys.stdin.isatty() else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        silence = _Silence(process)
        uploading = 0
        for line in process.stdout or ():
            silence.begin()
            lines.append(line.strip())
            if line.startswith("Uploading ") and " to " not in line:
                uploading += 1
                report(f"{uploading}/{len(files)} {line.strip()}")
        silence.end()
    if silence.was_too_long:
        return f"the index did not respond to an upload within {MOST_SECONDS_OF_SILENCE:.0f} s"
    return printable(_reason(lines)) if process.returncode else None


class _Silence:
    """Ends a process that has said nothing for too long; it may wait for an index that never responds."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._timer: threading.Timer | None = None
        self.was_too_long = False
        self.begin()

    def begin(self) -> None:
        """The process said something: count from now on."""
        self.end()
        self._timer = threading.Timer(MOST_SECONDS_OF_SILENCE, self._give_up)
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        """Count no longer."""
        if self._timer:
            self._timer.cancel()

    def _give_up(self) -> None:
        self.was_too_long = True
        self._process.kill()


def _reason(lines: Sequence[str]) -> str:
    """Why twine failed, in one line, from what it said."""
    output = [line for line in lines if line]
    for position, line in enumerate(output):
        if "HTTPError: " in line:
            status = line.partition("HTTPError: ")[2].partition(" from ")[0]
            if status.startswith(("401", "403")):
                return f"the index does not take the credentials ({status}): {CREDENTIALS}"
            more = output[position + 1] if position + 1 < len(output) else ""
            if status.startswith("429"):
                more = f"{more or 'too many requests'}; wait as long as it asks, then run it again (docs/publishing.md)"
            return f"the index responded with {status}" + (f": {more}" if more and more not in status else "")
        if "NonInteractive" in line or "TrustedPublishingFailure" in line:
            return f"no credentials: {CREDENTIALS}"
    last = output[-1] if output else "no reason given"
    if "ConnectionError" in last or "Connection" in last:
        return "the connection to the index broke"
    return f"twine says: {last}"


def _failure(index: Index, reason: str | None, files: Sequence[Local], missing: Sequence[str], after: Held) -> str:
    lines = [f"{index}: {reason or 'the index took the files and does not show them all'}"]
    lines += after.other
    lines.append(
        f"{len(files) - len(missing)} of {len(files)} files are on the index, whole; the next run uploads the rest"
    )
    return "\n".join(lines)
