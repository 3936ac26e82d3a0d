"""Settles a page's paths: one spelling of a placeholder, no examples, and which exist inside a site only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from connectgen.importer.guide.facts import PathFacts
from connectgen.importer.paths import distinct_placeholders

_SITE = "/connect/communities/{communityId}"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_EXAMPLE = re.compile(r"/(?:me|[0-9][0-9A-Za-z]{2,17})(?:/|$)|__kav(?:/|$)")
_ONE_SPELLING = {"webStoreId": "webstoreId", "webstoreID": "webstoreId"}

# What exists inside a site only, as a pattern of what follows the site; all else has a second path outside.
_SITE_ONLY = re.compile(
    r"/(?:publish|templates|external-managed-accounts|data-category|network-data-category|category-network|managed-content"
    r"|managed-topics|microbatching|missions|navigation-menu|personalization|preview-url|trending-articles"
    r"|question-and-answers/top-unanswered|topics/\{\w+\}/trending-articles|files/moderation|files/\{\w+\}/moderation-flags"
    r"|chatter/feed-items/\{\w+\}/moderation-flags|chatter/comments/\{\w+\}/moderation-flags"
    r"|chatter/feed-elements/\{\w+\}/capabilities/moderation|chatter/feeds/(?:moderation|home|direct-message-moderation)"
    r"|chatter/users/\{\w+\}/(?:audit-actions|reputation))(?:/|$)"
)


def settle_paths(paths: Sequence[PathFacts]) -> list[PathFacts]:
    """The paths of a page as the catalogue has them.

    A path that was printed with its site only gets its form outside, unless it is one of those that have none;
    concrete ids and `me` are examples where the page also has the general form.
    """
    spell = [replace(path, path=distinct_placeholders(_one_spelling(path.path))) for path in paths]
    spell = [_outside_of_site(path) for path in spell]
    general = [path for path in spell if not is_example(path.path)] or spell
    unique: dict[str, PathFacts] = {}
    for path in general:
        key = _PLACEHOLDER.sub("{}", path.path)
        unique[key] = replace(unique[key], site=unique[key].site or path.site) if key in unique else path
    return list(unique.values())


def is_example(path: str) -> bool:
    """Whether a path holds a concrete id where a placeholder belongs."""
    return bool(_EXAMPLE.search(path))


def _outside_of_site(path: PathFacts) -> PathFacts:
    rest = path.path.removeprefix(_SITE)
    if rest in ("", path.path) or _SITE_ONLY.match(rest):
        return path
    return replace(path, path=rest if rest.startswith("/chatter/") else f"/connect{rest}", site=True)


def _one_spelling(path: str) -> str:
    """`{groupID}` → `{groupId}`: one spelling of a placeholder over all pages."""

    def spell(match: re.Match[str]) -> str:
        name = re.sub(r"ID(s?)$", r"Id\1", match[1])
        return "{" + _ONE_SPELLING.get(match[1], name) + "}"

    return _PLACEHOLDER.sub(spell, path)
