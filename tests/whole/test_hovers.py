"""Editors show what the catalogue says of fields and operations: pyright's language server, jedi, and `help()`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import jedi
import pytest

from connectgen.naming import snake_case
from connectgen.surface import Surface, SurfaceProperty
from support.command import ROOT
from support.language_server import LanguageServer
from support.real import real_surface
from support.versions import NEWEST

FIELDS = [
    ("GenericBatchCollectionInput", "haltOnError"), ("OCITransferReservationSingleInput", "actionRequestId"),
    ("AttributeLimitingExpressionInput", "type"), ("ReplyRecommendationsMetric", "metricsDate"),
    ("BusinessObjectiveRecommendationInput", "channelId"), ("DashboardComponentSnapshotInput", "runningUserId"),
    ("CommerceSubscriptionAction", "type"), ("RepositoryFolderSummary", "modifiedBy"), ("FolderInput", "path"),
    ("PaymentMethodInput", "cardPaymentMethod"), ("WorkTypeInput", "blockTimeAfterAppointmentInMinutes"),
    ("CleanRuleDataServiceMetrics", "cleanRuleErrorsUrl"), ("AlternativePaymentMethodInput", "email"),
    ("FeedElementCapabilitiesInput", "directMessage"), ("ItemReference", "value"), ("CartItem", "cartData"),
    ("PersonalizationExperimentCohortInput", "isFallThrough"), ("CardPaymentMethodTokenizationInput", "expiryMonth"),
    ("ContentTaxonomyPath", "label"), ("PromotionProductEvaluationInput", "effectiveAccountId"),
    ("ConnectorsCallInput", "activityId"), ("ActionLinkDefinitionInput", "groupDefault"), ("Feed", "respectsMute"),
    ("ExternalCredentialPrincipalInput", "parameters"), ("LocationInput", "locationIdentifier"),
    ("ManagedContentTaxonomyTermsInput", "termsToRemove"), ("FileInput", "repositoryFileId"),
    # inherited
    ("FileDetail", "contentModifiedDate"), ("HourlyScheduleInput", "time"), ("DataModelObjectInput", "fields"),
]  # fmt: skip
"""Fields, by the names of the API; of inherited ones the name of a class that does not declare them."""
OPERATIONS = [
    "agentforce.data_libraries.update", "chatter.action_links.get_group", "chatter.comments.list_votes",
    "chatter.groups.list_announcements", "chatter.users.follow", "commerce.carts.add_item",
    "commerce.order_summaries.authorize_guest", "commerce.products.list_featured", "data360.query.cancel",
    "data360.search_index.get", "data360.universal_id_lookup.look_up", "experience.property_types.list",
    "feeds.capabilities.update_like", "feeds.elements.create", "feeds.favorites.delete",
    "files.files.download_rendition", "identity.custom_domains.get_custom_url", "payments.refunds.create",
    "personalization.recommendation_definitions.list", "platform.notifications.get_status",
]  # fmt: skip
COMPLETED = '    client.feeds.elements.search("x", sort="")'
KEYWORD = "    m.FileInput(repository_file_id='x')"
NOISE = re.compile(r"\bOptional\.|What to send\.|Settings of this call")


@pytest.fixture(scope="module")
def surface() -> Surface:
    """The newest version."""
    return real_surface(NEWEST)


@pytest.fixture(scope="module")
def paths(packages: Path) -> list[str]:
    """Where the package, the runtime and the libraries are."""
    return [str(packages / f"sf-connect-v{NEWEST}"), str(ROOT / "core"), sysconfig.get_path("purelib")]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory, paths: list[str]) -> Path:
    """A program that names every field and operation, one a line."""
    folder = tmp_path_factory.mktemp("hovers")
    (folder / "pyrightconfig.json").write_text(json.dumps({"extraPaths": paths, "pythonVersion": "3.11"}), "utf-8")
    arguments = ", ".join(f"x{number}: m.{owner}" for number, (owner, _) in enumerate(FIELDS))
    lines = [f"from sf_connect.v{NEWEST} import Connect, models as m"]
    lines.append(f"def show(client: Connect, {arguments}) -> None:")
    lines += [f"    x{number}.{snake_case(name)}" for number, (_, name) in enumerate(FIELDS)]
    lines += [f"    client.{name}" for name in OPERATIONS]
    (folder / "sample.py").write_text("\n".join([*lines, COMPLETED, KEYWORD]) + "\n", encoding="utf-8")
    return folder / "sample.py"


def position(sample: Path, text: str) -> tuple[int, int]:
    """The line (from 1) and column of the last name of a line."""
    lines = sample.read_text(encoding="utf-8").splitlines()
    number = lines.index(f"    {text}")
    return number + 1, lines[number].rindex(".") + 2


def words(text: str) -> list[str]:
    """The words of a text, whatever its lines and signs."""
    return re.findall(r"[a-z0-9]+", text.lower().replace("\xa0", " "))


def contains(text: str, part: str) -> bool:
    return f" {' '.join(words(part))} " in f" {' '.join(words(text))} "


def described(surface: Surface, owner: str, name: str) -> SurfaceProperty:
    """A property of a type or of one that it extends."""
    current = surface.types[owner]
    while True:
        found = [one for one in current.properties if one.name == name]
        if found:
            return found[0]
        current = surface.types[current.extends or ""]


def in_python(text: str) -> str:
    """A description whose marked names are in snake case, as those of these fields' neighbours are."""
    return re.sub(r"`([a-z]\w*)`", lambda mark: snake_case(mark[1]), text)


