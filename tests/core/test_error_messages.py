"""What is said where no response comes: with whom, why, and after how many attempts; and what is not said."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

import sf_connect.core as e
from core.conftest import GET_THING, QUICK, TOKEN
from core.server import running
from sf_connect.core import RequestOptions, RetryPolicy

Send = Callable[..., Any]
ONCE = RetryPolicy(max_retries=0)
ALL = RequestOptions(query={"sid": "hidden-query"}, headers={"X-Key": "hidden-header"})


def failure(
    send: Send, address: str, retry: RetryPolicy = ONCE, timeout: Any = 5.0, **client: Any
) -> e.APIConnectionError:
    """Why a call of a URL gets no response; it shows nothing that was sent."""
    settings = {"instance_url": address, "retry_policy": retry, "timeout": timeout, **client}
    with pytest.raises(e.APIConnectionError) as raised:
        send(GET_THING, ("1",), client=settings, options=ALL)
    assert not any(secret in str(raised.value) for secret in ("hidden", TOKEN))
    return raised.value


@contextmanager
def listening(backlog: int, answer: Callable[[socket.socket], None] | None = None) -> Iterator[int]:
    """A port that listens; connections are accepted where somebody responses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(backlog)
        if answer is not None:
            threading.Thread(target=_accept, args=(listener, answer), daemon=True).start()
        yield listener.getsockname()[1]


def _accept(listener: socket.socket, answer: Callable[[socket.socket], None]) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            with connection, suppress(OSError):
                answer(connection)


def test_nobody_listens(send: Send) -> None:
    with running() as ended:
        pass
    told = f"got no response from 127.0.0.1:{ended.port}: connection refused (ConnectError)"
    assert str(failure(send, ended.url)).endswith(told)
    error = failure(send, ended.url, retry_policy=QUICK)
    assert str(error) == f"GET /services/data/v67.0/chatter/things/1 {told} [after 3 attempts]"
    assert isinstance(error, e.APIConnectionError)


def test_a_name_that_is_not_known(send: Send) -> None:
    told = "from no-such-host.invalid:443: the name of the host cannot be resolved (ConnectError)"
    assert told in str(failure(send, "https://no-such-host.invalid"))


def test_a_url_with_a_port_and_a_path(send: Send) -> None:
    assert "from localhost:1: " in str(failure(send, "http://localhost:1/shop"))
    assert "from [::1]:1: " in str(failure(send, "http://[::1]:1/shop"))


@pytest.mark.parametrize("timeout", [0.1, httpx2.Timeout(9.0, connect=0.1)])
def test_no_connection_in_time(send: Send, timeout: Any) -> None:
    with listening(0) as port:
        waiting = [socket.socket() for _ in range(3)]  # they fill what the listener lets wait, and are never accepted
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        error = failure(send, f"http://127.0.0.1:{port}", timeout=timeout)
        for one in waiting:
            one.close()
    assert isinstance(error, e.APITimeoutError)
    assert f"from 127.0.0.1:{port}: no connection within 0.1 seconds (ConnectTimeout)" in str(error)


@pytest.mark.parametrize("timeout", [0.1, httpx2.Timeout(9.0, read=0.1)])
def test_no_response_in_time(send: Send, timeout: Any) -> None:
    with listening(5) as port:
        error = failure(send, f"http://127.0.0.1:{port}", timeout=timeout)
    assert isinstance(error, e.APITimeoutError)
    assert f"from 127.0.0.1:{port}: nothing came for 0.1 seconds (ReadTimeout)" in str(error)


def test_a_connection_that_is_reset(send: Send) -> None:
    def reset(connection: socket.socket) -> None:
        connection.recv(10)  # the rest is left unread, so that closing resets

    with listening(5, reset) as port:
        assert f"from 127.0.0.1:{port}: connection reset by peer (ReadError)" in str(
            failure(send, f"http://127.0.0.1:{port}")
        )


def test_a_server_that_speaks_something_else(send: Send) -> None:
    def greet(connection: socket.socket) -> None:
        connection.recv(10_000)
        connection.sendall(f"220 welcome {TOKEN}\r\n\r\n".encode())

    with listening(5, greet) as port:
        plain = str(failure(send, f"http://127.0.0.1:{port}"))
        secure = str(failure(send, f"https://127.0.0.1:{port}"))
    assert "what the server sent is not HTTP (RemoteProtocolError)" in plain
    assert "TLS failed: wrong version number (ConnectError)" in secure


def test_a_certificate_that_nobody_vouches_for(send: Send, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(tmp_path))

    def handshake(connection: socket.socket) -> None:
        context.wrap_socket(connection, server_side=True).close()

    with listening(5, handshake) as port:
        told = str(failure(send, f"https://127.0.0.1:{port}"))
    assert f"from 127.0.0.1:{port}: the server's certificate is not accepted: self-signed certificate; if the" in told


def _certificate(folder: Path) -> Path:
    """A certificate that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, *form) + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
