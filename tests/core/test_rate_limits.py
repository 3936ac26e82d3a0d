"""The limiter of the hourly allocation: which calls count, and waiting or raising."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest

from core.conftest import TOKEN, AsyncConnect, Connect, dispatcher, things
from core.server import Answer, Server
from sf_connect.core import LocalRateLimitError, Operation, RateLimiter

FREE: Operation[dict[str, Any]] = Operation("f.g.list", "GET", "/connect/communities", dict)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class TestReserving:
    def test_the_hour_slides(self) -> None:
        clock = Clock()
        limiter = RateLimiter(3, clock=clock)
        waits = [limiter.reserve()]
        clock.now += 600
        waits += [limiter.reserve(), limiter.reserve()]
        assert waits == [0.0, 0.0, 0.0]
        assert limiter.left == 0
        assert limiter.reserve() == 3000.0  # when the first is an hour old
        assert limiter.reserve() == 3600.0  # when the second is
        clock.now += 3601
        assert limiter.left == 1  # of the five, the last two will be sent within the hour
        assert limiter.reserve() == 0.0

    def test_several_at_once(self) -> None:
        clock = Clock()
        limiter = RateLimiter(30, clock=clock)
        assert limiter.reserve(25) == 0.0
        assert limiter.left == 5
        assert limiter.reserve(6) == 3600.0
        with pytest.raises(ValueError, match="31 calls at once"):
            limiter.reserve(31)

    def test_it_raises_without_waiting(self) -> None:
        clock = Clock()
        limiter = RateLimiter(1, wait=False, clock=clock)
        limiter.acquire()
        with pytest.raises(LocalRateLimitError, match="1 calls in 3600 s; the next is allowed in 3600 s") as raised:
            limiter.acquire()
        assert raised.value.wait == 3600.0
        clock.now += 3590
        patient = RateLimiter(1, wait=10.0, clock=clock)
        patient.reserve()
        clock.now += 3589
        with pytest.raises(LocalRateLimitError):
            patient.reserve()
        clock.now += 1
        assert patient.reserve() == 10.0

    def test_what_was_refused_takes_no_place(self) -> None:
        clock = Clock()
        limiter = RateLimiter(1, wait=False, clock=clock)
        limiter.reserve()
        for _ in range(5):
            with pytest.raises(LocalRateLimitError):
                limiter.reserve()
        clock.now += 3600
        assert limiter.reserve() == 0.0

    def test_threads_never_take_more_than_there_is(self) -> None:
        limiter = RateLimiter(50, wait=False)
        passed: list[int] = []

        def take() -> None:
            for _ in range(10):
                try:
                    limiter.acquire()
                except LocalRateLimitError:
                    return
                passed.append(1)

        threads = [threading.Thread(target=take) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(passed) == 50

    def test_a_task_that_is_cancelled_leaves_its_place_to_others(self) -> None:
        clock = Clock()
        limiter = RateLimiter(2, clock=clock)

        async def main() -> None:
            await limiter.acquire_async(2)
            waiting = [asyncio.ensure_future(limiter.acquire_async(count)) for count in (1, 2, 1)]
            await asyncio.sleep(0)
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

        asyncio.run(main())
        assert limiter.reserve() == 3600.0  # as if nobody had waited
        assert limiter.left == 0
        clock.now += 3600
        assert limiter.left == 1
        assert limiter.reserve() == 0.0

    @pytest.mark.parametrize("arguments", [{"calls": 0}, {"calls": 1, "period": 0}, {"calls": 1, "wait": -1}])
    def test_rate_limiters_that_are_refused(self, arguments: Any) -> None:
        with pytest.raises(ValueError, match="a rate limiter needs"):
            RateLimiter(**arguments)

    def test_its_repr(self) -> None:
        assert repr(RateLimiter(9)) == "<RateLimiter 9 calls in 3600 s, 9 left>"


class TestInAClient:
    def test_only_operations_that_require_chatter_count(self, use: Any, server: Server) -> None:
        limiter = RateLimiter(1, wait=False)
        for _ in range(3):
            use(lambda client: dispatcher(client).send(FREE), rate_limiter=limiter)
        use(lambda client: things(client).get("1"), rate_limiter=limiter)
        with pytest.raises(LocalRateLimitError):
            use(lambda client: things(client).get("1"), rate_limiter=limiter)
        use(lambda client: dispatcher(client).send(FREE), rate_limiter=limiter)
        assert len(server.received) == 5

    def test_repetitions_count(self, use: Any, server: Server) -> None:
        server.answer(Answer(503))
        with pytest.raises(LocalRateLimitError) as raised:
            use(lambda client: things(client).get("1"), rate_limiter=RateLimiter(2, wait=False))
        assert raised.value.request is not None
        assert (raised.value.request.operation, raised.value.attempts) == ("f.things.get", 2)
        assert len(server.received) == 2

    def test_a_batch_counts_as_many_as_it_holds(self, use: Any, server: Server) -> None:
        batch: Operation[dict[str, Any]] = Operation(
            "batch", "POST", "/connect/batch", dict, requires_chatter=True, counts=25
        )
        limiter = RateLimiter(60, wait=False)
        use(lambda client: dispatcher(client).send(batch), rate_limiter=limiter)
        assert limiter.left == 35

    def test_what_could_never_pass_is_refused(self, use: Any, server: Server) -> None:
        batch: Operation[dict[str, Any]] = Operation(
            "batch", "POST", "/connect/batch", dict, requires_chatter=True, counts=25
        )
        with pytest.raises(ValueError, match=r"25 calls at once exceed a rate limiter of 24 .*: send"):
            use(lambda client: dispatcher(client).send(batch), rate_limiter=RateLimiter(24))
        assert server.received == []

    def test_it_waits(self, use: Any, server: Server) -> None:
        limiter = RateLimiter(1, period=0.5)
        started = time.monotonic()
        for _ in range(2):
            use(lambda client: things(client).get("1"), rate_limiter=limiter)
        assert time.monotonic() - started >= 0.5
        assert len(server.received) == 2

    def test_the_token_is_asked_for_when_the_call_may_go(self, use: Any, server: Server) -> None:
        """The wait may take an hour, in which the token may be refreshed."""
        limiter, asked = RateLimiter(1, wait=False), list[str]()

        def token() -> str:
            asked.append(TOKEN)
            return TOKEN

        use(lambda client: things(client).get("1"), rate_limiter=limiter, token=token)
        with pytest.raises(LocalRateLimitError):
            use(lambda client: things(client).get("1"), rate_limiter=limiter, token=token)
        assert asked == [TOKEN]

    def test_one_for_sync_and_async_clients(self, server: Server) -> None:
        limiter = RateLimiter(2, wait=False)
        with Connect(server.url, token=TOKEN, rate_limiter=limiter) as client:
            things(client.site("internal")).get("1")

        async def main() -> None:
            async with AsyncConnect(server.url, token=TOKEN, rate_limiter=limiter) as client:
                await things(client).get("1")
                with pytest.raises(LocalRateLimitError):
                    await things(client).get("1")

        asyncio.run(main())
        assert limiter.left == 0
