"""The base of both clients: an org, a site, and the dispatcher that sends the calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, cast

from sf_connect.core.request.options import RequestOptions

if TYPE_CHECKING:
    import httpx2

    from sf_connect.core.request.retry_policy import RetryPolicy
    from sf_connect.core.transport.cookies import Cookies
    from sf_connect.core.transport.dispatchers import Dispatcher
    from sf_connect.core.transport.hooks import Hooks
    from sf_connect.core.transport.rate_limits import RateLimiter
    from sf_connect.core.transport.sessions import Settings

D = TypeVar("D", bound="Dispatcher[Any]")
OwnClient = TypeVar("OwnClient", bound="Client[Any]")


class Client(Generic[D]):
    """Base of both clients."""

    api_version: ClassVar[str]
    retired_in: ClassVar[str | None] = None
    _dispatcher: D
    _owns_http: bool = False

    def __repr__(self) -> str:
        if not hasattr(self, "_dispatcher"):  # a tool shows the client of a constructor that failed
            return f"<{type(self).__name__} {self.api_version}, not made>"
        site = f", site {self.site_id!r}" if self.site_id is not None else ""
        return f"<{type(self).__name__} {self.api_version} of {self.instance_url}{site}>"

    def __dir__(self) -> list[str]:
        """The public names."""
        return [name for name in super().__dir__() if name.startswith("__") or not name.startswith("_")]

    @property
    def instance_url(self) -> str:
        """The URL of the org."""
        return self._dispatcher.instance_url

    @property
    def cookies(self) -> Cookies:
        """The cookies of an anonymous client.

        Raises:
            RuntimeError: the client is not anonymous: it sends its token, and no cookies.
        """
        found = self._dispatcher.session.cookies
        if found is None:
            raise RuntimeError("only anonymous clients have cookies; this one sends a token")
        return cast("Cookies", found)

    @property
    def options(self) -> RequestOptions:
        """The settings of all calls."""
        return self._dispatcher.options

    @property
    def site_id(self) -> str | None:
        """The id of the Experience Cloud site that the client calls; None outside of sites."""
        return self._dispatcher.site_id

    def shares_session_with(self, other: object) -> bool:
        """Whether another client calls the same org with the same token, whatever its version or site."""
        theirs: object = getattr(getattr(other, "_dispatcher", None), "session", None)
        return theirs is self._dispatcher.session

    def site(self: OwnClient, community_id: str) -> OwnClient:
        """The same client inside an Experience Cloud site; it shares the session.

        Args:
            community_id: the site's id, or `internal` for the default one.
        """
        if not community_id:
            raise ValueError("give a site's id, or 'internal' for the default one")
        return self._sharing(self._dispatcher.with_site(community_id))

    @classmethod
    def _sharing(cls, dispatcher: D) -> Self:
        """A client that shares a session; closing it does not close the session."""
        client = object.__new__(cls)
        client._dispatcher = dispatcher
        return client

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
        # Late: sessions import httpx2, and importing a package needs none of the others.
        from sf_connect.core.exceptions import warn_if_retired
        from sf_connect.core.request.retry_policy import RetryPolicy
        from sf_connect.core.request.urls import check_api_url
        from sf_connect.core.transport.hooks import Hooks
        from sf_connect.core.transport.sessions import Settings

        completed = (options or RequestOptions()).over(RequestOptions(timeout=timeout, total_timeout=total_timeout))
        url, policy = check_api_url(instance_url), retry_policy or RetryPolicy()
        warn_if_retired(cls.api_version, cls.retired_in)
        return Settings(url, completed, policy, rate_limiter, hooks or Hooks())
