"""Addresses that a token may go to: those of its own instance."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def check_instance_url(address: str) -> str:
    """An instance's address without its last slash.

    Raises:
        ValueError: it is no https address (http only for this machine), it has a user, query or fragment, or it goes on
            with the API's own path.
    """
    try:
        fault = _fault(address)
    except ValueError:
        fault = "it cannot be read"
    if fault is not None:  # the address itself is not shown: it may hold a secret
        raise ValueError(
            "instance_url must look like https://acme.my.salesforce.com (http only for this machine), "
            f"without user, query or fragment: {fault}"
        )
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _fault(address: object) -> str | None:
    """What is wrong with an instance's address."""
    if not isinstance(address, str):
        return f"it is a {type(address).__name__}, not a str"
    if not address:
        return "it is empty"
    if not address.isascii() or not address.isprintable() or " " in address:
        return "it has a space or another character that no address has"
    parts = urlsplit(address)
    local = parts.hostname in _LOOPBACK
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        return f"it begins with {parts.scheme}://" if "://" in address else "https:// is missing"
    if not parts.hostname or parts.port == 0:
        return "it has no host, or no port after the colon"
    if "@" in parts.netloc:
        return "it has a user"
    if parts.query or parts.fragment:
        return "it has a query or a fragment"
    if f"{parts.path}/".startswith("/services/"):
        return "/services/… is added by the client"
    return None


def own_url(instance_url: str, address: str) -> str | None:
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
