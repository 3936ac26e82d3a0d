"""Names in the whole catalogue: types write initialisms as the trade does, and docs/families.md lists every group."""

from __future__ import annotations

import re

import pytest

from connectgen.naming import normalize_type_name, snake_case, type_name, words_of
from support.command import ROOT
from support.real import real_catalogue


def test_every_type_writes_its_initialisms_by_one_rule() -> None:
    names = real_catalogue().types
    assert {name: normalize_type_name(name) for name in names if normalize_type_name(name) != name} == {}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("AppOauthCredentials", "AppOAuthCredentials"),
        ("AppOAuthCredentials", "AppOAuthCredentials"),
        ("DcSqlMacro", "DCSQLMacro"),
        ("DataLibraryUploadUrlsInput", "DataLibraryUploadURLsInput"),
        ("SocialPostIdListInput", "SocialPostIDListInput"),
        ("IdentityProvider", "IdentityProvider"),
        ("SegmentDbtModel", "SegmentDbtModel"),
    ],
)
def test_a_word_is_an_initialism_only_as_a_whole(name: str, expected: str) -> None:
    assert normalize_type_name(name) == expected


def test_a_title_becomes_a_name_by_the_same_rule() -> None:
    assert type_name("App Oauth Url", is_input=True) == "AppOAuthURLInput"


def test_initialisms_are_one_word_in_snake_case() -> None:
    assert words_of("AppOAuthURLsInput") == ["App", "OAuth", "URLs", "Input"]
    assert snake_case("relatedURLs") == "related_urls"
    assert snake_case("oauthTokenIDs") == "oauth_token_ids"
    assert snake_case("AppOAuthURLsInput") == "app_oauth_urls_input"


_ROW = re.compile(r"^\| `([a-z0-9_]+)` \|(?:.*\|)? ([^|]+) \|$")


def _families() -> dict[tuple[str, str], list[str]]:
    """The groups of docs/families.md with their paths."""
    groups: dict[tuple[str, str], list[str]] = {}
    family = ""
    for line in (ROOT / "docs" / "families.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            family = line.removeprefix("## ")
        elif found := _ROW.match(line.replace("\\|", "")):
            groups[family, found[1]] = re.findall(r"`([^`]+)`", found[2])
    return groups


def _place_of(path: str, groups: dict[tuple[str, str], list[str]]) -> tuple[str, str]:
    """Where a path belongs by the page: an ending counts most, then the longest beginning."""
    ranked: list[tuple[int, tuple[str, str]]] = []
    for place, prefixes in groups.items():
        for prefix in prefixes:
            if prefix.startswith("…") and f"{path}/".endswith(f"{prefix[1:]}/"):
                ranked.append((1000, place))
            elif f"{path}/".startswith(f"{prefix}/"):
                ranked.append((len(prefix), place))
    return max(ranked)[1] if ranked else ("", "")


def test_the_page_about_families_lists_every_group_and_no_other() -> None:
    groups = _families()
    real = {(group.family, group.name) for group in real_catalogue().groups}
    assert set(groups) == real


def test_every_path_belongs_to_the_group_that_the_page_says() -> None:
    groups = _families()
    paths = {
        re.sub(r"\{[^}]*\}", "{}", resource.path): (group.family, group.name)
        for group in real_catalogue().groups
        for resource in group.resources
    }
    assert {path: place for path, place in paths.items() if _place_of(path, groups) != place} == {}
    used = [prefix for prefixes in groups.values() for prefix in prefixes if not prefix.startswith("…")]
    assert [one for one in used if not any(f"{path}/".startswith(f"{one}/") for path in paths)] == []
