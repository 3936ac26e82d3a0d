"""What was looked at in an application: how much, and what could not be understood."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What was looked at: without it, an empty list of changes says nothing.

    Attributes:
        files: how many Python files and notebooks there are.
        calls: how many calls of a client's operations were recognised.
        unclear: uses of a client that could not be followed, `file:line`, and why.
        unreadable: a line a file that could not be read.
        checker: the type checker that separates certain uses from possible ones; None where every use is possible.
        remark: why there is none, or what else limits the result.
    """

    files: int
    calls: int
    unclear: tuple[tuple[str, str], ...] = ()
    unreadable: tuple[str, ...] = ()
    checker: str | None = None
    remark: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether everything could be read and followed."""
        return not self.unclear and not self.unreadable

    @property
    def sentence(self) -> str:
        """`214 files, 61 client calls recognised, 3 uses of a client not understood (file:line)`."""
        parts = [count(self.files, "file"), f"{count(self.calls, 'client call')} recognised"]
        if self.unreadable:
            parts.append(f"{count(len(self.unreadable), 'file')} not readable")
        uses = f"{count(len(self.unclear), 'use')} of a client not understood"
        shown = ", ".join(place for place, _ in self.unclear[:5]) + (", …" if len(self.unclear) > 5 else "")
        parts.append(f"{uses} ({shown})" if self.unclear else uses)
        if self.checker is None:
            parts.append(f"every use is possible only: {self.remark}" if self.remark else "every use is possible only")
        return ", ".join(parts)


def count(number: int, name: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {name}{'' if number == 1 else 's'}"
