"""What a package index holds, read from its Simple API; credentials are twine's, and used only when asked."""

from __future__ import annotations

import argparse
import hashlib
import os
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, cast
from urllib.parse import urlsplit

import requests
from pypi_simple import (
    DistributionPackage,
    NoSuchProjectError,
    PyPISimple,
    UnsupportedContentTypeError,
    UnsupportedRepoVersionError,
)
from twine.exceptions import TwineException
from twine.settings import Settings
from twine.utils import sanitize_url

from connectgen.diff.formats.terminal import printable
from connectgen.wheels.archives import Difference, difference
from connectgen.wheels.bounded import MOST_BYTES_OF_A_FILE, MOST_BYTES_OF_A_PAGE, BoundedAdapter
from connectgen.wheels.faults import PackageIndexError, ReleaseError
from connectgen.wheels.versions import Planned

_SIMPLE_ELSEWHERE = {
    "https://upload.pypi.org/legacy/": "https://pypi.org/simple/",
    "https://test.pypi.org/legacy/": "https://test.pypi.org/simple/",
}
_SECONDS = (10.0, 120.0)
"""How long a connection may take, and how long a response."""


@dataclass(frozen=True, slots=True)
class Local:
    """A file that is to be on the index: where it is, and its hash (SHA-256)."""

    path: Path
    sha256: str

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name

    def digest(self, algorithm: str) -> str:
        """The file's hash by any algorithm, in hexadecimal digits."""
        if algorithm == "sha256":
            return self.sha256
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.new(algorithm, usedforsecurity=False)).hexdigest()


class Index:
    """A package index; a context manager.

    Args:
        name: a URL to upload to, or a name that `.pypirc` has; `pypi` and `testpypi` are always known.
        simple: the URL of the Simple API; where omitted, that of PyPI, or `simple/` below the upload URL.

    Raises:
        ReleaseError: twine's configuration does not have the name, or the URL is not valid.
    """

    def __init__(self, name: str, simple: str | None = None) -> None:
        self.name = name
        self._settings = _twine_settings(name)
        self.upload = str(self._settings.repository_config["repository"])
        self.simple = simple or _SIMPLE_ELSEWHERE.get(self.upload) or f"{self.upload.rstrip('/')}/simple/"
        if urlsplit(self.simple).scheme not in ("http", "https"):
            raise ReleaseError(
                f"{self.simple}: is not the URL of a Simple API; write it like https://index.example/simple/"
            )
        self._session = _SameOriginSession(self.simple)
        if self._settings.cacert:
            self._session.verify = self._settings.cacert
        if self._settings.client_cert:
            self._session.cert = self._settings.client_cert
        self._client = PyPISimple(self.simple, session=self._session)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def __str__(self) -> str:
        return str(sanitize_url(self.upload))

    def files_of(self, project: str) -> dict[str, DistributionPackage]:
        """The files that the index has of a distribution, by name.

        Raises:
            PackageIndexError: the index cannot be read.
        """
        self._session.adapter.most_bytes = MOST_BYTES_OF_A_PAGE
        with self._report_plainly():
            try:
                page = self._client.get_project_page(project, timeout=_SECONDS)
            except NoSuchProjectError:
                return {}
            except requests.HTTPError as error:
                if error.response.status_code not in (401, 403) or not self._authenticate():
                    raise
                try:
                    page = self._client.get_project_page(project, timeout=_SECONDS)
                except NoSuchProjectError:
                    return {}
            return {package.filename: package for package in page.packages}

    def fetch(self, package: DistributionPackage, target: Path) -> Path:
        """Download a file into a folder.

        Raises:
            PackageIndexError: the index does not give it.
        """
        self._session.adapter.most_bytes = MOST_BYTES_OF_A_FILE
        with self._report_plainly():
            answer = self._session.get(package.url, timeout=_SECONDS)
            answer.raise_for_status()
            path = target / package.filename
            path.write_bytes(answer.content)
            return path

    def holds(self, package: DistributionPackage, local: Local, scratch: Path) -> bool:
        """Whether a file on the index is the very one that is here."""
        known = {name.lower(): digest for name, digest in package.digests.items()}
        for algorithm in ("sha256", "sha512", "sha384", "blake2b", "sha1", "md5"):
            if algorithm in known:
                return known[algorithm].lower() == local.digest(algorithm)
        return self.fetch(package, scratch).read_bytes() == local.path.read_bytes()

    def difference(self, package: DistributionPackage, local: Local, scratch: Path) -> Difference:
        """How a file on the index differs in what it holds."""
        return difference(self.fetch(package, scratch), local.path)

    def _authenticate(self) -> bool:
        """Use twine's credentials for reading too, where both URLs are of one origin; False where not."""
        if _origin(self.simple) != _origin(self.upload) or self._session.auth:
            return False
        try:
            username, password = self._settings.username, self._settings.password
        except (TwineException, requests.RequestException):
            return False
        self._session.auth = (username or "", password or "") if username or password else None
        return self._session.auth is not None

    @contextmanager
    def _report_plainly(self) -> Generator[None]:
        shown = sanitize_url(self.simple)
        try:
            yield
        except PackageIndexError as error:
            raise PackageIndexError(f"{shown}: {error}") from None
        except requests.HTTPError as error:
            status = f"{error.response.status_code} {error.response.reason}"
            if error.response.status_code in (401, 403):
                raise PackageIndexError(f"{shown}: does not let you read ({status}): {CREDENTIALS}") from None
            raise PackageIndexError(
                f"{shown}: responds with {status}; see that this is the URL of a Simple API"
            ) from None
        except requests.ConnectionError as error:
            raise PackageIndexError(
                f"{shown}: cannot be reached ({_cause(error)}); nothing was uploaded by this step"
            ) from None
        except requests.Timeout:
            raise PackageIndexError(f"{shown}: does not respond in time; try again later") from None
        except (
            requests.RequestException,
            UnsupportedContentTypeError,
            UnsupportedRepoVersionError,
            ValueError,
            TypeError,
            LookupError,
            RecursionError,
        ) as error:
            raise PackageIndexError(
                f"{shown}: the response is not that of a Simple API: {type(error).__name__}"
            ) from None


