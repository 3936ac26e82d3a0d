"""The control API, `/__mock__/…`: calls, coverage, faults, tokens, state; and what made-up URLs lead to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from connectgen.mock.backend import Backend
from connectgen.mock.chance import Chance
from connectgen.mock.control_bodies import Json, with_body, wrong
from connectgen.mock.recording import FILTERS, coverage_as_markdown
from connectgen.mock.responding.binary import picture
from connectgen.mock.stub_control import StubControl
from connectgen.mock.stubs.verification import path_values

_NUMBER = re.compile("[0-9]{1,18}")


class Control:
    """The control API of one mock.

    Args:
        backend: what it controls.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def routes(self) -> list[Route]:
        """The routes."""
        return [
            Route("/", self.overview, methods=["GET"]),
            Route("/__mock__", self.overview, methods=["GET"]),
            Route("/__mock__/calls", self.calls, methods=["GET", "DELETE"]),
            Route("/__mock__/coverage", self.coverage, methods=["GET"]),
            Route("/__mock__/faults", self.faults, methods=["GET", "POST", "DELETE"]),
            Route("/__mock__/state", self.state, methods=["GET", "DELETE"]),
            Route("/__mock__/tokens", self.new_token, methods=["POST"]),
            Route("/__mock__/tokens/expire", self.expire, methods=["POST"]),
            Route("/__mock__/tokens/revoke", self.revoke, methods=["POST"]),
            Route("/__mock__/reset", self.reset, methods=["POST"]),
            Route("/__mock__/links/{rest:path}", self.link, methods=["GET"]),
            *StubControl(self._backend).routes(),
            Route("/profilephoto/{rest:path}", self.photo, methods=["GET"]),
        ]

    async def overview(self, request: Request) -> Response:
        """What this server is."""
        loaded = await self._backend.ready()
        served = loaded.versions.served
        return Json(
            {
                "server": "connectgen mock",
                "versions": [f"{version}.0" for version in served],
                "seed": self._backend.settings.seed,
                "state": self._backend.settings.keeps_state,
                "calls": "/__mock__/calls",
                "coverage": "/__mock__/coverage",
                "faults": "/__mock__/faults",
                "stubs": "/__mock__/stubs",
            }
        )

    async def calls(self, request: Request) -> Response:
        """The calls, or forget them."""
        loaded = await self._backend.ready()
        recording, router = loaded.recording, loaded.service.router
        if request.method == "DELETE":
            recording.clear()
            return Response(status_code=204)
        if unknown := set(request.query_params) - FILTERS:
            return wrong(f"calls are chosen by {', '.join(sorted(FILTERS))}, not {min(unknown)}")
        if not _NUMBER.fullmatch(request.query_params.get("after", "0")):
            return wrong("after is the number of a call, like 12")
        calls = [
            {**call.as_json(), "path": path_values(call, router)}
            for call in recording.calls(dict(request.query_params))
        ]
        return Json({"count": len(calls), "forgotten": recording.forgotten, "calls": calls})

    async def coverage(self, request: Request) -> Response:
        """Which operations were called."""
        loaded = await self._backend.ready()
        numbers = {str(version) for version in loaded.versions.served}
        wanted = [text.partition(".")[0] for text in request.query_params.getlist("version")]
        chosen = [int(text) for text in wanted if text in numbers]
        if len(chosen) < len(wanted):
            return wrong("version is one that this server has, like 67.0")
        report = loaded.recording.coverage(chosen)
        if request.query_params.get("format") == "markdown":
            return PlainTextResponse(coverage_as_markdown(report), media_type="text/markdown")
        return Json(report)

    async def faults(self, request: Request) -> Response:
        """The faults that wait; order one, or forget them."""
        if request.method == "GET":
            return Json({"faults": self._backend.plan.listing()})
        if request.method == "DELETE":
            self._backend.plan.clear()
            return Response(status_code=204)
        return await self._with_body(request, lambda order: Json(self._backend.plan.add(order), 201))

    async def state(self, request: Request) -> Response:
        """What is kept, or forget it."""
        state = (await self._backend.ready()).service.state
        if state is None:
            return wrong("this server keeps no state: start it with --state", 404)
        if request.method == "DELETE":
            state.clear()
            return Response(status_code=204)
        return Json(state.listing())

    async def new_token(self, request: Request) -> Response:
        """A new access token without a login."""
        return Json({"access_token": self._backend.tokens.issue(), "token_type": "Bearer"}, 201)

    async def expire(self, request: Request) -> Response:
        """Let a token expire: `{"token": …}`, or all."""
        tokens = self._backend.tokens
        return await self._with_body(request, lambda order: Json({"expired": tokens.expire(_token(order))}))

    async def revoke(self, request: Request) -> Response:
        """Revoke a token: `{"token": …}`, or all."""
        tokens = self._backend.tokens
        return await self._with_body(request, lambda order: Json({"revoked": tokens.revoke(_token(order))}))

    async def reset(self, request: Request) -> Response:
        """Begin anew: no calls, no faults, no tokens but those of the settings, no state."""
        self._backend.clear()
        return Response(status_code=204)

    async def link(self, request: Request) -> Response:
        """What a made-up URL leads to."""
        return PlainTextResponse("A URL that connectgen mock made up leads here.\n")

    async def photo(self, request: Request) -> Response:
        """A picture."""
        number = Chance(self._backend.settings.seed).number(request.path_params["rest"])
        return Response(picture(64, 64, number), media_type="image/png")

    async def _with_body(self, request: Request, act: Callable[[Mapping[str, object]], Response]) -> Response:
        return await with_body(request, self._backend.settings.limits.idle_seconds, act)


def _token(order: Mapping[str, object]) -> str | None:
    token = order.get("token")
    return None if token is None else str(token)
