"""Which properties of the catalogue are secrets, so that no object shows them; and that none is forgotten."""

from __future__ import annotations

import re

import pytest

from connectgen.catalogue.model import Catalogue
from connectgen.catalogue.types import MapOf, Named, Scalar
from support.real import real_catalogue

CREDENTIAL = re.compile(
    r"password|passphrase|secret|token|api_?key|access_?key|secret_?key|private_?key|signing_?key|credential_?value"
    r"|header_?value|^otp$|^pin$|^cvv|card_?number|authorization$|session_?id|cookie|signature$",
    re.IGNORECASE,
)
HARMLESS = {
    "accessTokenFormat", "cookieId", "currentPageToken", "displayCardNumber", "gatewayTokenDetails", "generateAuthorizationHeader",
    "isModifiedToken", "isPasswordRequired", "jobToken", "maxInputToken", "maxTokens", "nextPageToken",
    "paymentAuthorization", "previousPageToken", "privateKeyId", "relayToken", "tokenUrl", "tokenizations",
    "updatesToken", "tokens", "cacheReadTokens", "cacheWriteTokens", "requestToken", "sessionId",
}  # fmt: skip
"""Names that only look like it: positions in lists, formats, ids, switches."""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return real_catalogue()


def test_every_property_that_is_named_like_a_credential_is_a_secret_or_harmless(catalogue: Catalogue) -> None:
    forgotten = {
        f"{definition.name}.{fact.name}"
        for definition in catalogue.types.values()
        for fact in definition.properties
        if CREDENTIAL.search(fact.name) and fact.name not in HARMLESS and not fact.secret
        if isinstance(fact.type, Scalar)
    }
    assert forgotten == set()


def test_no_harmless_name_is_a_secret(catalogue: Catalogue) -> None:
    facts = [fact for definition in catalogue.types.values() for fact in definition.properties]
    assert not [fact.name for fact in facts if fact.secret and fact.name in HARMLESS]
    assert sum(fact.secret for fact in facts) >= 30


def test_secrets_are_values_and_no_objects(catalogue: Catalogue) -> None:
    """An object would show itself; its own properties are the secrets."""
    for definition in catalogue.types.values():
        for fact in definition.properties:
            assert not (fact.secret and isinstance(fact.type, Named | MapOf)), f"{definition.name}.{fact.name}"
