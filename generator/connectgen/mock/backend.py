"""Everything behind the URLs: catalogue, tokens, faults, records. The catalogue loads in the background."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread

from connectgen.catalogue.model import Catalogue
from connectgen.identifiers import record_id
from connectgen.mock.chance import Chance
from connectgen.mock.fault_injection import Plan
from connectgen.mock.recording import Recording
from connectgen.mock.service import Service
from connectgen.mock.settings import Settings
from connectgen.mock.stubs.file import read_stubs
from connectgen.mock.tokens import Tokens
from connectgen.mock.versions import Versions


class Loaded:
    """What needs the catalogue.

    Args:
        settings: what a person set.
        catalogue: the catalogue.
        tokens: the tokens of the server.
    """

    def __init__(self, settings: Settings, catalogue: Catalogue, tokens: Tokens) -> None:
        self.versions = Versions(catalogue, settings.versions)
        self.recording = Recording(self.versions)
        self.service = Service(settings, self.versions, self.recording, tokens)
        for path in settings.stubs:
            self.service.stubs.book.begin_with(read_stubs(path, self.versions))


class Backend:
    """One mock.

    Args:
        settings: what a person set.
        load: gives the catalogue; called once, in a thread of its own.
    """

    def __init__(self, settings: Settings, load: Callable[[], Catalogue]) -> None:
        self.settings = settings
        self.tokens = Tokens(settings)
        self.plan = Plan()
        self.user_id = record_id("005", Chance(settings.seed).number("context user"))
        self._load = load
        self._future: Future[Loaded] = Future()
        self._loaded: Loaded | None = None
        self.on_failure: Callable[[BaseException], None] = lambda _: None

    def load(self) -> BaseException | None:
        """Load and wait for it; why it could not be done, None where it could."""
        self._run()
        return self._future.exception()

    def start_loading(self) -> None:
        """Begin to load, unless that is done; requests wait for it."""
        if not self._future.done():
            Thread(target=self._run, name="catalogue", daemon=True).start()

    @property
    def loaded(self) -> Loaded | None:
        """What needs the catalogue, None while it loads."""
        return self._loaded

    async def ready(self) -> Loaded:
        """What needs the catalogue, once it is loaded."""
        if self._loaded is None:
            self._loaded = await asyncio.wrap_future(self._future)
        return self._loaded

    def clear(self) -> None:
        """Forget calls, faults, tokens and what was created."""
        self.plan.clear()
        self.tokens.clear()
        if self._loaded is not None:
            self._loaded.recording.clear()
            self._loaded.service.stubs.clear()
            self._loaded.service.progress.clear()
            if self._loaded.service.state is not None:
                self._loaded.service.state.clear()

    def _run(self) -> None:
        gc.disable()  # many small objects that all live to the end
        try:
            self._future.set_result(Loaded(self.settings, self._load(), self.tokens))
        except BaseException as error:
            self.on_failure(error)
            self._future.set_exception(error)
        finally:
            gc.freeze()
            gc.enable()
