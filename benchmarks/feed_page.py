"""A page of a feed as a server would send it: properties in the order of the alphabet, nulls included, about 1 MB."""

from __future__ import annotations

import json
from typing import Any, cast

_INSTANCE = "https://acme.my.salesforce.com"
_DATA = "/services/data/v67.0"
_SIZE = 1_000_000


def page(*, unknown_every: int | None = None) -> bytes:
    """A page of feed elements.

    Args:
        unknown_every: how many elements go to one of a kind that no client knows; None for none.
    """
    elements: list[str] = []
    while sum(map(len, elements)) < _SIZE:
        number = len(elements)
        unknown = unknown_every is not None and number % unknown_every == unknown_every // 2
        elements.append(
            json.dumps(ordered(element(number, "Survey" if unknown else "FeedItem")), separators=(",", ":"))
        )
    return f'{{"currentPageToken":null,"elements":[{",".join(elements)}],"nextPageUrl":null}}'.encode()


def element(number: int, kind: str) -> dict[str, Any]:
    """A feed element; `kind` is its discriminator."""
    found = identifier("0D5", number)
    return {
        "actor": user(number),
        "body": _body(number),
        "canShare": True,
        "capabilities": _capabilities(number, found),
        "clientInfo": None,
        "createdDate": "2026-02-25T18:24:31.000Z",
        "event": False,
        "feedElementType": kind,
        "hasVerifiedComment": False,
        "header": {"isRichText": None, "messageSegments": [_link_to_user(number)], "text": f"Ada {number}"},
        "id": found,
        "isDeleteRestricted": False,
        "isSharable": True,
        "modifiedDate": "2026-02-25T18:24:31.000Z",
        "originalFeedItem": None,
        "originalFeedItemActor": None,
        "parent": group(number) if number % 3 == 0 else user(number + 1),
        "photoUrl": f"{_INSTANCE}/profilephoto/729D00000000LJL/T",
        "relativeCreatedDate": "1h ago",
        "type": "TextPost",
        "url": f"{_DATA}/chatter/feed-elements/{found}",
        "visibility": "AllUsers",
    }


def _capabilities(number: int, element: str) -> dict[str, Any]:
    page_url = f"{_DATA}/chatter/feed-elements/{element}/capabilities"
    likes: dict[str, Any] = {"currentPageUrl": f"{page_url}/likes", "items": [], "nextPageUrl": None, "total": 0}
    comments: list[dict[str, Any]] = [
        {
            "body": _body(number + place),
            "createdDate": "2026-02-25T18:24:31.000Z",
            "id": identifier("0D7", number),
            "isDeleteRestricted": False,
            "likes": likes,
            "relativeCreatedDate": "2h ago",
            "url": f"{_DATA}/chatter/comments/{identifier('0D7', number)}",
            "user": user(number + place),
        }
        for place in (2, 3)
    ]
    return {
        "bookmarks": {"isBookmarkedByCurrentUser": False},
        "chatterLikes": {"isLikedByCurrentUser": False, "likesMessage": None, "myLike": None},
        "comments": {
            "page": {"currentPageUrl": f"{page_url}/comments", "items": comments, "nextPageUrl": None, "total": 2}
        },
        "topics": {
            "canAssignTopics": True,
            "items": [{"id": identifier("0TO", number), "name": "release", "talkingAbout": 3}],
        },
    }


def _body(number: int) -> dict[str, Any]:
    address = f"{_INSTANCE}/lightning/r/Account/{identifier('001', number)}/view"
    greeting = [_mention(number), {"text": " ", "type": "Text"}] if number % 2 == 0 else []
    segments = [
        *greeting,
        {"text": "Have you seen", "type": "Text"},
        {"text": " what came in this morning? ", "type": "Text"},
        {"text": address, "type": "Link", "url": address},
        {"tag": "release", "text": "#release", "topicUrl": f"{_DATA}/topics/0TO", "type": "Hashtag", "url": "/x"},
        {"text": "It would be good to answer today.", "type": "Text"},
    ]
    text = "".join(segment["text"] for segment in segments)
    return {"isRichText": False, "messageSegments": segments, "text": text}


def _mention(number: int) -> dict[str, Any]:
    return {
        "accessible": True,
        "name": f"Ada {number}",
        "record": user(number),
        "text": f"@Ada {number}",
        "type": "Mention",
    }


def _link_to_user(number: int) -> dict[str, Any]:
    reference = {"id": identifier("005", number), "url": f"{_DATA}/chatter/users/{identifier('005', number)}"}
    return {"motif": motif("profile"), "reference": reference, "text": f"Ada {number}", "type": "EntityLink"}


def user(number: int) -> dict[str, Any]:
    """A user, as the actor of an element has it."""
    found = identifier("005", number)
    return {
        "additionalLabel": None,
        "communityNickname": f"ada{number}",
        "companyName": "Acme",
        "displayName": f"Ada {number}",
        "firstName": "Ada",
        "id": found,
        "isActive": True,
        "isInThisCommunity": True,
        "lastName": "Lovelace",
        "motif": motif("profile"),
        "mySubscription": {
            "id": identifier("0E8", number),
            "url": f"{_DATA}/chatter/subscriptions/{identifier('0E8', number)}",
        },
        "name": f"Ada {number}",
        "outOfOffice": {"message": ""},
        "photo": _photo(number),
        "reputation": None,
        "title": "Analyst",
        "type": "User",
        "url": f"{_DATA}/chatter/users/{found}",
        "userType": "Internal",
    }


def group(number: int) -> dict[str, Any]:
    """A group."""
    found = identifier("0F9", number)
    return {
        "canHaveChatterGuests": False,
        "description": "All who sell",
        "emailToChatterAddress": None,
        "id": found,
        "memberCount": 5,
        "motif": motif("groups"),
        "name": "Sales",
        "photo": _photo(number),
        "type": "CollaborationGroup",
        "url": f"{_DATA}/chatter/groups/{found}",
        "visibility": "PublicAccess",
    }


def _photo(number: int) -> dict[str, Any]:
    version = identifier("729", number)
    return {
        "fullEmailPhotoUrl": f"{_INSTANCE}/ncsphoto/SqRfG_-PUTY6KtfOp_f0cPhKrC7plNhUw5eOz7Aj1u-oFL0K-ff2oe04ZAmT2MqC",
        "largePhotoUrl": f"{_INSTANCE}/profilephoto/{version}/F",
        "photoVersionId": version,
        "smallPhotoUrl": f"{_INSTANCE}/profilephoto/{version}/T",
        "standardEmailPhotoUrl": f"{_INSTANCE}/ncsphoto/SqRfG_-PUTY6KtfOp_f0cPhKrC7plNhUw5eOz7Aj1u-6d5rE2mNaMaBZfGn",
        "url": f"{_DATA}/connect/user-profiles/{version}/photo",
    }


def motif(name: str) -> dict[str, Any]:
    """The icons of a sort of record."""
    return {
        "color": "1797C0",
        "largeIconUrl": f"/img/icon/{name}64.png",
        "mediumIconUrl": f"/img/icon/{name}32.png",
        "smallIconUrl": f"/img/icon/{name}16.png",
        "svgIconUrl": None,
    }


def identifier(prefix: str, number: int) -> str:
    """An id of 18 characters."""
    return f"{prefix}{number:015d}"


def ordered(value: Any) -> Any:
    """As the server writes it: names in the order of the alphabet."""
    if isinstance(value, dict):
        named = cast("dict[str, Any]", value)
        return {name: ordered(named[name]) for name in sorted(named)}
    return [ordered(one) for one in cast("list[object]", value)] if isinstance(value, list) else value
