"""Logins of other tools: the `sf` command line, and an open session of simple-salesforce, sync and async."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from simple_salesforce import Salesforce

from core.conftest import Thing
from core.logins import LogIn, ada
from core.server import Answer, Server
from core.sf_outputs import CASES
from sf_connect.core import AuthenticationError, LoginError, SfCommandLine

STAND_IN = """#!{python}
import json, sys
with open({log!r}, "a") as log:
    log.write(json.dumps(sys.argv[1:]) + "\\n")
calls = len(open({log!r}).readlines())
if sys.argv[1:3] == ["org", "display"]:
    result = {{"instanceUrl": {url!r}, "accessToken": "[REDACTED] Use 'sf org auth show-access-token' to view"}}
else:
    result = {{"accessToken": f"00D-cli-{{calls}}"}}
print(json.dumps({{"status": 0, "result": result, "warnings": ["This command will expose sensitive information"]}}))
"""
OUTDATED = """#!/bin/sh
if [ $2 = display ]
then echo '{{"result": {{"instanceUrl": "https://a.example"}}}}'
else echo '{{"message": "org auth show-access-token is not a sf command."}}'; exit 127
fi"""
REDACTING = """#!/bin/sh
echo '{{"result": {{"instanceUrl": "https://a.example", "accessToken": "[REDACTED] Use"}}}}'
"""


class TestSfCommandLine:
    @pytest.fixture
    def stand_in(self, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
        """Put an executable `sf` on the path; returns the file in which it notes its arguments."""

        def put(program: str) -> Path:
            folder, log = tmp_path / "bin", tmp_path / "calls"
            folder.mkdir()
            command = folder / "sf"
            command.write_text(program.format(python=sys.executable, log=str(log), url=server.url), encoding="utf-8")
            command.chmod(command.stat().st_mode | stat.S_IXUSR)
            monkeypatch.setenv("PATH", str(folder))
            return log

        return put

    @pytest.mark.parametrize(("org", "flag"), [("dev", ["--target-org=dev"]), ("-x", ["--target-org=-x"]), (None, [])])
    def test_two_commands_return_url_and_token(
        self, login: LogIn, server: Server, stand_in: Any, org: str | None, flag: list[str]
    ) -> None:
        log = stand_in(STAND_IN)
        login("from_sf_cli", *([] if org is None else [org]), then=ada)
        assert server.last.headers["Authorization"] == "Bearer 00D-cli-2"
        assert [json.loads(line) for line in log.read_text().splitlines()] == [
            ["org", "display", *flag, "--json"],
            ["org", "auth", "show-access-token", *flag, "--json"],
        ]

    def test_what_is_printed_around_the_json_is_skipped(self, login: LogIn, server: Server, stand_in: Any) -> None:
        notice = 'print(" \\u203a   Warning: @salesforce/cli update available from 2.1 to 2.2.")\n'
        stand_in(STAND_IN.replace("print(json", notice + "print(json") + 'print("done")\n')
        login("from_sf_cli", "dev", then=ada)
        assert server.last.headers["Authorization"] == "Bearer 00D-cli-2"

    def test_an_expired_token_is_asked_for_again(self, login: LogIn, server: Server, stand_in: Any) -> None:
        stand_in(STAND_IN)
        server.answer(Answer(401, b'[{"errorCode": "INVALID_SESSION_ID"}]'), Answer())
        login("from_sf_cli", "dev", then=ada)
        assert [item.headers["Authorization"] for item in server.received] == ["Bearer 00D-cli-2", "Bearer 00D-cli-4"]

    @pytest.mark.parametrize(
        ("program", "message"),
        [
            ('#!/bin/sh\necho \'{{"message": "No authorization found for dev"}}\'; exit 1', "failed with 1: No auth"),
            ('#!/bin/sh\necho "Error" >&2; exit 2', "failed with 2: no message"),
            ("#!/bin/sh\necho not-json-secret", "printed no instanceUrl"),
            ("#!/bin/sh\necho '{{\"result\": []}}'", "printed no instanceUrl"),
            ('#!/bin/sh\necho \'{{"result": {{"instanceUrl": "x", "accessToken": "a"}}}}\'', "cannot be used"),
            (OUTDATED, "update the Salesforce CLI"),
            (OUTDATED.replace("exit 127", "exit 0").replace("message", "result"), "printed no accessToken"),
            (REDACTING, "printed no accessToken"),
        ],
    )
    def test_what_goes_wrong(self, login: LogIn, stand_in: Any, program: str, message: str) -> None:
        stand_in(program)
        with pytest.raises(LoginError, match=message) as raised:
            login("from_sf_cli", "dev")
        assert "secret" not in str(raised.value)

    @pytest.mark.parametrize("name", CASES)
    def test_each_output_of_each_release(self, login: LogIn, tmp_path: Path, name: str) -> None:
        case, command = CASES[name], tmp_path / "sf"
        lines = ["#!/bin/sh"]
        for word, one in (("display", case.display), ("auth", case.show_token)):
            for part, text in (("out", one.out), ("err", one.err)):
                (tmp_path / f"{word}.{part}").write_bytes(text.encode())
            lines.append(
                f"test $2 = {word} && cd {tmp_path} && cat {word}.out && cat {word}.err >&2 && exit {one.code}"
            )
        command.write_text("\n".join(lines), encoding="utf-8")
        command.chmod(0o700)
        if case.token is not None:
            client = login("from_sf_cli", "uat", executable=str(command))
            assert client.instance_url == "https://acme--uat.sandbox.my.salesforce.com"
            assert SfCommandLine("uat", executable=str(command)).get(httpx2.Client(), None).access_token == case.token
            return
        with pytest.raises(LoginError) as raised:
            login("from_sf_cli", "uat", executable=str(command))
        shown = str(raised.value).replace(str(command), "sf")
        assert shown.endswith(case.message)
        assert "00D-" not in shown
        assert "\x1b" not in shown
        assert "[3" not in shown

    def test_a_command_that_is_not_there(self, login: LogIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(LoginError, match="'sf' is not installed"):
            login("from_sf_cli", "dev")
        broken = tmp_path / "broken"
        broken.write_text("no program", encoding="utf-8")
        broken.chmod(0o700)
        with pytest.raises(LoginError, match="cannot be started"):
            login("from_sf_cli", "dev", executable=str(broken))


class TestSimpleSalesforce:
    def session(self, server: Server) -> Salesforce:
        session = Salesforce(instance="127.0.0.1", session_id="00D-simple")
        session.base_url = f"{server.url}/services/data/v59.0/"  # it knows https only; the server of this test does not
        return session

    def test_an_open_session_is_used(self, login: LogIn, server: Server) -> None:
        login("from_simple_salesforce", self.session(server), then=ada)
        assert server.last.headers["Authorization"] == "Bearer 00D-simple"
        real = Salesforce(instance="acme.my.salesforce.com", session_id="00D-simple")
        assert login("from_simple_salesforce", real).instance_url == "https://acme.my.salesforce.com"

    def test_a_later_session_id_is_used_when_the_first_expired(self, login: LogIn, server: Server) -> None:
        session = self.session(server)
        server.answer(Answer(401, b'[{"errorCode": "INVALID_SESSION_ID"}]'))
        with pytest.raises(AuthenticationError):
            login("from_simple_salesforce", session, then=ada)

        def expired(received: Any) -> Answer:
            session.session_id = "00D-later"
            later = received.headers["Authorization"] == "Bearer 00D-later"
            return Answer() if later else Answer(401, b'[{"errorCode": "INVALID_SESSION_ID"}]')

        server.respond = expired
        assert login("from_simple_salesforce", session, then=ada) == Thing()
