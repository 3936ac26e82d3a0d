"""Responses that tell a failure though their status is a success: readable, and raised only where that is asked for."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

from core.conftest import TOKEN, Connect, dispatcher
from core.server import Answer, Server
from sf_connect.core import Model, Operation, ReportedFailureError, RequestOptions, SFConnectError, SyncGroup

Send = Callable[..., Any]
RAISING = RequestOptions(raise_on_failure=True)


class Outcome(Model):
    __failure__: ClassVar[Any] = {"success": False, "errors": "any"}

    success: bool | None = None
    errors: list[str] | None = None


ONE: Operation[Outcome] = Operation("f.g.one", "POST", "/chatter/outcomes", Outcome)
MANY: Operation[list[Outcome]] = Operation("f.g.many", "POST", "/chatter/outcomes/many", list[Outcome])
FAILED = Answer(201, b'{"success": false, "errors": ["why"]}')


def test_a_failure_is_a_response(send: Send, server: Server) -> None:
    server.answer(FAILED)
    assert send(ONE).failure == {"success": False, "errors": ["why"]}
    assert send(ONE, options=RequestOptions(raise_on_failure=False), client={"options": RAISING}).failure is not None


@pytest.mark.parametrize("settings", [{"options": RAISING}, {"client": {"options": RAISING}}])
def test_a_failure_is_raised_where_asked_for(send: Send, server: Server, settings: dict[str, Any]) -> None:
    server.answer(FAILED)
    with pytest.raises(ReportedFailureError, match="chatter/outcomes reports a failure") as raised:
        send(ONE, **settings)
    assert isinstance(raised.value, SFConnectError)
    assert raised.value.failure == {"success": False, "errors": ["why"]}
    assert raised.value.response == Outcome(success=False, errors=["why"])
    again = pickle.loads(pickle.dumps(raised.value))
    assert (str(again), again.response, again.failure) == (
        str(raised.value),
        raised.value.response,
        raised.value.failure,
    )


def test_a_success_is_returned(send: Send, server: Server) -> None:
    server.answer(Answer(201, b'{"success": true, "errors": []}'))
    assert send(ONE, options=RAISING).failure is None


def test_one_failure_in_a_list(send: Send, server: Server) -> None:
    server.answer(Answer(201, b'[{"success": true}, {"success": false}]'))
    assert [one.failure for one in send(MANY)] == [None, {"success": False}]
    with pytest.raises(ReportedFailureError):
        send(MANY, options=RAISING)


def test_it_crosses_processes_whole(send: Send, server: Server) -> None:
    server.answer(Answer(503), Answer(201, b'{"success": false}'))
    with pytest.raises(ReportedFailureError) as raised:
        send(ONE, options=RAISING)
    error = pickle.loads(pickle.dumps(raised.value))
    assert str(error) == str(raised.value)
    assert "[after 2 attempts]" in str(error)
    assert (error.request, error.attempts) == (raised.value.request, 2)
    assert (error.response, error.failure) == (raised.value.response, {"success": False})


class Outcomes(SyncGroup):
    def one(self, *, options: RequestOptions | None = None) -> Outcome:
        return self._send(ONE, options=options)


def test_a_failure_in_a_batch(server: Server) -> None:
    server.answer(Answer(body=b'{"results": [%s, %s]}' % ((b'{"statusCode": 201, "result": {"success": false}}',) * 2)))
    with Connect(server.url, token=TOKEN) as client:
        batch = client.batch()
        quiet, raising = batch.add(Outcomes(dispatcher(client)).one), batch.add(
            Outcomes(dispatcher(client)).one, options=RAISING
        )
        batch.send()
    assert quiet.result.failure == {"success": False}
    assert isinstance(raising.error, ReportedFailureError)
