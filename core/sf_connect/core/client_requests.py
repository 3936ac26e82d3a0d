"""The methods of clients for what no operation describes. What they need is imported when they are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from sf_connect.core.base import Client

if TYPE_CHECKING:
    from sf_connect.core.request.operations import Values
    from sf_connect.core.request.options import RequestOptions
    from sf_connect.core.transport.dispatchers import AsyncDispatcher, SyncDispatcher  # noqa: F401 - bases
    from sf_connect.core.wire.uploads import Upload

T = TypeVar("T")


class SyncRequests(Client["SyncDispatcher"]):
    """`request`, which waits for its response."""

    @overload
    def request(
        self,
        method: str,
        path: str,
        *,
        params: Values | None = None,
        json: object = None,
        form: Values | None = None,
        files: Mapping[str, Upload] | None = None,
        into: None = None,
        retry: Literal["safe", "unsafe"] | None = None,
        options: RequestOptions | None = None,
    ) -> Any: ...

    @overload
    def request(
        self,
        method: str,
        path: str,
        *,
        params: Values | None = None,
        json: object = None,
        form: Values | None = None,
        files: Mapping[str, Upload] | None = None,
        into: type[T],
        retry: Literal["safe", "unsafe"] | None = None,
        options: RequestOptions | None = None,
    ) -> T: ...

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Values | None = None,
        json: object = None,
        form: Values | None = None,
        files: Mapping[str, Upload] | None = None,
        into: Any = None,
        retry: Literal["safe", "unsafe"] | None = None,
        options: RequestOptions | None = None,
    ) -> Any:
        """Call a URL that no method covers: `client.request("GET", "/query", params={"q": "SELECT …"})`.

        Login, retries, limits and errors are those of all calls; `raw` and `batch` take it as any operation.

        Args:
            method: the HTTP method.
            path: the path below `/services/data/vNN.0`; one that begins with `/services/` is taken from the host. A
                client of a site does not change it.
            params: the query; what is None is not sent, lists are joined by commas.
            json: the body: dicts and lists, or an object of this package's models.
            form: the fields of a form, instead of a body.
            files: files to upload, by the names of their parts.
            into: the type to decode the response to, such as a model or `list[m.User]`, or `bytes`.
            retry: whether the call may be sent again after a failure; by default, where it is not POST or PATCH.
            options: settings of this call.

        Returns:
            The response as `into`; without it, plain dicts and lists, or None where it is empty.

        Raises:
            CrossOriginError: the URL lies outside the instance; the token is not sent there.
            SFConnectError: the call failed.
            ValueError: the method or the path cannot be sent.
        """
        from sf_connect.core.features.custom_requests import custom_request  # late: it imports json and urllib.parse

        dispatcher = self._dispatcher
        made = custom_request(dispatcher.instance_url, method, path, params, into, retry)
        return dispatcher.send(made.operation, (), made.query, form, None, json, files, options)

    def access_token(self, *, refused: str | None = None) -> str:
        """The token that calls send now, for another library that calls the same org.

        Do not store it: the client replaces it when the server says that it has expired.

        Args:
            refused: the token, where the server has just refused it in the other library; another one is obtained,
                unless the client has one already.

        Raises:
            LoginError: there is no token, or no other one.
            APIConnectionError: the server did not respond to the login.
        """
        from sf_connect.core.transport.tokens import revealed_token  # late: it imports pathlib

        return revealed_token(self._dispatcher.session.tokens, refused)


class AsyncRequests(Client["AsyncDispatcher"]):
    """`request`, which is awaited."""

    @overload
    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Values | None = None,
        json: object = None,
        form: Values | None = None,
        files: Mapping[str, Upload] | None = None,
        into: None = None,
        retry: Literal["safe", "unsafe"] | None = None,
        options: RequestOptions | None = None,
    ) -> Any: ...

    @overload
    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Values | None = None,
        json: object = None,
        form: Values | None = None,
        files: Mapping[str, Upload] | None = None,
        into: type[T],
        retry: Literal["safe", "unsafe"] | None = None,
        options: RequestOptions | None = None,
    ) -> T: ...

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Values | None = None,
        json: object = None,
        form: Values | None = None,
        files: Mapping[str, Upload] | None = None,
        into: Any = None,
        retry: Literal["safe", "unsafe"] | None = None,
        options: RequestOptions | None = None,
    ) -> Any:
        """Call a URL that no method covers, as `SyncRequests.request`: `await client.request("GET", "/limits")`."""
        from sf_connect.core.features.custom_requests import custom_request  # late: it imports json and urllib.parse

        dispatcher = self._dispatcher
        made = custom_request(dispatcher.instance_url, method, path, params, into, retry)
        return await dispatcher.send(made.operation, (), made.query, form, None, json, files, options)

    async def access_token(self, *, refused: str | None = None) -> str:
        """The token that calls send now, as `SyncRequests.access_token`."""
        from sf_connect.core.transport.tokens import revealed_token_async  # late: it imports pathlib

        return await revealed_token_async(self._dispatcher.session.tokens, refused)
