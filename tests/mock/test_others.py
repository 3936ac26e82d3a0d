"""Clients that are not ours work with the mock too."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceMalformedRequest, SalesforceResourceNotFound

from mock.conftest import Mock
from support.node import require_jsforce


class LocalSession:
    """simple-salesforce speaks https only; this sends the same requests to the mock."""

    def __init__(self, url: str) -> None:
        import requests

        self._session = requests.Session()
        self._url = url
        self.proxies: dict[str, str] = {}

    def request(self, method: str, url: str, **more: object) -> object:
        return self._session.request(method, url.replace("https://mock.example", self._url), **more)  # type: ignore[arg-type]


@pytest.fixture
def salesforce(real: Mock) -> Salesforce:
    session = LocalSession(real.url)
    return Salesforce(instance="mock.example", session_id="mock-token", version="67.0", session=session)


def test_simple_salesforce(salesforce: Salesforce, real: Mock) -> None:
    """Its way to the Connect REST API is `restful`."""
    assert salesforce.restful("chatter/users/me") == real.json("/chatter/users/me")
    page = salesforce.restful("chatter/users", params={"pageSize": 2})
    assert len(page["users"]) == 2
    body = {
        "feedElementType": "FeedItem",
        "subjectId": "me",
        "body": {"messageSegments": [{"type": "Text", "text": "Hi"}]},
    }
    posted = salesforce.restful("chatter/feed-elements", method="POST", data=json.dumps(body))
    assert posted["body"]["text"] == "Hi"
    with pytest.raises(SalesforceMalformedRequest) as wrong:
        salesforce.restful("chatter/users", params={"pageSize": "many"})
    assert wrong.value.content[0]["errorCode"] == "ILLEGAL_QUERY_PARAMETER_VALUE"
    with pytest.raises(SalesforceResourceNotFound):
        salesforce.restful("chatter/weeds")


def curl(*arguments: str) -> str:
    command = ["curl", "--silent", "--show-error", "--fail-with-body", "--max-time", "20", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_curl(real: Mock) -> None:
    form = ["-d", "grant_type=client_credentials", "-d", "client_id=mock-client", "-d", "client_secret=mock-secret"]
    token = json.loads(curl(f"{real.url}/services/oauth2/token", *form))["access_token"]
    headers = ["-H", f"Authorization: Bearer {token}"]
    base = f"{real.url}/services/data/v67.0"
    assert json.loads(curl(f"{base}/chatter/users/me", *headers)) == real.json("/chatter/users/me")
    made = curl(
        f"{base}/chatter/groups",
        *headers,
        "-H",
        "Content-Type: application/json",
        "-d",
        '{"name":"Rowers","visibility":"PublicAccess"}',
    )
    assert json.loads(made)["name"] == "Rowers"
    about = '{"title":"oak"};type=application/json'
    curl(
        f"{base}/connect/files/users/me", *headers, "-F", f"json={about}", "-F", "fileData=@/dev/null;filename=oak.png"
    )
    assert real.server.calls()[-1]["parts"][0]["filename"] == "oak.png"


def test_simple_salesforce_gets_what_a_stub_orders(salesforce: Salesforce, real: Mock) -> None:
    """Also outside the Connect REST API, where the mock knows nothing but the stub."""
    records = [{"attributes": {"type": "Account"}, "Id": "001000000000001AAA"}]
    page = {"totalSize": 1, "done": True, "records": records}
    real.server.respond("GET /query*", page, match={"query": {"q": "SELECT Id FROM Account*"}})
    assert salesforce.query("SELECT Id FROM Account LIMIT 1") == page
    real.server.respond("chatter.users.get", {"username": "ada@example.com"}, times=1)
    assert salesforce.restful("chatter/users/me") == {"username": "ada@example.com"}
    real.server.assert_all_used()


JSFORCE = """
const jsforce = require('jsforce');
(async () => {
  const connection = new jsforce.Connection({instanceUrl: process.argv[1], accessToken: 'mock-token', version: '67.0'});
  const me = await connection.chatter.resource('/users/me').retrieve();
  const body = {body: {messageSegments: [{type: 'Text', text: 'Hi'}]}, feedElementType: 'FeedItem', subjectId: 'me'};
  const posted = await connection.chatter.resource('/feed-elements').create(body);
  const found = await connection.query('SELECT Id FROM Account');
  let failure = null;
  try { await connection.request('/services/data/v67.0/chatter/weeds'); } catch (error) { failure = error.errorCode; }
  console.log(JSON.stringify({me: me.username, posted: posted.body.text, found: found.records, failure}));
})();
"""


def test_jsforce(real: Mock) -> None:
    folder = require_jsforce()
    real.server.respond("chatter.users.get", {"username": "ada@example.com"})
    real.server.respond("GET /query", {"totalSize": 0, "done": True, "records": []})
    command = ["node", "-e", JSFORCE, real.url]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "me": "ada@example.com",
        "posted": "Hi",
        "found": [],
        "failure": "NOT_FOUND",
    }
    real.server.assert_called_with("feeds.elements.create", {"subjectId": "me"}, times=1)
