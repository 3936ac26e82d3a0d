"""Decides which family and group of the client a path belongs to: a table of prefixes, the longest match wins."""

from __future__ import annotations

from functools import lru_cache

from connectgen.importer.place import Place

_SITE = ("connect", "communities", "{}")

# family → group → path prefixes. `{}` stands for a path parameter, a final `*` for any ending of the last
# segment, a final `$`
# for the path itself and nothing below it.
_TABLE: dict[str, dict[str, str]] = {
    "chatter": {
        "announcements": "/chatter/announcements",
        "comments": "/chatter/comments",
        "digests": "/chatter/digests",
        "emojis": "/chatter/emojis",
        "extensions": "/chatter/extensions",
        "influence": "/chatter/influence",
        "likes": "/chatter/likes",
        "mentions": "/chatter/mentions",
        "followers": "/chatter/records",
        "subscriptions": "/chatter/subscriptions /connect/chatter",
        "groups": "/chatter/groups",
        "group_memberships": "/chatter/group-memberships /chatter/group-membership-requests",
        "group_records": "/chatter/group-records",
        "users": "/chatter/users",
        "messages": "/chatter/users/{}/messages",
        "conversations": "/chatter/users/{}/conversations",
        "user_profiles": "/connect/user-profiles",
        "employee_profiles": "/connect/employee-profiles",
        "topics": "/connect/topics /connect/records/{}/topics",
        "topic_endorsements": "/connect/topic-endorsements",
        "topic_opt_outs": "/connect/topic-opt-outs",
        "action_links": "/connect/action-link*",
        "question_and_answers": "/connect/question-and-answers",
        "zones": "/connect/zones",
    },
    "feeds": {
        "elements": "/chatter/feed-elements /chatter/feeds$",
        "capabilities": "/chatter/feed-elements/{}/capabilities",
        "items": "/chatter/feed-items",
        "streams": "/chatter/feeds/streams /chatter/streams",
    },
    "cms": {
        "channels": "/connect/cms/channels",
        "contents": "/connect/cms/contents",
        "delivery": "/connect/cms/delivery",
        "digital_asset_management_providers": "/connect/cms/digital-asset-management-providers",
        "folders": "/connect/cms/folders",
        "items": "/connect/cms/items",
        "spaces": "/connect/cms/spaces",
        "managed_content": "/connect/communities/{}/managed-content",
        "taxonomies": "/connect/content-taxonomy",
    },
    "commerce": {
        "accounts": "/commerce/webstores/{}/accounts",
        "ai": "/commerce/webstores/{}/ai",
        "application_context": "/commerce/webstores/{}/application-context",
        "buyers": "/commerce/webstores/{}/buyers",
        "carts": "/commerce/webstores/{}/carts",
        "categories": "/commerce/webstores/{}/product-categories /commerce/webstores/{}/product-category-path"
        " /commerce/webstores/{}/category-menu-items",
        "checkouts": "/commerce/webstores/{}/checkouts",
        "external_managed_accounts": "/commerce/webstores/{}/external-managed-accounts",
        "order_summaries": "/commerce/webstores/{}/order-summaries",
        "payments": "/commerce/webstores/{}/payments",
        "pricing": "/commerce/webstores/{}/pricing",
        "products": "/commerce/webstores/{}/products",
        "profile": "/commerce/webstores/{}/myprofile",
        "promotions": "/commerce/webstores/{}/promotions /commerce/promotions",
        "quotes": "/commerce/webstores/{}/quotes",
        "search": "/commerce/webstores/{}/search",
        "session_context": "/commerce/webstores/{}/session-context",
        "shipments": "/commerce/webstores/{}/shipments",
        "shipping_profiles": "/commerce/webstores/{}/shipping-profiles",
        "subscriptions": "/commerce/webstores/{}/subscriptions",
        "taxes": "/commerce/webstores/{}/taxes",
        "wishlists": "/commerce/webstores/{}/wishlists",
        "einstein": "/commerce/einstein",
        "extensions": "/commerce/extension",
        "imports": "/commerce/management/import",
        "catalog": "/commerce/management/webstore /commerce/management/webstores",
        "search_management": "/commerce/management/webstores/{}/search",
    },
    "orders": {
        "order_summaries": "/commerce/order-management/order-summaries /commerce/order-summaries",
        "analytics": "/commerce/order-management/analytics",
        "exchanges": "/commerce/order-management/exchanges",
        "payment_summaries": "/commerce/order-management/order-payment-summaries",
        "products": "/commerce/order-management/products",
        "repricing": "/commerce/order-management/webstores",
        "routing": "/commerce/order-management/routing",
        "delivery": "/commerce/delivery",
        "fulfillment": "/commerce/fulfillment",
        "inventory": "/commerce/inventory /commerce/oci",
        "invoices": "/commerce/invoicing",
        "returns": "/commerce/returns",
    },
    "payments": {
        "authorizations": "/commerce/payments/authorizations",
        "methods": "/commerce/payments/payment-methods",
        "refunds": "/commerce/payments/payments",
        "post_authorizations": "/commerce/payments/postAuths",
        "sales": "/commerce/payments/sales",
        "intents": "/payments/payment-intents",
        "links": "/payments/link-to-order /payments/payment-link-configs",
        "merchant_accounts": "/payments/merchant-accounts",
        "method_sets": "/payments/payment-method-sets",
    },
    "experience": {
        "sites": "/connect/communities",
        "navigation_menu": "/connect/communities/{}/navigation-menu",
        "managed_topics": "/connect/communities/{}/managed-topics",
        "trending_articles": "/connect/communities/{}/trending-articles "
        "/connect/communities/{}/topics/{}/trending-articles",
        "missions": "/connect/communities/{}/missions",
        "moderation": "/connect/communities/{}/chatter/comments/{}/moderation-flags"
        " /connect/communities/{}/files/moderation /connect/communities/{}/files/{}/moderation-flags"
        " /connect/communities/{}/chatter/users/{}/audit-actions",
        "microbatching": "/connect/communities/{}/microbatching /connect/microbatching",
        "data_categories": "/connect/communities/{}/data-category /connect/communities/{}/network-data-category"
        " /connect/communities/{}/category-network /connect/data-category /connect/network-data-category",
        "content_search": "/connect/sites",
        "property_types": "/connect/experience-model",
        "microsites": "/sites",
        "external_managed_accounts": "/connect/communities/{}/external-managed-accounts",
    },
    "files": {
        "files": "/connect/files",
        "user_files": "/connect/files/users /chatter/users/{}/files",
        "folders": "/connect/folders /chatter/folders",
        "assets": "/connect/file-assets",
        "repositories": "/connect/content-hub",
        "workspaces": "/connect/content",
    },
    "personalization": {
        "experiments": "/personalization/abn-experiments",
        "metrics": "/personalization/compound-metrics",
        "signals": "/personalization/engagement-signals",
        "recommenders": "/personalization/personalization-recommenders",
        "points": "/personalization/personalization-points",
        "audiences": "/connect/communities/{}/personalization/audiences",
        "targets": "/connect/communities/{}/personalization/targets",
        "recommendation_audiences": "/connect/recommendation-audiences",
        "recommendation_definitions": "/connect/recommendation-definitions",
        "scheduled_recommendations": "/connect/scheduled-recommendations",
        "strategies": "/connect/recommendation-strategies",
    },
    "agentforce": {
        "prompt_templates": "/einstein/prompt-templates",
        "data_libraries": "/einstein/data-libraries",
        "generations": "/einstein/llm",
        "bot_versions": "/connect/bot-versions",
        "article_recommendations": "/connect/article-recommendations",
        "reply_recommendations": "/connect/reply-recommendations",
        "predictions": "/einstein/predictions /connect/predictions /einstein",
    },
    "service": {
        "conversations": "/connect/conversation /connect/conversations",
        "conversation_applications": "/connect/conversation-application",
        "messaging_channels": "/connect/livemessage",
        "voice_calls": "/voicecalls /connect/voice",
        "call_coaching": "/callcoaching",
        "social": "/connect/social-engagement",
        "surveys": "/connect/surveys",
        "scheduling": "/connect/scheduling",
        "field_service": "/connect/field-service",
        "quick_text": "/connect/quicktextbody /connect/quick-text",
        "knowledge": "/connect/knowledge",
        "email_merge_fields": "/email-merge-fields /connect/email-merge-fields",
        "external_email": "/authenticated-email-service /external-email /connect/external-email",
    },
    "identity": {
        "named_credentials": "/named-credentials",
        "credentials": "/named-credentials/credential",
        "external_credentials": "/named-credentials/external-credentials",
        "identity_providers": "/named-credentials/external-auth-identity-provider*",
        "oauth_apps": "/apps/oauth",
        "custom_domains": "/connect/custom-domain",
        "environment_hub": "/connect/environment-hub",
        "network_connections": "/network-connection",
    },
    "platform": {
        "batch": "/connect/batch",
        "organization": "/connect/organization /connect$",
        "notifications": "/connect/notifications",
        "push_notifications": "/connect/notifications/push /connect/push-notifications",
        "reminders": "/connect/reminders",
        "search": "/connect/search",
        "list_shares": "/connect/list-shares /connect/list-share-recipients",
        "lightning_types": "/connect/lightning-*",
        "dashboards": "/connect/dashboards",
        "briefcase": "/connect/briefcase",
        "business_objectives": "/connect/business-objectives",
        "duplicates": "/dedupe",
        "licensed_objects": "/data-integration",
        "clean": "/clean",
        "assets": "/asset-management",
        "forecasting": "/connect/forecasting",
        "orchestration": "/connect/interaction",
        "motifs": "/connect/motifs",
        "pardot": "/connect/pardot",
        "quip": "/connect/quip",
        "programs": "/connect/eu-program",
        "inbox": "/salesforce-inbox",
        "data_com": "/connect/datacloud",
    },
}

