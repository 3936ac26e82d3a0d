"""Objects with passwords, keys and codes show none of them: in a repr, in rich's, in pytest's, in what Sentry sends."""

from __future__ import annotations

import copy
import io
import pickle
from collections.abc import Callable
from typing import Any

import pytest
import rich.console
import rich.pretty
from IPython.lib.pretty import pretty
from msgspec import UNSET, UnsetType

from sf_connect.core import Input, Model, discriminated_union, field
from sf_connect.core.wire.decoding import decode
from sf_connect.core.wire.encoding import encode

SECRET = "5Aep861-hidden"


class Login(Input):
    __secret__ = ("password", "api_key")

    name: str
    password: str
    api_key: str | UnsetType | None = field(name="apiKey", default=UNSET)


class Further(Login):
    __secret__ = ("code",)

    code: int | UnsetType | None = UNSET


class Holder(Input):
    logins: list[Login]
    named: dict[str, Login]


class Account(Model):
    __secret__ = ("secret",)

    id: str | None = None
    kind: str | None = None
    secret: str | None = None


class Special(Account):
    pass


Accounts: Any = discriminated_union("kind", {"Special": "Special"}, fallback="Account", module=__name__)


def rich_text(value: object) -> str:
    console = rich.console.Console(file=io.StringIO(), width=400)
    console.print(rich.pretty.Pretty(value))
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("show", [repr, str, rich_text, pretty, "{!r}".format])
def test_inputs(show: Callable[[object], str]) -> None:
    login = Login(name="ada", password=SECRET, api_key=SECRET)
    further = Further(name="ada", password=SECRET, code=861)
    for value in (login, further, Holder(logins=[login], named={"a": further}), [login], (further,), {"x": login}):
        text = show(value)
        assert SECRET not in text
        assert "861" not in text
        assert "ada" in text
        assert "<hidden>" in text
    assert repr(Login(name="ada", password=SECRET)) == "Login(name='ada', password=<hidden>)"
    assert repr(Further(name="a", password="b", code=1)).endswith("password=<hidden>, code=<hidden>)")


@pytest.mark.parametrize("keep_raw", [False, True])
@pytest.mark.parametrize("kind", ["Special", "Newer"])
def test_responses(kind: str, keep_raw: bool) -> None:
    body = b'{"id": "1", "kind": "%s", "secret": "%s"}' % (kind.encode(), SECRET.encode())
    for wanted in (Account, Accounts):
        made: Any = decode(body, wanted, "GET /x", keep_raw=keep_raw)
        for one in (made, copy.copy(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
            assert one.secret == SECRET
            assert SECRET not in repr(one)
            assert SECRET not in rich_text(one)
            assert "secret=<hidden>" in repr(one)
    assert repr(Account(id="1")) == "Account(id='1')"


def test_what_is_sent_has_them() -> None:
    assert encode(Login(name="ada", password=SECRET)) == b'{"name":"ada","password":"%s"}' % SECRET.encode()


def test_others_are_shown_as_before() -> None:
    class Plain(Model):
        name: str | None = None

    assert repr(Plain(name="a")) == "Plain(name='a')"
    assert rich_text(Plain(name="a")) == "Plain(name='a')\n"
