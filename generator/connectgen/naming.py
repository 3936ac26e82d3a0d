"""Decides every name: Python names from the API's names, type names from the guide's titles."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from functools import cache

from connectgen.reserved import OPERATION_CLASSES, TYPE_NAMES

_WORD = re.compile(r"OAuth|(?:API|ID|URL)s(?![a-z])|[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+")
_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Za-z]+")
_INITIALISMS = {
    "OAuth": "Oauth",
    "URLs": "Urls",
    "IDs": "Ids",
    "APIs": "Apis",
    "SObject": "Sobject",
    "sObject": "sobject",
}
# As the trade writes them. In a type's name an initialism keeps this spelling wherever it is a word of its own: `Id` is
# ID there too (`SocialPostIDListInput`), and a plural's s is small (URLs). Names of modules, arguments and fields are
# snake_case and know no such thing. Words that are no initialisms (`dbt`) and initials of one product that only the
# guide writes so (`FO`, `MCS`) are not here: they stay as their page's title has them.
_IN_TYPES = [
    "AI", "API", "AWS", "CDN", "CMS", "CNAME", "CRM", "CSV", "DB", "DC", "DLO", "DMO", "GCP", "GPT", "HTML", "HTTP",
    "HTTPS", "ID", "IDP", "IP", "JDBC", "JSON", "JWT", "KPI", "LLM", "ML", "NPS", "OAuth", "OCI", "OTP", "PDF",
    "SAML", "SDK", "SFTP", "SKU", "SLA", "SMS", "SObject", "SQL", "SSL", "SSO", "STL", "TLS", "TUA", "UI", "URI",
    "URL", "UUID", "XML", "YAML",
]  # fmt: skip
_PLURALS = ("API", "ID", "KPI", "SKU", "SLA", "URI", "URL")
_AS_WRITTEN = {one.capitalize(): one for one in _IN_TYPES} | {f"{one.capitalize()}s": f"{one}s" for one in _PLURALS}
_TITLE_CASE = re.compile(r"[A-Z][a-z]+")


def words_of(name: str) -> list[str]:
    """The words of a name in camelCase or PascalCase; initials in a row are one."""
    return _WORD.findall(name)


@cache
def snake_case(name: str) -> str:
    """The Python spelling of a name of the API: `feedElementId` → `feed_element_id`, `relatedURLs` → `related_urls`."""
    for initialism, word in _INITIALISMS.items():
        name = name.replace(initialism, word)
    snake = "_".join(word.lower() for word in words_of(name))
    return f"_{snake}" if snake[:1].isdigit() else snake


def python_name(name: str, given: str | None) -> str:
    """The Python name of a parameter or property: the one that the catalogue gives, or the spelling of its own."""
    return given or snake_case(name)


def type_name(title: str, *, is_input: bool) -> str:
    """A type's name from its page's title: letters and digits in PascalCase; a request's name ends in `Input`."""
    words = [word for word in _NOT_ALPHANUMERIC.split(title.replace("’", "").replace("'", "")) if word]
    name = normalize_type_name("".join(word[:1].upper() + word[1:] for word in words))
    return name if not is_input or name.endswith("Input") else f"{name}Input"


def normalize_type_name(name: str) -> str:
    """A type's name with its initialisms as the trade writes them: `AppOauthUrls` → `AppOAuthURLs`."""
    return _TITLE_CASE.sub(lambda word: _AS_WRITTEN.get(word[0], word[0]), name)


KEYWORDS = frozenset({
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
})  # fmt: skip
"""Python's reserved words: a list of its own, so that names do not depend on the Python that runs."""


def is_keyword(name: str) -> bool:
    """Whether Python reserves a name."""
    return name in KEYWORDS


_IN_ANNOTATIONS = {"str", "int", "bool", "float", "list", "dict", "object", "bytes", "datetime", "builtins", "field"}
_OF_MODELS = {"raw_properties", "failure", "from_dict", "from_json", "to_dict", "to_json"}


def is_reserved_field(name: str) -> bool:
    """Whether a model's field must not have this name: a keyword, or a name that annotations of the class use."""
    return is_keyword(name) or name in _IN_ANNOTATIONS or name in _OF_MODELS or name.startswith("__")


def is_reserved_type(name: str) -> bool:
    """Whether a type must not have this name: a keyword, or a name that generated modules import."""
    return is_keyword(name) or name in TYPE_NAMES | OPERATION_CLASSES


def is_reserved_argument(name: str) -> bool:
    """Whether a method's argument must not have this name."""
    return is_keyword(name) or name == "self"


def class_name(name: str) -> str:
    """The class of a family: `feed_elements` → `FeedElements`."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def group_class(name: str, types: Container[str]) -> str:
    """The class of a group: `carts` → `Carts`; with `Operations` where that is a type's name.

    Args:
        name: the group's name.
        types: the names of all types, in any version.
    """
    name = class_name(name)
    hides = any(known in types or is_reserved_type(known) for known in (name, f"Async{name}"))
    return f"{name}Operations" if hides else name


_VERBS_OF_PAGES = ("list", "get", "search")


def iterator_names(operations: Iterable[str], paged: Iterable[str]) -> Mapping[str, str]:
    """The methods of a group that iterate over all pages: `list_elements` → `iter_elements`, `list` → `iter`.

    The verbs `list`, `get` and `search` give way to `iter`, in this order where two would meet. Where the name is
    taken, and with any other verb, the operation's name is kept whole: `search` → `iter_search`, `rank_users` →
    `iter_rank_users`.

    Args:
        operations: the names of all operations of the group, in any version.
        paged: the names of those whose results come in pages.
    """
    taken = set(operations)
    chosen: dict[str, str] = {}
    for name in sorted(paged, key=_rank_of_verb):
        verb, _, rest = name.partition("_")
        gives_way = verb in _VERBS_OF_PAGES and name != "search"
        short = f"iter_{rest}".rstrip("_") if gives_way else f"iter_{name}"
        iterator = next(one for one in (short, f"iter_{name}", f"iter_all_{name}") if one not in taken)
        taken.add(iterator)
        chosen[name] = iterator
    return chosen


def _rank_of_verb(name: str) -> tuple[int, str]:
    verb = name.partition("_")[0]
    return (_VERBS_OF_PAGES.index(verb) if verb in _VERBS_OF_PAGES else len(_VERBS_OF_PAGES)), name


_WAITS = "wait_for_"


def waiter_name(operation: str, given: str | None) -> str:
    """The method that waits for the end that an operation shows: `get_preview` → `wait_for_preview`.

    Args:
        operation: the operation's name.
        given: the name that the catalogue gives.
    """
    verb, _, rest = operation.partition("_")
    return given or _WAITS + ((rest or "end") if verb == "get" else operation)


def is_waiter_name(name: str) -> bool:
    """Whether a method's name is kept for methods that wait."""
    return name.startswith(_WAITS)
