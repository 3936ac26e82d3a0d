"""Names in the whole catalogue: types write initialisms as the trade does, and docs/families.md lists every group."""

from __future__ import annotations

import pytest

from connectgen.catalogue.loader import load_catalogue
from connectgen.naming import normalize_type_name, snake_case, type_name, words_of
from support.command import ROOT


def test_every_type_writes_its_initialisms_by_one_rule() -> None:
    names = load_catalogue(ROOT / "spec").types
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
