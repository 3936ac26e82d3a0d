"""What the tests of logins share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import serialization

from core.conftest import things

LogIn = Callable[..., Any]
APP: dict[str, Any] = {"client_id": "app", "client_secret": "app-secret"}
BACK = "http://localhost:1717/callback"


def ada(client: Any) -> Any:
    return things(client).get("1")


def pem(key: Any, password: bytes | None = None) -> bytes:
    encryption = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    made: bytes = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    return made
