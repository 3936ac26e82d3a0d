"""`python -m sf_connect.v33` against the mock: in a pipe and on a terminal, with every kind of failure."""

from __future__ import annotations

import importlib
import json
import os
import pty
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from sf_connect.testing import MockServer
from support.command import SMALL_CATALOGUE, called, environment
from support.importing import importable

COMMAND = [sys.executable, "-m", "sf_connect.v33"]
SF = """#!{python}
import json, sys
open({log!r}, "a").write(" ".join(sys.argv[1:]) + "\\n")
if sys.argv[1:3] == ["org", "display"]:
    result = {{"instanceUrl": {url!r}}}
else:
    result = {{"accessToken": {token!r}}}
print(json.dumps({{"status": 0, "result": result}}))
"""


class Done(NamedTuple):
    """How a run ended."""

    code: int
    out: str
    err: str


class Line:
    """The command line of the small catalogue's newest package, with the mock as its org.

    Args:
        packages: the folder that the package is in.
        server: the mock.
        is_importable: whether the package can be imported here; then what is not on a terminal needs no process.
    """

    def __init__(self, packages: Path, server: MockServer, *, is_importable: bool = False) -> None:
        self.server = server
        self._is_importable = is_importable
        own = environment(SF_CONNECT_URL=server.url, SF_CONNECT_TOKEN=server.token, COLUMNS="100", TERM="xterm")
        own["PYTHONPATH"] = os.pathsep.join([own["PYTHONPATH"], str(packages / "sf-connect-v33")])
        self.environment = own

    def __call__(self, *arguments: str, stdin: str = "", **changed: str | None) -> Done:
        """Run it in a pipe; a variable that is None is unset."""
        env = {key: value for key, value in {**self.environment, **changed}.items() if value is not None}
        if self._is_importable and "PYTHONPATH" not in changed:
            done = called(_main, ["__main__.py", *arguments], Path.cwd(), env, stdin=stdin)
        else:
            done = subprocess.run(
                [*COMMAND, *arguments], env=env, input=stdin, capture_output=True, text=True, timeout=60, check=False
            )
        assert "Traceback" not in done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    def on_a_terminal(self, *arguments: str) -> str:
        """Run it on a terminal; what that shows."""
        child, terminal = pty.fork()
        if child == 0:  # pragma: no cover - the child becomes the command
            os.execvpe(COMMAND[0], [*COMMAND, *arguments], self.environment)
        shown = b""
        try:
            while piece := os.read(terminal, 4096):
                shown += piece
        except OSError:
            pass  # Linux ends a closed terminal so
        os.close(terminal)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, shown
        return shown.decode().replace("\r\n", "\n")


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(["--catalogue", str(SMALL_CATALOGUE)]) as running:
        yield running


def _main() -> None:
    importlib.import_module("sf_connect.v33.__main__").main()


@pytest.fixture(scope="module")
def packages(small_packages: Path) -> Iterator[Path]:
    """The folder with the package, which can be imported."""
    with importable(small_packages, [33]):
        yield small_packages


@pytest.fixture
def line(packages: Path, server: MockServer) -> Line:
    server.reset()
    return Line(packages, server, is_importable=True)


class TestFind:
    def test_a_pipe_gets_json_and_a_terminal_lines(self, line: Line) -> None:
        done = line("find", "list plants", "--limit", "1")
        assert [one["call"] for one in json.loads(done.out)] == ["client.garden.plants.list(…)"]
        assert line.on_a_terminal("find", "list plants", "--limit", "1").startswith("client.garden.plants.list(…)\n")

    def test_a_url_of_any_host_is_found(self, line: Line) -> None:
        done = line("find", "https://x.my.site.com/shop/services/data/v33.0/garden/plants/0Ab000000000001/label?x=y")
        assert json.loads(done.out)[0]["call"] == "client.garden.plants.get_label('0Ab000000000001')"

    def test_nothing_found_is_exit_code_1(self, line: Line) -> None:
        done = line("find", "xyzzy")
        assert (done.code, done.err) == (1, "nothing found for 'xyzzy': use fewer or other words, or paste a URL\n")