# Prefixes whose next fixed segment names the group: one group for each feed, one for each part of a web store.
_OPEN: dict[str, str] = {"/chatter/feeds": "feeds", "/commerce/webstores/{}": "commerce"}


def place_of(path: str) -> Place:
    """Decide the family and group of a path.

    Args:
        path: as the catalogue spells it, `/chatter/users/{userId}`; both site forms are understood.

    Returns:
        The place; always one, because an unknown prefix follows the nearest row.
    """
    segments = tuple("{}" if segment.startswith("{") else segment for segment in path.strip("/").split("/"))
    inside_site = segments[:3] == _SITE and len(segments) > 3
    candidates = [segments]
    if inside_site:
        candidates += [segments[3:], ("connect", *segments[3:])]
    best: Place | None = None
    for candidate in candidates:
        found = _longest(candidate)
        # `/connect/communities` itself says nothing about what lies inside a site.
        if found and not (inside_site and candidate is segments and found.depth <= len(_SITE)):
            best = found if best is None or found.depth > best.depth else best
    if best is None and inside_site:
        best = _longest(segments)
    if best is None:
        nearest = _nearest(segments)
        best = Place(nearest[0], nearest[1], 1, segments, listed=False)
    return _retired_feed_items(best)


def _retired_feed_items(place: Place) -> Place:
    """The feed-items paths of every feed belong together."""
    if place.family == "feeds" and "feed-items" in place.segments:
        return Place("feeds", "items", min(place.depth, 2), place.segments)
    return place


