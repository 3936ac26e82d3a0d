"""Addresses that a token may go to: those of its own instance."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def instance(address: str) -> str:
    """An instance's address without its last slash.

    Raises:
        ValueError: it is no https address (http only for this machine), or it has a user, query or fragment.
    """
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    secure = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    plain = address.isascii() and address.isprintable() and " " not in address
    if not host or not secure or not plain or "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(
            "instance_url must look like https://acme.my.salesforce.com (http only for this machine), "
            "without user, query or fragment"
        )
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def own(instance_url: str, address: str) -> str | None:
    """An address that the server sent, made absolute; None where it lies outside the instance.

    On a site's host, an address of the API is relative to the site, whose path stands before `/services`.
    """
    try:
        if address.startswith("/services/"):
            address = urlsplit(instance_url).path + address
        whole = urljoin(f"{instance_url}/", address)
        if _origin(whole) == _origin(instance_url) and "\\" not in whole:
            return whole
    except ValueError:
        pass
    return None


def _origin(address: str) -> tuple[str, str | None, int | None, bool]:
    parts = urlsplit(address)
    port = {"https": 443, "http": 80}.get(parts.scheme) if parts.port is None else parts.port
    return parts.scheme, parts.hostname, port, "@" in parts.netloc