def assert_says_all(shown: str, item: SurfaceProperty) -> None:
    """An editor's text has the description, the versions, and the values."""
    assert contains(shown, in_python(item.description or "")), shown
    assert item.values == () or all(f"{value}" in shown for value in item.values[:5]), shown
    assert not NOISE.search(shown)


@pytest.fixture(scope="module")
def server(sample: Path) -> LanguageServer:
    with LanguageServer(sample.parent) as running:
        running.open(sample)
        yield running


class Scripts:
    """Scripts that are each asked a few questions: jedi follows so many calls in one, and no more.

    Args:
        sample: the program.
        paths: where what it imports is.
    """

    def __init__(self, sample: Path, paths: list[str]) -> None:
        self._sample, self._paths = sample, paths
        self._asked = 0

    def next(self) -> jedi.Script:
        """The script for the next question; a new one takes a second to read what is imported."""
        if self._asked % 5 == 0:
            project = jedi.Project(self._sample.parent, added_sys_path=self._paths, environment_path=sys.executable)
            self._script = jedi.Script(path=self._sample, project=project)
        self._asked += 1
        return self._script


@pytest.fixture(scope="module")
def scripts(sample: Path, paths: list[str]) -> Scripts:
    return Scripts(sample, paths)


@pytest.fixture
def script(scripts: Scripts) -> jedi.Script:
    return scripts.next()


def hover(server: LanguageServer, sample: Path, line: int, column: int) -> str:
    at = {"textDocument": {"uri": sample.as_uri()}, "position": {"line": line - 1, "character": column}}
    return str(server.ask("textDocument/hover", at)["contents"]["value"])


@pytest.mark.node
@pytest.mark.parametrize(("number", "owner", "name"), [(number, *field) for number, field in enumerate(FIELDS)])
def test_pyright_shows_what_a_field_is(
    request: pytest.FixtureRequest, surface: Surface, sample: Path, number: int, owner: str, name: str
) -> None:
    server: LanguageServer = request.getfixturevalue("server")
    shown = hover(server, sample, *position(sample, f"x{number}.{snake_case(name)}"))
    assert f") {snake_case(name)}: " in shown
    assert_says_all(shown, described(surface, owner, name))


@pytest.mark.parametrize(("number", "owner", "name"), [(number, *field) for number, field in enumerate(FIELDS)])
def test_jedi_shows_what_a_field_is(
    script: jedi.Script, surface: Surface, sample: Path, number: int, owner: str, name: str
) -> None:
    (found,) = script.help(*position(sample, f"x{number}.{snake_case(name)}"))
    assert_says_all(found.docstring(), described(surface, owner, name))


def summary_of(surface: Surface, name: str) -> str:
    operations = (one for group in surface.groups for one in group.operations)
    return next(one.summary for one in operations if f"{one.family}.{one.group}.{one.name}" == name)


