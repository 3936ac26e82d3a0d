"""Where the client comes from."""

from sf_connect.v67 import Connect

__all__ = ["Connect", "connect"]


def connect(url: str, token: str) -> Connect:
    """A client."""
    return Connect(url, token=token)
