"""What a stub is: which requests it is for, how often, and the responses that it gives one after another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from connectgen.mock.stubs.matching import Criteria


class StubError(ValueError):
    """A stub that cannot be used; the message says what is wrong with it and what would be right."""


@dataclass(frozen=True, slots=True)
class NoValue:
    """The absence of a JSON value, which null is not."""


NO_VALUE = NoValue()


@dataclass(frozen=True, slots=True, kw_only=True)
class StubResponse:
    """One response of a stub.

    Attributes:
        status: the HTTP status; None for that of the operation's success.
        headers: further headers.
        value: the JSON value of the body; `NO_VALUE` for the generated one.
        content: the bytes of the body in place of a value.
        media_type: the media type of those bytes.
        errors: the error array in place of both.
        fill: whether a generated response has what `value` does not say.
        delay: milliseconds before the response.
        function: what makes the response, asked for by the test; the rest then does not count.
    """

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    value: object = NO_VALUE
    content: bytes | None = None
    media_type: str = ""
    errors: tuple[Mapping[str, str], ...] = ()
    fill: bool = False
    delay: int = 0
    function: str | None = None

    @property
    def is_error(self) -> bool:
        """Whether the status is one of an error."""
        return bool(self.errors) or (self.status or 0) >= 400


@dataclass(slots=True, kw_only=True)
class Stub:
    """A stub in use.

    Attributes:
        criteria: which requests it is for.
        responses: what they get, one after another; the last of them again and again.
        times: for how many requests; None for all.
        strict: whether responses are of the operation's type.
        optional: whether it may stay unused.
        number: its number.
        uses: how many requests it has responded to.
    """

    criteria: Criteria
    responses: tuple[StubResponse, ...]
    times: int | None = None
    strict: bool = True
    optional: bool = False
    number: int = 0
    uses: int = 0

    @property
    def is_used_up(self) -> bool:
        """Whether it has responded as often as it may."""
        return self.times is not None and self.uses >= self.times

    def use(self) -> StubResponse:
        """The next response."""
        response = self.responses[min(self.uses, len(self.responses) - 1)]
        self.uses += 1
        return response