@pytest.mark.node
@pytest.mark.parametrize("name", OPERATIONS)
def test_pyright_shows_what_an_operation_does(
    request: pytest.FixtureRequest, surface: Surface, sample: Path, name: str
) -> None:
    server: LanguageServer = request.getfixturevalue("server")
    shown = hover(server, sample, *position(sample, f"client.{name}"))
    assert contains(shown, in_python(summary_of(surface, name))), shown
    assert "options: RequestOptions | None = None" in shown
    assert not NOISE.search(shown)


@pytest.mark.parametrize("name", OPERATIONS)
def test_jedi_shows_what_an_operation_does(script: jedi.Script, surface: Surface, sample: Path, name: str) -> None:
    (found,) = script.help(*position(sample, f"client.{name}"))
    assert contains(found.docstring(), in_python(summary_of(surface, name)))
    assert not NOISE.search(found.docstring())


def test_a_name_of_the_api_is_pythons_in_a_field(script: jedi.Script, surface: Surface, sample: Path) -> None:
    assert "`repositoryFileUri`" in (described(surface, "FileInput", "repositoryFileId").description or "")
    number = FIELDS.index(("FileInput", "repositoryFileId"))
    (found,) = script.help(*position(sample, f"x{number}.repository_file_id"))
    assert "`repository_file_uri`" in found.docstring()
    assert "repositoryFileUri" not in found.docstring()


@pytest.mark.node
def test_pyright_describes_an_argument_of_a_model_and_completes_values(
    request: pytest.FixtureRequest, sample: Path
) -> None:
    server: LanguageServer = request.getfixturevalue("server")
    lines = sample.read_text(encoding="utf-8").splitlines()
    keyword = lines.index(KEYWORD)
    assert "`repository_file_uri`" in hover(server, sample, keyword + 1, KEYWORD.index("repository") + 1)
    at = {"line": lines.index(COMPLETED), "character": COMPLETED.index('""') + 1}
    completed = server.ask(
        "textDocument/completion",
        {"textDocument": {"uri": sample.as_uri()}, "position": at, "context": {"triggerKind": 1}},
    )
    assert '"CreatedDateDesc"' in {item["label"] for item in completed["items"]}


HELP = """\
import inspect, pydoc
from sf_connect.vNEWEST import models as m
from sf_connect.core.wire import class_docs
m.CartItem, m.DataConnector
assert class_docs._fields_by_class.cache_info().misses == 0, "the source is read before anybody asks"
import jedi
(found,) = jedi.Interpreter("m.CartItem", [{"m": m}]).help(1, 8)
texts = [pydoc.plain(pydoc.render_doc(m.CartItem)), inspect.getdoc(m.CartItem), m.CartItem().__doc__, found.docstring()]
print(all("cart_data: CartItemCollection | None" in text and TEXT in " ".join(text.split()) for text in texts))
print("Attributes:" in m.DataConnector.__doc__ and "    name: " in m.DataConnector.__doc__)
"""


def test_help_shows_fields_also_inherited_ones_and_reads_the_source_only_then(
    surface: Surface, paths: list[str], tmp_path: Path
) -> None:
    text = described(surface, "CartItem", "cartData").description or ""
    program = HELP.replace("TEXT", repr(text[1:])).replace("NEWEST", str(NEWEST))
    environment = {"PYTHONPATH": ":".join(paths)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, cwd=tmp_path
    )
    assert done.stdout == "True\nTrue\n", done.stdout + done.stderr


def test_ipython_shows_the_fields_to_a_question_mark(surface: Surface, paths: list[str], tmp_path: Path) -> None:
    pytest.importorskip("IPython", reason="IPython is not installed")
    (tmp_path / "asked.ipy").write_text("from sf_connect.v67 import models as m\nm.CartItem?\n", encoding="utf-8")
    options = ["--no-banner", "--simple-prompt", "--colors=NoColor", "--HistoryManager.enabled=False"]
    done = subprocess.run(
        [sys.executable, "-m", "IPython", *options, "asked.ipy"], capture_output=True, text=True, cwd=tmp_path,
        env={"PYTHONPATH": ":".join(paths), "IPYTHONDIR": str(tmp_path / "ipython"), "HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL, timeout=120, check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "cart_data: CartItemCollection | None" in done.stdout, said
    for name in ("cartData", "cartDeliveryGroupId", "productId"):
        assert f"    {snake_case(name)}: " in done.stdout
        assert contains(done.stdout, in_python(described(surface, "CartItem", name).description or "")), said
