"""Puts the whole document of a version together."""

from __future__ import annotations

from typing import Any

from connectgen.openapi.examples import Examples
from connectgen.openapi.operations import Paths
from connectgen.openapi.responses import Responses
from connectgen.openapi.schemas import Schemas
from connectgen.surface import Surface

_LOGIN = "https://login.salesforce.com/services/oauth2"
_SCOPES = {
    "api": "Calls of all APIs as the user.",
    "chatter_api": "Calls of the Connect REST API only.",
    "refresh_token": "A refresh token that outlives the access token.",
}


def openapi_document(surface: Surface) -> dict[str, Any]:
    """A version of the API as an OpenAPI 3.1 document.

    Args:
        surface: the version.

    Returns:
        The document as plain values, the same for the same Surface.
    """
    schemas = Schemas(surface.types)
    examples = Examples(surface)
    responses = Responses(surface, schemas, examples)
    paths = Paths(surface, schemas, responses, examples).all()
    components = {**schemas.components(), **responses.error_schemas()}
    return {
        "openapi": "3.1.0",
        "info": _info(surface),
        "servers": [_server(surface)],
        "security": [{"oauth": ["api"]}, {"oauth": ["chatter_api"]}, {"accessToken": []}],
        "tags": [{"name": f"{group.family}.{group.name}", "description": group.summary} for group in surface.groups],
        "x-tagGroups": _families(surface),
        "paths": paths,
        "components": {
            "schemas": {name: components[name] for name in sorted(components)},
            "responses": responses.components(),
            "examples": examples.components(),
            "securitySchemes": _security(),
        },
    }


def _info(surface: Surface) -> dict[str, Any]:
    release = surface.release
    status = f"retired in {release.retired_in}" if release.retired_in else release.status
    return {
        "title": "Salesforce Connect REST API",
        "version": f"{release.version}.0",
        "summary": f"Version {release.version}.0, {release.name}: {status}.",
        "description": (
            "Generated from the catalogue of connectgen, which is independent of Salesforce. Paths are relative to the "
            "root of the version. x-since and x-until name the first and last version that has a thing. "
            "A response may lack any property, and hold values that are not listed."
        ),
        "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        "x-release": release.name,
        "x-status": release.status,
    }


def _server(surface: Surface) -> dict[str, Any]:
    return {
        "url": f"https://{{instance}}/services/data/v{surface.version}.0",
        "description": "An org's own host",
        "variables": {
            "instance": {
                "default": "your-domain.my.salesforce.com",
                "description": "The host of instance_url, which the token response names. A site's host works too.",
            }
        },
    }


def _families(surface: Surface) -> list[dict[str, Any]]:
    families: dict[str, list[str]] = {}
    for group in surface.groups:
        families.setdefault(group.family, []).append(f"{group.family}.{group.name}")
    return [
        {
            "name": family,
            **({"description": surface.families[family].summary} if family in surface.families else {}),
            "tags": tags,
        }
        for family, tags in families.items()
    ]


def _security() -> dict[str, Any]:
    return {
        "oauth": {
            "type": "oauth2",
            "description": "OAuth of Salesforce; the URLs are production's, a sandbox has test.salesforce.com.",
            "flows": {
                "authorizationCode": {
                    "authorizationUrl": f"{_LOGIN}/authorize",
                    "tokenUrl": f"{_LOGIN}/token",
                    "refreshUrl": f"{_LOGIN}/token",
                    "scopes": _SCOPES,
                },
                "clientCredentials": {"tokenUrl": f"{_LOGIN}/token", "scopes": {"api": _SCOPES["api"]}},
            },
        },
        "accessToken": {"type": "http", "scheme": "bearer", "description": "An access token, however it was obtained."},
    }
