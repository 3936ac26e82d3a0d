"""URLs that a token may be sent to: those of its own instance."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

_INTERFACES: Mapping[str, str] = {
    ".lightning.crmforce.mil": ".my.salesforce.mil",
    ".lightning.force.com": ".my.salesforce.com",
    ".lightning.force.mil": ".my.salesforce.mil",
    ".lightning.sfcrmapps.cn": ".my.sfcrmproducts.cn",
    ".my.salesforce-setup.com": ".my.salesforce.com",
    ".vf.force.com": ".my.salesforce.com",
}
"""Endings of hosts of the user interface, and of the hosts of the same orgs' APIs."""
_PAGES = re.compile(r"--[^.-]+(?=\.|$)")
"""What a host of Visualforce pages has behind the org's name, `acme--c` or `acme--uat--c`."""
_LOGINS = (
    "login.salesforce.com",
    "login.salesforce.mil",
    "login.sfcrmproducts.cn",
    "test.salesforce.com",
    "test.salesforce.mil",
    "test.sfcrmproducts.cn",
    "welcome.salesforce.com",
)
"""Hosts at which users of all orgs log in."""
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def check_instance_url(url: str) -> str:
    """An instance's URL without its trailing slash.

    Raises:
        ValueError: it is not an https URL (http only for this machine), it has a user, query or fragment, or
            it includes the path of the API.
    """
    try:
        fault = _fault(url)
    except ValueError:
        fault = "it cannot be parsed"
    if fault is not None:  # the URL itself is not shown: it may hold a secret
        raise ValueError(
            "instance_url must look like https://acme.my.salesforce.com (http only for this machine), "
            f"without user, query or fragment: {fault}"
        )
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def check_api_url(url: str) -> str:
    """The URL of an org to which calls go; as `check_instance_url`.

    Raises:
        ValueError: it is none, or a URL at which users only log in.
    """
    checked = check_instance_url(url)
    if is_login_host(host := urlsplit(checked).hostname):
        raise ValueError(
            f"instance_url must be the org's own, such as https://acme.my.salesforce.com: users log in at {host}, but "
            "it serves no org"
        )
    return checked


def is_login_host(host: str | None) -> bool:
    """Whether users of all orgs log in at a host, which serves no org."""
    return host in _LOGINS


def _fault(url: object) -> str | None:
    """What is wrong with an instance's URL."""
    if not isinstance(url, str):
        return f"it is a {type(url).__name__}, not a str"
    if not url:
        return "it is empty"
    if not url.isascii() or not url.isprintable() or " " in url:
        return "it has a space or another character that is not allowed in URLs"
    parts = urlsplit(url)
    local = parts.hostname in _LOOPBACK
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        return f"it begins with {parts.scheme}://" if "://" in url else "https:// is missing"
    if not parts.hostname or parts.port == 0:
        return "it has no host, or no port after the colon"
    if "@" in parts.netloc:
        return "it has a user"
    if (own := _host_of_api(parts.hostname)) is not None:
        return f"{parts.hostname} is the user interface; the org's API is at https://{own}"
    if parts.query or parts.fragment:
        return "it has a query or a fragment"
    if f"{parts.path}/".startswith("/services/"):
        return "/services/… is added by the client"
    return None


def _host_of_api(host: str) -> str | None:
    """The host of an org's API, by one of its user interface; None where it is none."""
    for ending, of_api in _INTERFACES.items():
        if host.endswith(ending):
            name = host.removesuffix(ending)
            return (_PAGES.sub("", name, count=1) if ending.startswith(".vf.") else name) + of_api
    return None


def own_url(instance_url: str, url: str) -> str | None:
    """A URL that the server sent, made absolute; None where it lies outside the instance.

    On a site's host, a URL of the API is relative to the site, whose path comes before `/services`.
    """
    try:
        if url.startswith("/services/"):
            url = urlsplit(instance_url).path + url
        whole = urljoin(f"{instance_url}/", url)
        whole.encode()  # half of a surrogate pair is in no URL
        if _origin(whole) == _origin(instance_url) and "\\" not in whole:
            return whole
    except ValueError:
        pass
    return None


def _origin(url: str) -> tuple[str, str | None, int | None, bool]:
    parts = urlsplit(url)
    port = {"https": 443, "http": 80}.get(parts.scheme) if parts.port is None else parts.port
    return parts.scheme, parts.hostname, port, "@" in parts.netloc
