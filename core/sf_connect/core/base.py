"""What both kinds of clients have in common: a session, a site, and how calls are made of operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, cast

from sf_connect.core.addresses import instance, own
from sf_connect.core.operations import Operation, RequestOptions, Values, completed_options

if TYPE_CHECKING:
    import httpx2

    from sf_connect.core.calls import Call
    from sf_connect.core.hooks import Hooks
    from sf_connect.core.limits import RateLimiter
    from sf_connect.core.requests import Request
    from sf_connect.core.retries import RetryPolicy
    from sf_connect.core.sessions import Session, Settings

T = TypeVar("T")
S = TypeVar("S", bound="Session")
Made = TypeVar("Made", bound="Client[Any]")
_VERSION = "0.1.0"
SECONDS = 60.0
TOTAL_SECONDS = 120.0


class Client(Generic[S]):
    """Base of both clients."""

    api_version: ClassVar[str]
    retired_in: ClassVar[str | None] = None
    _session: S
    _owns_http: bool = False
    _site: str | None = None

    def __repr__(self) -> str:
        site = f", site {self._site!r}" if self._site is not None else ""
        return f"<{type(self).__name__} {self.api_version} of {self.instance_url}{site}>"

    @property
    def instance_url(self) -> str:
        """The address of the org."""
        return self._session.settings.instance_url

    @property
    def options(self) -> RequestOptions:
        """The settings of all calls."""
        return self._session.settings.options

    @property
    def site_id(self) -> str | None:
        """The id of the site that the client is inside of; None outside of sites."""
        return self._site

    def shares_session_with(self, other: object) -> bool:
        """Whether another client calls the same org with the same token, whatever its version or site."""
        return isinstance(other, Client) and other._session is self._session  # pyright: ignore[reportUnknownMemberType]

    def site(self: Made, community_id: str) -> Made:
        """The same client inside an Experience Cloud site; it shares the session.

        Args:
            community_id: the site's id, or `internal` for the default one.
        """
        if not community_id:
            raise ValueError("give a site's id, or 'internal' for the default one")
        return self._sharing(self._session, community_id)

    def prepare(
        self,
        operation: Operation[T],
        path: tuple[object, ...] = (),
        query: Values | None = None,
        form: Values | None = None,
        headers: Values | None = None,
        body: object = None,
        parts: Values | None = None,
        options: RequestOptions | None = None,
    ) -> Call[T]:
        """The call that `send` would send.

        Raises:
            ValueError: an argument cannot be sent.
        """
        from sf_connect.core.requests import build

        merged = self._merged(options)
        request = build(operation, path, query, form, headers, body, parts, merged, self.api_version, self._site)
        return self._make_call(operation, request, None, merged)

    def prepare_address(self, operation: Operation[T], address: str, options: RequestOptions | None = None) -> Call[T]:
        """The call that `follow_url` would send.

        Raises:
            CrossOriginError: the address lies outside the instance.
            TypeError: it is no text, such as None where an answer names no address.
            ValueError: it is empty.
        """
        from sf_connect.core.exceptions import CrossOriginError
        from sf_connect.core.requests import build_for_address

        given = cast("object", address)  # what its type says is no promise at run time
        if not isinstance(given, str):
            raise TypeError(
                f"{operation.name}: the address is {type(given).__name__}, not a str: did the answer name one?"
            )
        if not given:
            raise ValueError(f"{operation.name}: the address is empty: did the answer name one?")
        whole = own(self.instance_url, address)
        if whole is None:
            raise CrossOriginError(f"{operation.name}: an address outside {self.instance_url} is not followed")
        merged = self._merged(options)
        return self._make_call(operation, build_for_address(whole, merged), whole, merged)

    @classmethod
    def _sharing(cls, session: S, site: str | None) -> Self:
        """Another client of a session, which does not close it."""
        made = object.__new__(cls)
        made._session, made._site = session, site
        return made

    def _merged(self, options: RequestOptions | None) -> RequestOptions:
        return completed_options(options, self.options)

    def _make_call(
        self, operation: Operation[T], request: Request, address: str | None, options: RequestOptions
    ) -> Call[T]:
        from sf_connect.core.calls import Call
        from sf_connect.core.preparing import prepared

        session = self._session
        policy = options.retry_policy or session.settings.policy
        agent = f"sf-connect-core/{_VERSION} (API {self.api_version})"
        sent = prepared(operation, request, options, policy, agent)
        whole = address or session.settings.instance_url + sent.target
        return Call(
            operation,
            sent,
            request.method,
            whole,
            options,
            policy,
            session.budget,
            self.api_version,
            self.retired_in,
        )

    @classmethod
    def _settings(
        cls,
        instance_url: str,
        timeout: float | httpx2.Timeout,
        total_timeout: float | None,
        options: RequestOptions | None,
        retry_policy: RetryPolicy | None,
        rate_limiter: RateLimiter | None,
        hooks: Hooks | None,
    ) -> Settings:
        from sf_connect.core.exceptions import warn_if_retired
        from sf_connect.core.hooks import Hooks
        from sf_connect.core.retries import RetryPolicy
        from sf_connect.core.sessions import Settings

        completed = (options or RequestOptions()).over(RequestOptions(timeout=timeout, total_timeout=total_timeout))
        settings = Settings(
            instance(instance_url), completed, retry_policy or RetryPolicy(), rate_limiter, hooks or Hooks()
        )
        warn_if_retired(cls.api_version, cls.retired_in)
        return settings


def one_of(http_client: object, transport: object) -> None:
    """Refuse two ways to connect.

    Raises:
        ValueError: both are given.
    """
    if http_client is not None and transport is not None:
        raise ValueError("give http_client or transport, not both")