class TestShow:
    def test_an_operation_has_signature_description_and_fields(self, line: Line) -> None:
        shown = line.on_a_terminal("show", "garden.plants.get_label")
        assert shown.startswith(
            "client.garden.plants.get_label(plant_id: str, *, options: RequestOptions | None = None)"
        )
        assert "Read a label." in shown
        assert "Fields of Label:" in shown

    def test_json_has_both_names_of_a_field(self, line: Line) -> None:
        fields = json.loads(line("show", "garden.plants.list").out)["types"]["PlantPage"]
        assert ("next_page_url", "nextPageUrl") in [(one["name"], one["apiName"]) for one in fields]

    def test_a_group_lists_its_operations(self, line: Line) -> None:
        assert "create: Plant something." in line.on_a_terminal("show", "garden.plants")

    def test_a_type_is_shown_by_its_name(self, line: Line) -> None:
        assert json.loads(line("show", "PlantPage").out)["signature"] == "PlantPage"

    def test_descriptions_of_fields_are_whole_and_not_part_of_the_types(
        self, line: Line, small_packages: Path, tmp_path: Path
    ) -> None:
        """Also where a description has several paragraphs, such as a list of values."""
        shutil.copytree(small_packages / "sf-connect-v33", tmp_path / "sf-connect-v33")
        module = tmp_path / "sf-connect-v33/sf_connect/v33/models/garden_plants.py"
        text = module.read_text(encoding="utf-8")
        field = "    text: str | None = None\n"
        described = field + '    """Text of the label.\n\n    - `Oak`: an oak\n    """\n'
        assert text.count(f'"""What a plant\'s label says."""\n\n{field}') == 1
        module.write_text(text.replace(f'says."""\n\n{field}', f'says."""\n\n{described}'), encoding="utf-8")
        changed = Line(tmp_path, line.server)
        shown = json.loads(changed("show", "Label").out)
        assert shown["description"] == "What a plant's label says."
        assert shown["types"]["Label"][0] == {
            "name": "text", "apiName": "text", "type": "str | None",
            "description": "Text of the label.\n\n- `Oak`: an oak",
        }  # fmt: skip
        on_terminal = changed.on_a_terminal("show", "Label")
        assert "  str | None\n      Text of the label.\n\n      - `Oak`: an oak\n  owner " in on_terminal

    def test_an_enumeration_is_shown_by_its_name(self, line: Line) -> None:
        shown = line.on_a_terminal("show", "PlantType")
        assert shown.startswith("PlantType = Listed['Tree', 'Bush', 'Hedge']\n\nWhat a plant is.")

    def test_an_unknown_type_is_refused_with_those_of_like_names(self, line: Line) -> None:
        done = line("show", "PlantTyp")
        assert (done.code, done.out) == (2, "")
        assert "has no type PlantTyp; perhaps PlantType" in done.err

    def test_an_unknown_name_is_wrong_usage_with_a_hint(self, line: Line) -> None:
        done = line("show", "garden.plants.lisst")
        assert done.code == 2
        assert "perhaps garden.plants.list" in done.err


