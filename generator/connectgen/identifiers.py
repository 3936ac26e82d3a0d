"""Record ids: 18 characters, a prefix that says the type of record, and three characters that check the case."""

from __future__ import annotations

import re
from functools import lru_cache

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_SHAPE = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")

PREFIXES = {
    "account": "001",
    "actionlink": "0An",
    "actionlinkgroup": "0Ag",
    "announcement": "0BT",
    "asset": "02i",
    "assetfile": "03S",
    "campaign": "701",
    "cart": "0a6",
    "cartcoupon": "0a8",
    "cartitem": "0a9",
    "case": "500",
    "comment": "0D7",
    "community": "0DB",
    "contact": "003",
    "contentdocument": "069",
    "contentversion": "068",
    "conversation": "03M",
    "dashboard": "01Z",
    "deliverygroup": "0a7",
    "favorite": "0Ot",
    "feedelement": "0D5",
    "feeditem": "0D5",
    "file": "069",
    "folder": "07H",
    "fulfillmentorder": "0a3",
    "group": "0F9",
    "groupmember": "0FB",
    "groupmembership": "0FB",
    "groupmembershiprequest": "0I5",
    "grouprecord": "0HR",
    "invoice": "3tt",
    "lead": "00Q",
    "like": "0I0",
    "membership": "0FB",
    "membershiprequest": "0I5",
    "message": "0MJ",
    "opportunity": "006",
    "order": "801",
    "orderitem": "802",
    "orderitemsummary": "10u",
    "ordersummary": "1Os",
    "organization": "00D",
    "payment": "0aQ",
    "photo": "729",
    "pricebook": "01s",
    "product": "01t",
    "productcategory": "0ZG",
    "profile": "00e",
    "quote": "0Q0",
    "record": "001",
    "report": "00O",
    "repository": "0XC",
    "returnorder": "0QU",
    "shipment": "0OB",
    "site": "0DM",
    "stream": "0TW",
    "subscription": "0E8",
    "topic": "0TO",
    "user": "005",
    "webstore": "0ZE",
    "workspace": "058",
}
"""What an id begins with, by the word for the type of record."""

STRICT = {
    "commentId": "0D7",
    "groupId": "0F9",
    "likeId": "0I0",
    "topicId": "0TO",
    "userId": "005",
}
"""Path parameters that take records of one type only; an id that is known to be of another type is refused."""

_KNOWN = frozenset(PREFIXES.values())


def checked(fifteen: str) -> str:
    """An id of 15 characters made 18: each of the last three says which of five characters are capitals."""
    chunks = (fifteen[0:5], fifteen[5:10], fifteen[10:15])
    return fifteen + "".join(
        _CHECK[sum(1 << place for place, character in enumerate(chunk) if "A" <= character <= "Z")] for chunk in chunks
    )


def record_id(prefix: str, number: int) -> str:
    """The id of a record.

    Args:
        prefix: three characters.
        number: which record of that type; it counts modulo 62^9.
    """
    digits = ""
    for _ in range(9):
        number, rest = divmod(number, 62)
        digits = _DIGITS[rest] + digits
    return checked(f"{prefix}MK0{digits}")


def is_id(text: str) -> bool:
    """Whether a text has the shape of a record id."""
    return _SHAPE.fullmatch(text) is not None


def full(text: str) -> str:
    """An id with 18 characters, whichever length it came in; any other text as it is."""
    return checked(text) if len(text) == 15 and is_id(text) else text


def is_of_another_kind(name: str, text: str) -> bool:
    """Whether an id is known to be of another type than a path parameter takes."""
    wanted = STRICT.get(name)
    return wanted is not None and len(text) >= 15 and text[:3] != wanted and text[:3] in _KNOWN


@lru_cache(maxsize=4096)
def prefix_for(*names: str) -> str:
    """What an id begins with.

    Args:
        names: what is known of the record, the best first: `parentCommentId`, then the type that holds it.
    """
    for name in names:
        plain = re.sub(r"ids?$", "", re.sub(r"[^A-Za-z]", "", name), flags=re.IGNORECASE).lower()
        found = [word for word in PREFIXES if word in plain]
        if found:
            best = max(found, key=lambda word: (len(word), plain.rfind(word)))
            return PREFIXES[best]
    letters = sum(map(ord, "".join(names)))
    return "a" + _DIGITS[letters % 10] + _DIGITS[10 + letters % 52]
