"""Tests against `connectgen mock`, the local Connect REST API server: `pip install "sf-connect-core[testing]"`.

pytest finds the fixtures on its own: `connect_mock`, `connect_client`, `connect_async_client` (see
`sf_connect.testing.plugin`). Without pytest, `MockServer` starts a server.
"""

from sf_connect.testing.calls import Call
from sf_connect.testing.control import MockServerError
from sf_connect.testing.responses import Response
from sf_connect.testing.server import MockServer

__all__ = ["Call", "MockServer", "MockServerError", "Response"]