class TestCall:
    def test_a_pipe_gets_the_json_of_the_server(self, line: Line) -> None:
        done = line("call", "garden.plants.list")
        assert done.code == 0
        assert json.loads(done.out)["plants"]

    def test_a_terminal_gets_a_table(self, line: Line) -> None:
        shown = line.on_a_terminal("call", "garden.plants.list", "--page-size", "2")
        assert "----" in shown
        assert "--format json shows all)" in shown
        assert "{" not in shown

    def test_all_pages_are_lines_of_json(self, line: Line) -> None:
        done = line("call", "garden.plants.list", "--page-size", "1", "--all")
        whole = json.loads(line("call", "garden.plants.list", "--page-size", "100").out)["plants"]
        assert len([json.loads(item) for item in done.out.splitlines()]) == len(whole) > 1

    def test_raw_is_the_body_as_it_came(self, line: Line) -> None:
        raw = line("call", "garden.plants.list", "--raw").out
        assert not raw.endswith("\n")
        assert json.loads(raw) == json.loads(line("call", "garden.plants.list").out)

    def test_raw_prints_the_body_of_an_error_too(self, line: Line) -> None:
        done = line("call", "garden.plants.list", "--raw", SF_CONNECT_TOKEN="expired")
        assert (done.code, done.err) == (1, "status 401\n")
        assert json.loads(done.out)[0]["errorCode"] == "INVALID_SESSION_ID"

    def test_a_body_comes_from_standard_input_an_argument_or_a_file(self, line: Line, tmp_path: Path) -> None:
        body = '{"text": "Rose"}'
        (tmp_path / "body.json").write_text(body, encoding="utf-8")
        for given in ("-", body, f"@{tmp_path / 'body.json'}"):
            done = line("call", "garden.plants.update_label", "0Ab000000000001", given, "--dry-run", stdin=body)
            assert done.out.endswith('\n\n{"text":"Rose"}\n'), done

    def test_a_property_that_the_type_lacks_is_refused(self, line: Line) -> None:
        done = line("call", "garden.plants.update_label", "0Ab000000000001", '{"text": "Rose", "txet": "R"}')
        assert done.code == 2
        assert "LabelInput has no property txet; perhaps text" in done.err

    def test_a_value_of_another_type_is_refused_before_anything_is_sent(self, line: Line) -> None:
        done = line("call", "garden.plants.list", "--page-size", "many", SF_CONNECT_URL="http://127.0.0.1:9")
        assert done.code == 2
        assert "'many': Expected `int`" in done.err

    def test_lists_are_written_with_commas(self, line: Line) -> None:
        done = line("call", "garden.plants.list", "--kinds", "a,b", "--dry-run")
        assert "kinds=a%2Cb" in done.out

    def test_help_lists_the_arguments(self, line: Line) -> None:
        said = line("call", "garden.plants.list", "--help").out
        assert "--page-size" in said
        assert "Where the page begins" in " ".join(said.split())

    def test_a_dry_run_needs_no_org(self, line: Line) -> None:
        done = line("call", "garden.plants.list", "--dry-run", SF_CONNECT_URL=None, SF_CONNECT_TOKEN=None)
        assert done.out.startswith("GET https://your-org.my.salesforce.com/services/data/v33.0/garden/plants\n")

    def test_options_of_the_request_are_sent(self, line: Line) -> None:
        given = ("--option", 'headers={"X-Trace": "7"}', "--option", "filter_group=Small", "--option", "locale=de")
        done = line("call", "garden.plants.list", "--dry-run", *given)
        assert {"X-Trace: 7", "Accept-Language: de"} <= set(done.out.splitlines())
        assert "filterGroup=Small" in done.out.splitlines()[0]

    @pytest.mark.parametrize(
        ("option", "message"),
        [
            ("filtergroup=Small", "'filtergroup=Small': write NAME=VALUE with a name such as filter_group"),
            ("filter_group=Smal", "filter_group: 'Smal' is none of Big, Medium, Small"),
            ("timeout=soon", "timeout: 'soon': Expected `float`, got `str`"),
            ("timeout", "'timeout': write NAME=VALUE with a name such as timeout, total_timeout"),
            ("headers=X-Trace", "headers: this is no JSON"),
        ],
    )
    def test_a_wrong_option_of_the_request_is_wrong_usage(self, line: Line, option: str, message: str) -> None:
        done = line("call", "garden.plants.list", "--dry-run", "--option", option)
        assert done.code == 2
        assert f"Invalid value for --option: {message}" in done.err

    def test_xml_is_printed_as_json(self, line: Line) -> None:
        from_json, from_xml = (
            json.loads(line("call", "garden.plants.list", "--option", f"format={name}").out) for name in ("json", "xml")
        )
        assert [plant["id"] for plant in from_xml["plants"]] == [plant["id"] for plant in from_json["plants"]]

    def test_two_ways_of_showing_are_refused(self, line: Line) -> None:
        assert line("call", "garden.plants.list", "--raw", "--curl").code == 2