def _longest(segments: tuple[str, ...]) -> Place | None:
    best: Place | None = None
    for family, group, prefix, exact in _rows():
        if (best is None or len(prefix) >= best.depth) and _begins(segments, prefix, exact):
            best = Place(family, group, len(prefix), segments)
    for text, family in _OPEN.items():
        prefix = tuple(text.strip("/").split("/"))
        rest = segments[len(prefix) :]
        named = bool(rest) and rest[0] != "{}"
        if named and _begins(segments, prefix, exact=False) and (best is None or best.depth <= len(prefix)):
            best = Place(family, rest[0].replace("-", "_").lower(), len(prefix) + 1, segments)
    return best


def _begins(segments: tuple[str, ...], prefix: tuple[str, ...], exact: bool) -> bool:
    if len(segments) < len(prefix) or (exact and len(segments) != len(prefix)):
        return False
    return all(
        segment == part or (part.endswith("*") and segment.startswith(part[:-1]))
        for segment, part in zip(segments, prefix, strict=False)
    )


def _nearest(segments: tuple[str, ...]) -> tuple[str, str]:
    """The row that shares the most leading segments, then the most leading characters of the next one."""

    def likeness(row: tuple[str, str, tuple[str, ...], bool]) -> tuple[int, int]:
        shared = 0
        for segment, part in zip(segments, row[2], strict=False):
            if segment != part:
                common = 0
                while common < min(len(segment), len(part)) and segment[common] == part[common]:
                    common += 1
                return shared, common
            shared += 1
        return shared, 0

    row = max(_rows(), key=likeness)
    return row[0], row[1]


@lru_cache
def _rows() -> tuple[tuple[str, str, tuple[str, ...], bool], ...]:
    rows: list[tuple[str, str, tuple[str, ...], bool]] = []
    for family, groups in _TABLE.items():
        for group, prefixes in groups.items():
            for prefix in prefixes.split():
                exact = prefix.endswith("$")
                rows.append((family, group, tuple(prefix.rstrip("$").strip("/").split("/")), exact))
    return tuple(rows)