CREDENTIALS = "give twine credentials: TWINE_USERNAME and TWINE_PASSWORD, a .pypirc, or a keyring"


class _SameOriginSession(requests.Session):
    """Follows redirects within one origin only: an index that sends you to another one has nothing of its own."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._home = _origin(url)
        self.adapter = BoundedAdapter()
        for scheme in ("http://", "https://"):
            self.mount(scheme, self.adapter)

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Where a redirect leads, None where it leaves the index."""
        target = super().get_redirect_target(resp)
        if target is None or not urlsplit(target).netloc or _origin(target) == self._home:
            return target
        return None


def _twine_settings(name: str) -> Settings:
    """What `twine upload` would use: its options' variables, `.pypirc`, keyring."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    Settings.register_argparse_arguments(parser)
    where = ["--repository-url", name] if "://" in name else ["--repository", name]
    try:
        arguments = parser.parse_args([*where, "--non-interactive"])
        if "://" not in name:
            arguments.repository_url = None
        return Settings.from_argparse(arguments)
    except TwineException as error:
        reason = str(error.args[0]).splitlines()[0]
        raise ReleaseError(f"{sanitize_url(name)}: twine does not know this index: {reason}") from None


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _cause(error: BaseException) -> str:
    """The innermost reason of a failed connection."""
    inner: Any = error
    while True:
        deeper = getattr(inner, "reason", None) or inner.__cause__ or inner.__context__
        if not isinstance(deeper, BaseException):
            break
        inner = deeper
    return (inner.strerror if isinstance(inner, OSError) else None) or type(inner).__name__


@dataclass(frozen=True, slots=True)
class Held:
    """Which of the files that are to be on an index it has.

    Attributes:
        lacking: the files that it does not have, by name of distribution.
        other: the files that it has with other bytes, a line each that says how they differ.
        repacked: those of them that hold the same and are only packed in another way.
        reworded: the files that it has with other words; they are the same release.
        new: the distributions of which it has nothing.
        yanked: the files that are withdrawn there, each with the reason.
    """

    lacking: Mapping[str, list[Local]]
    other: list[str]
    repacked: list[str]
    reworded: list[str]
    new: list[str]
    yanked: list[str]


def held_by(index: Index, wanted: Mapping[str, Iterable[Local]], scratch: Path) -> Held:
    """Compare an index with the files that are to be on it.

    Args:
        index: the index.
        wanted: the files, by name of distribution.
        scratch: an empty folder for what must be downloaded.

    Raises:
        PackageIndexError: the index cannot be read.
    """
    held = Held({}, [], [], [], [], [])
    lacking = cast("dict[str, list[Local]]", held.lacking)
    for name, locals_ in wanted.items():
        there = index.files_of(name)
        if not there:
            held.new.append(name)
        for local in locals_:
            package = there.get(local.name)
            if package is not None and package.is_yanked:
                held.yanked.append(f"{local.name}: is yanked there{_because(package)}")
            if package is None:
                lacking.setdefault(name, []).append(local)
            elif not index.holds(package, local, scratch):
                how = index.difference(package, local, scratch)
                if how.words_only:
                    held.reworded.append(local.name)
                    continue
                held.other.append(f"{local.name}: the index has other bytes under this name; {how.text or _REPACKED}")
                if not how.text:
                    held.repacked.append(local.name)
    return held


def _because(package: DistributionPackage) -> str:
    reason = " ".join((package.yanked_reason or "").split())
    return f" ({printable(reason[:200])})" if reason else ""


def missing_from(index: Index, plan: Iterable[Planned]) -> dict[str, list[str]]:
    """The files of recorded versions that an index lacks, by name of distribution; by their names alone.

    Raises:
        PackageIndexError: the index cannot be read.
    """
    found: dict[str, list[str]] = {}
    for planned in plan:
        stem = f"{planned.distribution.stem}-{planned.version}"
        there = index.files_of(planned.name)
        lacking = [name for name in (f"{stem}.tar.gz", f"{stem}-py3-none-any.whl") if name not in there]
        if lacking:
            found[planned.name] = lacking
    return found


_REPACKED = "they hold the same, packed by another build tool or with another SOURCE_DATE_EPOCH"


def variables_for(index: Index) -> dict[str, str]:
    """The variables that make `twine upload` use this index, so that no URL with a password is an argument."""
    names = {"TWINE_REPOSITORY_URL": index.name} if "://" in index.name else {"TWINE_REPOSITORY": index.name}
    kept = {key: value for key, value in os.environ.items() if key not in ("TWINE_REPOSITORY", "TWINE_REPOSITORY_URL")}
    return {**kept, **names, "COLUMNS": "1000", "NO_COLOR": "1", "TERM": "dumb"}
