"""Orders stubs and faults of a running mock server, and asks what it was called with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from sf_connect.testing.calls import Call
from sf_connect.testing.functions import FunctionRunner
from sf_connect.testing.responses import NOTHING, Response, as_json, as_order, version_of, without_classes

Match: TypeAlias = Mapping[str, Any]
Named: TypeAlias = str | Callable[..., object]


class MockServerError(RuntimeError):
    """The mock server did not start, or refused a request; the message holds its output."""


class MockControl:
    """What a test orders and asks of a mock server."""

    def __init__(self) -> None:
        self._functions: FunctionRunner | None = None

    @property
    def url(self) -> str:
        """The URL of the server."""
        raise NotImplementedError

    def respond(
        self,
        operation: Named,
        *responses: Any,
        match: Match | None = None,
        version: str | None = None,
        times: int | None = None,
        strict: bool = True,
        optional: bool = False,
        status: int | None = None,
        headers: Mapping[str, str] | None = None,
        error: str | Mapping[str, str] | Sequence[Mapping[str, str]] | None = None,
        delay: int = 0,
        fill: bool = False,
        media_type: str | None = None,
    ) -> int:
        """Order a response in place of the generated one. Of several stubs that fit a request, the newest responds.

        Args:
            operation: its name (`"commerce.checkouts.get"`), a client's method (`client.commerce.checkouts.get`), or
                method and path after the version with `*` (`"GET /query"`), also of paths that the mock does not know.
            responses: a `Response`, or only its body: an object of the generated package, what JSON can hold, bytes
                that are sent as they are, or a function of the `Call` that returns one of these. Several come one
                after another, the last again and again. None at all: what the mock generates.
            match: only requests with these values: `path` (the values in the path by the API's names, or the path with
                `*`), `query` and `headers` (None for one that must be absent; texts may have `*`), `body` (what it has
                at least), `method`.
            version: only requests of this API version; by default that of an object among the responses.
            times: for how many requests; None for all.
            strict: whether the mock refuses responses that the version's type does not allow.
            optional: whether `assert_all_used` lets it be unused.
            status: the status of responses that are only a body.
            headers: their headers.
            error: an error in their place: its code, or the error array.
            delay: milliseconds before each of them.
            fill: whether the mock generates what an object does not say.
            media_type: the content type of bytes.

        Returns:
            The number of the stub.

        Raises:
            MockServerError: there is no such operation, or a response is not of its type; the message says why.
        """
        defaults = Response(
            status=status, headers=headers or {}, error=error, delay=delay, fill=fill, media_type=media_type
        )
        order: dict[str, Any] = _named(operation, match)
        order["responses"] = [self._response(one, defaults) for one in responses or (NOTHING,)]
        order.update(times=times, strict=strict, optional=optional, version=version or version_of(responses))
        number: int = self._ask("POST", "stubs", body=order)["number"]
        return number

    def remove_stub(self, number: int) -> None:
        """Remove a stub by the number that `respond` returned.

        Raises:
            MockServerError: there is none with that number.
        """
        self._ask("DELETE", f"stubs/{number}")

    def only_stubs(self, *, only: bool = True) -> None:
        """Let the mock refuse requests that no stub is for (501), until `reset`; the message names the nearest stub."""
        self._ask("POST", "stubs/only", body={"only": only})

    def pending(
        self, operation: Named | None = None, *, calls: int = 0, seconds: float = 0.0, fails: bool = False
    ) -> None:
        """Let what is asynchronous take its time, until `reset`; by default it has ended when it is first looked at.

        Args:
            operation: only what this operation shows, such as `data360.query.get_status`; all where it is None.
            calls: how often it is looked at before its end is seen, up to 1,000.
            seconds: how long it takes besides, from its beginning or the first look, up to 3,600.
            fails: whether its end is a failure, where the catalogue knows one.

        Raises:
            MockServerError: the operation shows no such state.
        """
        name = operation if operation is None or isinstance(operation, str) else _name_of(operation)
        self._ask("POST", "pending", body={"operation": name, "calls": calls, "seconds": seconds, "fails": fails})

    def assert_all_used(self) -> None:
        """Check that each stub has responded to a request, but those that are optional.

        Raises:
            AssertionError: one has not; the message has the call that comes nearest.
        """
        __tracebackhide__ = True
        stubs = self._ask("GET", "stubs")["stubs"]
        unused = [stub for stub in stubs if not stub["uses"] and not stub["optional"]]
        if unused:
            lines = [f"  stub {stub['number']} ({stub['for']}): {_nearest(stub['nearest'])}" for stub in unused]
            raise AssertionError("\n".join([f"{len(unused)} of {len(stubs)} stubs not used:", *lines]))

    def assert_called_with(
        self,
        operation: Named,
        body: Any = NOTHING,
        *,
        match: Match | None = None,
        version: str | None = None,
        times: int | None = None,
    ) -> list[Call]:
        """Check that an operation was called.

        Args:
            operation: as in `respond`.
            body: what the body had at least: an object of the generated package, or JSON.
            match: as in `respond`.
            version: the API version.
            times: how often; at least once by default.

        Returns:
            The calls.

        Raises:
            AssertionError: it was not, or not so often; the message has the calls that come nearest.
            MockServerError: there is no such operation.
        """
        __tracebackhide__ = True
        order: dict[str, Any] = _named(operation, match)
        if body is not NOTHING:
            order["match"]["body"] = without_classes(as_json(body))
        found = self._ask("POST", "calls/verify", body={**order, "version": version})
        count: int = found["count"]
        if count if times is None else count == times:
            numbers = set(found["numbers"])
            return [call for call in self.calls() if call["number"] in numbers]
        wanted = "at least once" if times is None else _times(times)
        lines = [f"{found['criteria']} was called {_times(count)}, not {wanted}"]
        nearest = [f"  nearest: {text}" for text in found["nearest"]]
        raise AssertionError("\n".join([*lines, *(nearest or ["  no other call was to that operation"])]))

    def assert_not_called(self, operation: Named, *, match: Match | None = None) -> None:
        """Check that an operation was not called.

        Args:
            operation: as in `respond`.
            match: as in `respond`.

        Raises:
            AssertionError: it was.
            MockServerError: there is no such operation.
        """
        __tracebackhide__ = True
        self.assert_called_with(operation, match=match, times=0)

    def calls(self, operation: Named | None = None, **wanted: object) -> list[Call]:
        """The requests since the start or the last `reset`, oldest first.

        Args:
            operation: only those of this operation.
            wanted: only those with these values: `method`, `version`, `status`.
        """
        if operation is not None:
            wanted["operation"] = operation if isinstance(operation, str) else _name_of(operation)
        found = self._ask("GET", "calls", {name: str(value) for name, value in wanted.items()})["calls"]
        return [Call(one) for one in found]

    def coverage(self) -> dict[str, Any]:
        """By version (`"67.0"`), which operations were called successfully, and which were not."""
        found: dict[str, Any] = self._ask("GET", "coverage")["versions"]
        return found

    def fault(
        self, times: int | None = 1, *, skip: int = 0, match: Mapping[str, str] | None = None, **what: object
    ) -> None:
        """Make the next requests fail.

        Args:
            times: how many; None for all from now on.
            skip: how many matching requests succeed first.
            match: only requests with these values: `method`, `path` (after the version, with `*`), `version`.
            what: what happens: `status=500`, `hourly_limit=True`, `latency=250`, `reset=True`, `future_server=True` …

        Raises:
            MockServerError: there is no such fault.
        """
        self._ask("POST", "faults", body={"fault": what, "times": times, "skip": skip, "match": dict(match or {})})

    def expire_tokens(self) -> None:
        """Expire all access tokens, `token` too, until `reset`."""
        self._ask("POST", "tokens/expire", body={})

    def new_token(self) -> str:
        """An access token without a login."""
        token: str = self._ask("POST", "tokens", body={})["access_token"]
        return token

    def reset(self) -> None:
        """Clear calls, stubs, faults, tokens and what was created; stubs of a file begin anew."""
        if self._functions is not None:
            self._functions.forget()
        self._ask("POST", "reset", body={})

    def _response(self, response: Any, defaults: Response) -> dict[str, Any]:
        if not callable(response) or isinstance(response, type):
            return as_order(response, defaults)
        if self._functions is None:
            self._functions = FunctionRunner(self.url)
        return {"function": self._functions.add(response, defaults)}

    def _stop_functions(self) -> None:
        if self._functions is not None:
            self._functions.stop(lambda owner: self._ask("DELETE", "functions", {"owner": owner}))
        self._functions = None

    def _ask(self, method: str, path: str, query: Mapping[str, str] | None = None, body: object = None) -> Any:
        raise NotImplementedError


def _named(operation: Named, match: Match | None) -> dict[str, Any]:
    """What names an operation, or method and path, in an order."""
    criteria = {name: without_classes(as_json(value)) for name, value in (match or {}).items()}
    name = operation if isinstance(operation, str) else _name_of(operation)
    if "/" not in name:
        return {"operation": name, "match": criteria}
    method, _, path = name.rpartition(" ")
    return {"match": {**criteria, "path": path, **({"method": method} if method else {})}}


def _name_of(method: Callable[..., object]) -> str:
    """The name of the operation that a client's method calls."""
    module = str(getattr(method, "__module__", ""))
    family, _, group = module.partition(".groups.")[2].partition(".")
    if not group:
        raise TypeError(f"{method!r} is no method of a generated client, such as client.chatter.users.get")
    return f"{family}.{group.partition('.')[0]}.{getattr(method, '__name__', '')}"


def _nearest(text: str | None) -> str:
    return f"nearest call {text}" if text else "nothing called that operation"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