class TestTokens:
    def test_a_curl_command_runs_and_holds_no_token(self, line: Line) -> None:
        done = line("call", "garden.plants.list", "--page-size", "2", "--curl")
        assert line.server.token not in done.out
        words = shlex.split(done.out)
        assert words[:3] == ["curl", "-X", "GET"]
        assert "Authorization: Bearer $SF_CONNECT_TOKEN" in words

    @pytest.mark.parametrize("flag", ["--curl", "--dry-run"])
    def test_the_org_of_an_alias_is_shown_without_asking_for_its_token(
        self, line: Line, tmp_path: Path, flag: str
    ) -> None:
        path, log = _sf(tmp_path, line)
        done = line("call", "garden.plants.list", "--org", "dev", flag, PATH=path)
        assert f"{line.server.url}/services/data/v33.0/garden/plants" in done.out
        assert "access-token" not in log.read_text(encoding="utf-8")

    def test_an_alias_logs_in_by_the_sf_command_line(self, line: Line, tmp_path: Path) -> None:
        path, log = _sf(tmp_path, line)
        done = line("call", "garden.plants.list", "--org", "dev", PATH=path, SF_CONNECT_TOKEN=None)
        assert json.loads(done.out)["plants"]
        assert "--target-org=dev" in log.read_text(encoding="utf-8")

    def test_no_failure_shows_the_token(self, line: Line) -> None:
        secret = "00D-very-secret"
        for arguments in (("garden.plants.list",), ("garden.plants.list", "--raw"), ("garden.plants.list", "--all")):
            done = line("call", *arguments, SF_CONNECT_TOKEN=secret)
            assert done.code == 1
            assert secret not in done.out + done.err


class TestFailures:
    def test_an_error_of_the_server_is_a_line_and_exit_code_1(self, line: Line) -> None:
        done = line("call", "garden.plants.list", SF_CONNECT_TOKEN="expired")
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("401 INVALID_SESSION_ID from GET /services/data/v33.0/garden/plants")
        assert done.err.count("\n") == 1

    def test_no_response_is_exit_code_4(self, line: Line) -> None:
        done = line("call", "garden.plants.list", SF_CONNECT_URL="http://127.0.0.1:9")
        assert (done.code, done.err.count("\n")) == (4, 1)

    def test_a_failed_login_is_exit_code_5(self, line: Line, tmp_path: Path) -> None:
        done = line("call", "garden.plants.list", "--org", "dev", PATH=str(tmp_path))
        assert (done.code, done.err) == (5, "the command 'sf' is not installed or not on the PATH (Salesforce CLI)\n")

    def test_a_file_that_cannot_be_read_is_exit_code_3(self, line: Line, tmp_path: Path) -> None:
        done = line("call", "garden.plants.update_label", "0Ab000000000001", f"@{tmp_path / 'none.json'}", "--dry-run")
        assert (done.code, done.err) == (3, f"{tmp_path / 'none.json'}: No such file or directory\n")

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
    @pytest.mark.parametrize("arguments", ["find plants", "find --json plants", "show garden.plants.list", "--help"])
    def test_output_that_cannot_be_written_is_exit_code_3(self, line: Line, arguments: str) -> None:
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [*COMMAND, *arguments.split()],
                env=line.environment,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                timeout=60,
                check=False,
            )
        assert (done.returncode, done.stderr) == (3, "standard output: No space left on device\n")

    def test_no_org_is_wrong_usage_that_tells_the_remedy(self, line: Line) -> None:
        done = line("call", "garden.plants.list", SF_CONNECT_URL=None)
        assert done.code == 2
        assert "name the org: --org ALIAS, or SF_CONNECT_URL and SF_CONNECT_TOKEN" in done.err

    def test_an_unknown_operation_names_near_ones(self, line: Line) -> None:
        done = line("call", "garden.plants.lsit")
        assert done.code == 2
        assert "perhaps garden.plants.list" in done.err

    def test_without_click_it_says_what_to_install(self, line: Line, tmp_path: Path) -> None:
        (tmp_path / "click.py").write_text("raise ImportError", encoding="utf-8")
        done = line("find", "plants", PYTHONPATH=os.pathsep.join([str(tmp_path), line.environment["PYTHONPATH"]]))
        assert (done.code, done.err) == (2, 'the command line needs click: pip install "sf-connect-core[cli]"\n')


