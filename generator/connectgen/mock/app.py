"""The application: Starlette with the API, the login, the control API and the rule for browsers."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectgen.mock.backend import Backend
from connectgen.mock.control import Control
from connectgen.mock.cors import Cors
from connectgen.mock.endpoint import Endpoint
from connectgen.mock.login import Login
from connectgen.mock.refusal import REASON_HEADER


def application(backend: Backend) -> Starlette:
    """The ASGI application.

    Args:
        backend: what is behind it.
    """
    login = Login(backend.settings, backend.tokens, backend.user_id)
    return Starlette(
        routes=[*login.routes(), *login.routes("/{site}"), *Control(backend).routes()],
        middleware=[
            Middleware(Cors, origins=backend.settings.origins),
            Middleware(Endpoint, backend=backend),
        ],
        exception_handlers={404: _not_found},
    )


async def _not_found(request: Request, error: Exception) -> Response:
    message = "The requested resource does not exist; the API is under /services/data/vNN.0"
    body = [{"errorCode": "NOT_FOUND", "message": message}]
    return JSONResponse(body, 404, {REASON_HEADER: f"unknown-path: {message}"})
