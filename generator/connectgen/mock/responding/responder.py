"""The values of responses, and what of a request can come back in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from connectgen.catalogue.types import Scalar, ScalarType
from connectgen.mock.progress import ENDED, Phase
from connectgen.mock.request import Request
from connectgen.mock.responding.builder import FILTERS, ResponseBuilder
from connectgen.mock.responding.selection import Selection
from connectgen.mock.responding.sources import Sources
from connectgen.mock.responding.written import ItemWriter
from connectgen.mock.routing import Match


class Responder(Sources):
    """Makes the values of responses."""

    def value(
        self,
        request: Request,
        match: Match,
        sent: Mapping[str, object],
        selection: Selection,
        *,
        is_future_server: bool,
        phase: Phase = ENDED,
        writer: ItemWriter | None = None,
    ) -> Any:
        """The response to a request that is right.

        Args:
            request: the request.
            match: its operation.
            sent: the properties and fields that it brought.
            selection: what the response shows.
            is_future_server: whether unknown properties, values and variants are mixed in.
            phase: how far that is which the operation shows.
            writer: writes the items of a page, where nothing changes them afterwards.

        Raises:
            RefusalError: the page that is asked for does not exist.
        """
        builder = ResponseBuilder(self, request, match, sent, phase, writer, is_future_server=is_future_server)
        return builder.value(selection)


def is_binary(match: Match) -> bool:
    """Whether an operation responds with a file."""
    return match.operation.returns == Scalar(ScalarType.BINARY)


def sent_values(request: Request, match: Match, body: object) -> dict[str, object]:
    """The properties and fields that a request brought, as far as they can come back in a response."""
    if isinstance(body, dict):
        return {name: value for name, value in cast("dict[str, object]", body).items() if name not in FILTERS}
    if request.content.has_body:
        return {}
    form = {item.name for item in match.operation.parameters if item.place == "form"}
    return {name: value for name, value in (*request.query, *request.content.fields) if name in form}
