"""What a person may set about the mock."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from connectgen.mock.bounds import Bounds

DEFAULT_TOKEN = "mock-token"  # noqa: S105  no secret: it opens nothing but the mock
DEFAULT_CLIENT_ID = "mock-client"
DEFAULT_CLIENT_SECRET = "mock-secret"  # noqa: S105  no secret either


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one server.

    Attributes:
        seed: a different seed gives different responses; the same seed and request, the same response.
        versions: the versions that are served; all where empty.
        items: how many items a list has in all; by default each list has a number of its own, from 5 to 40.
        keeps_state: whether what was created, changed and deleted shows in later responses.
        retired_are_gone: whether retired versions get a 410, as an org does.
        tokens: access tokens that are accepted besides those that the login gives.
        any_token: whether every token is accepted that was not revoked and has not expired.
        client_id: the consumer key that the login takes.
        client_secret: the consumer secret that the login takes.
        token_seconds: how long an access token lasts.
        jwt_key: a PEM file with the public key or certificate that signed logins are checked against.
        origins: origins of browsers that may read responses; `https://*.example.com` matches all below.
        hosts: names that requests may give as Host, besides those of loopback; any name where it is None.
        limits: how much one request may ask.
        stubs: files of stubs, in use from the start.
        pending_calls: how often what is asynchronous is looked at before it has ended.
        pending_seconds: how long what is asynchronous takes.
        only_stubs: whether requests that no stub is for are refused.
    """

    seed: int = 0
    versions: tuple[int, ...] = ()
    items: int | None = None
    keeps_state: bool = False
    retired_are_gone: bool = False
    tokens: tuple[str, ...] = (DEFAULT_TOKEN,)
    any_token: bool = False
    client_id: str = DEFAULT_CLIENT_ID
    client_secret: str = DEFAULT_CLIENT_SECRET
    token_seconds: float = 7200
    jwt_key: Path | None = None
    origins: tuple[str, ...] = ()
    hosts: frozenset[str] | None = frozenset()
    limits: Bounds = field(default_factory=Bounds)
    stubs: tuple[Path, ...] = ()
    only_stubs: bool = False
    pending_calls: int = 0
    pending_seconds: float = 0.0
