"""Ten pages in the manner of real ones: record parents and actors, numeric tokens, mentions, files, newer properties.

A real org's feed is mostly about records, with whatever the newest server sends; every page here has another mixture.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from benchmarks import feed_page as base

_DATA = "/services/data/v67.0"
PAGES: Mapping[str, Mapping[str, Any]] = {
    "user's news": {"parents": ("User", "CollaborationGroup")},
    "record's feed": {"parents": ("Case",), "actors": ("User",), "tracked": 1},
    "records of five types": {"parents": ("Account", "Case", "Lead", "Opportunity", "Order")},
    "custom objects": {"parents": ("Invoice__c", "acme__Shipment__c", "User")},
    "records as actors": {"parents": ("Opportunity", "User"), "actors": ("Opportunity", "User")},
    "numeric tokens": {"parents": ("User", "Account"), "token": 0},
    "mentions of groups": {"parents": ("CollaborationGroup",), "group_mentions": True},
    "files": {"parents": ("ContentDocument", "User"), "files": 2},
    "newer properties": {"parents": ("User", "Contract"), "newer": True},
    "all of it": {
        "parents": ("User", "Account", "Invoice__c", "CollaborationGroup"),
        "actors": ("User", "User", "Case"),
        "token": 3,
        "group_mentions": True,
        "files": 1,
        "tracked": 2,
        "newer": True,
    },
}


def recorded_page(name: str, elements: int = 25) -> bytes:
    """A page.

    Args:
        name: one of `PAGES`.
        elements: how many elements it has; the API's default is 25.
    """
    manner = PAGES[name]
    items = [base.ordered(_element(number, manner)) for number in range(elements)]
    token = manner.get("token")
    page = {
        "currentPageToken": token,
        "currentPageUrl": f"{_DATA}/chatter/feeds/news/me/feed-elements",
        "elements": items,
        "isModifiedToken": "1:1672531200000",
        "isModifiedUrl": f"{_DATA}/chatter/feeds/news/me/feed-elements/is-modified?since=1%3A1672531200000",
        "nextPageToken": None if token is None else token + 1,
        "nextPageUrl": f"{_DATA}/chatter/feeds/news/me/feed-elements?page=2",
        "updatesToken": "2:1672531200000",
        "updatesUrl": f"{_DATA}/chatter/feeds/news/me/feed-elements?updatedSince=2%3A1672531200000",
    }
    return json.dumps(page, separators=(",", ":")).encode()


def _element(number: int, manner: Mapping[str, Any]) -> dict[str, Any]:
    made = base.element(number, "FeedItem")
    parents, actors = manner["parents"], manner.get("actors", ("User",))
    made["parent"] = _subject(parents[number % len(parents)], number)
    made["actor"] = _subject(actors[number % len(actors)], number + 1)
    if manner.get("group_mentions"):
        for segment in made["body"]["messageSegments"]:
            if segment["type"] == "Mention":
                segment["record"] = base.group(number)
    capabilities = made["capabilities"]
    if files := manner.get("files"):
        capabilities["files"] = {"items": [_file(number + one) for one in range(files)]}
        made["type"] = "ContentPost"
    if number % 4 < manner.get("tracked", 0):
        capabilities["trackedChanges"] = {"changes": [_change(number)]}
        made["type"] = "TrackedChange"
    if manner.get("newer"):
        made["sentiment"] = {"score": 0.5, "label": "Neutral"}
        made["body"]["readingTime"] = 12
        capabilities["summaries"] = {"items": [], "isEnabled": False}
        made["actor"]["pronouns"] = None
    return made


def _subject(kind: str, number: int) -> dict[str, Any]:
    if kind == "User":
        return base.user(number)
    if kind == "CollaborationGroup":
        return base.group(number)
    if kind == "ContentDocument":
        return _file(number)
    found = base.identifier("500", number)
    return {
        "id": found,
        "motif": base.motif(kind.lower()),
        "mySubscription": None,
        "name": f"{kind} {number}",
        "recordViewUrl": None,
        "type": kind,
        "url": f"{_DATA}/sobjects/{kind}/{found}",
    }


def _file(number: int) -> dict[str, Any]:
    found = base.identifier("069", number)
    return {
        "checksum": "9b3c1e7f6d5a48b2a1c0d9e8f7a6b5c4",
        "contentHubRepository": None,
        "contentModifiedDate": "2026-02-25T18:24:31.000Z",
        "contentSize": "48213",
        "contentUrl": None,
        "createdDate": "2026-02-25T18:24:31.000Z",
        "description": None,
        "downloadUrl": f"{_DATA}/chatter/files/{found}/content?versionNumber=1",
        "fileExtension": "pdf",
        "fileType": "pdf",
        "id": found,
        "isInMyFileSync": False,
        "mimeType": "application/pdf",
        "motif": base.motif("content"),
        "name": f"Offer {number}",
        "origin": "Chatter",
        "owner": base.user(number),
        "pdfRenditionStatus": "Success",
        "publishStatus": "PrivateAccess",
        "sharingOption": "Allowed",
        "sharingRole": "Collaborator",
        "title": f"Offer {number}",
        "type": "ContentDocument",
        "url": f"{_DATA}/chatter/files/{found}",
        "versionNumber": "1",
    }


def _change(number: int) -> dict[str, Any]:
    return {"fieldName": "Status", "newValue": f"Working {number}", "oldValue": "New"}