class TestCompletion:
    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_each_shell_has_its_script(self, line: Line, shell: str) -> None:
        done = line("completion", shell)
        assert done.code == 0
        assert "_SF_CONNECT_V33_COMPLETE" in done.out

    @pytest.mark.parametrize(
        ("words", "completed"),
        [
            ("sf-connect-v33 ca", "call"),
            ("sf-connect-v33 call garden.plants.get_l", "garden.plants.get_label"),
            ("sf-connect-v33 show garden.plants.cr", "garden.plants.create"),
            ("sf-connect-v33 call garden.plants.list --page-s", "--page-size"),
            ("sf-connect-v33 call garden.plants.list --sort He", "Height"),
        ],
    )
    def test_names_options_and_values_are_completed(self, line: Line, words: str, completed: str) -> None:
        program = "import sys; sys.argv[0] = 'sf-connect-v33'; from sf_connect.v33.__main__ import main; main()"
        count = str(len(words.split()) - 1)
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={
                **line.environment,
                "_SF_CONNECT_V33_COMPLETE": "bash_complete",
                "COMP_WORDS": words,
                "COMP_CWORD": count,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert f"plain,{completed}" in done.stdout.splitlines(), done

    @pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
    def test_bash_completes_by_the_script(self, line: Line, tmp_path: Path) -> None:
        program = tmp_path / "sf-connect-v33"
        source = "import sys; sys.argv[0] = 'sf-connect-v33'; from sf_connect.v33.__main__ import main; main()"
        program.write_text(
            f"#!/bin/sh\nexec {shlex.quote(sys.executable)} -c {shlex.quote(source)}\n", encoding="utf-8"
        )
        program.chmod(0o755)
        script = tmp_path / "completion"
        script.write_text(line("completion", "bash").out, encoding="utf-8")
        commands = (
            f". {shlex.quote(str(script))}\n"
            "COMP_WORDS=(sf-connect-v33 call garden.plants.get_l) COMP_CWORD=2\n"
            '_sf_connect_v33_completion sf-connect-v33; printf "%s\\n" "${COMPREPLY[@]}"'
        )
        env = {**line.environment, "PATH": f"{tmp_path}{os.pathsep}{line.environment['PATH']}"}
        done = subprocess.run(["bash", "--norc", "-c", commands], env=env, capture_output=True, text=True, check=False)
        assert done.stdout.splitlines() == ["garden.plants.get_label"], done


def test_a_client_says_what_it_holds(line: Line) -> None:
    program = (
        "from sf_connect.v33 import Connect\n"
        "client = Connect('https://acme.my.salesforce.com', token='t')\n"
        "print(repr(client.garden))\n"
        "print([name for name in dir(client.garden.plants) if name[0] != '_'])\n"
        "print([name for name in dir(client) if name[0] == '_' != name[1]])\n"
        "help(client)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], env=line.environment, capture_output=True, text=True)
    family, operations, private, *helped = done.stdout.splitlines()
    assert family == "<GardenFamily: plants>"
    assert "'get_label'" in operations
    assert private == "[]"
    assert any("Groups of garden." in text for text in helped)


def _sf(folder: Path, line: Line) -> tuple[str, Path]:
    """A command `sf` that knows one org; the PATH to find it by, and the file in which it notes what it was asked."""
    log, command = folder / "sf.log", folder / "sf"
    program = SF.format(python=sys.executable, log=str(log), url=line.server.url, token=line.server.token)
    command.write_text(program, encoding="utf-8")
    command.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}", log
