"""Which parameters each address takes, as data, read in Mastodon's controllers (``params.permit``).

Servers ignore what they do not know. The sandbox does too, but remembers it as a violation: a new program has no
business sending it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, Union

Plain: TypeAlias = Literal["text", "flag", "number", "texts", "numbers", "file"]


@dataclass(frozen=True, slots=True)
class Objects:
    """A list of objects with these fields; in forms also an object whose names are numbers."""

    fields: "Table"


Kind: TypeAlias = Union[Plain, Objects, "Table"]
Table: TypeAlias = Mapping[str, Kind]

PAGING: Table = {"max_id": "text", "since_id": "text", "min_id": "text", "limit": "number"}
POLL: Table = {"options": "texts", "expires_in": "number", "multiple": "flag", "hide_totals": "flag"}
WORDS: Table = {
    "status": "text",
    "in_reply_to_id": "text",
    "sensitive": "flag",
    "spoiler_text": "text",
    "visibility": "text",
    "language": "text",
    "scheduled_at": "text",
    "quoted_status_id": "text",
    "quote_approval_policy": "text",
    "allowed_mentions": "texts",
    "media_ids": "texts",
    "poll": POLL,
}
CORRECTION: Table = {
    "status": "text",
    "sensitive": "flag",
    "spoiler_text": "text",
    "language": "text",
    "quote_approval_policy": "text",
    "media_ids": "texts",
    "media_attributes": Objects({"id": "text", "thumbnail": "file", "description": "text", "focus": "text"}),
    "poll": POLL,
}
IDS: Table = {"id": "texts"}
UPLOAD: Table = {"file": "file", "thumbnail": "file", "description": "text", "focus": "text"}
NOTIFICATIONS: Table = {
    **PAGING,
    "types": "texts",
    "exclude_types": "texts",
    "account_id": "text",
    "include_filtered": "flag",
    "supported_types": "texts",
}
POLICY: Table = dict.fromkeys(
    (
        "for_not_following",
        "for_not_followers",
        "for_new_accounts",
        "for_private_mentions",
        "for_limited_accounts",
        "for_bots",
    ),
    "text",
)
STATUSES: Table = {
    **PAGING,
    "only_media": "flag",
    "exclude_replies": "flag",
    "exclude_reblogs": "flag",
    "pinned": "flag",
    "tagged": "text",
}
PROFILE: Table = {
    "display_name": "text",
    "note": "text",
    "avatar": "file",
    "header": "file",
    "bot": "flag",
    "locked": "flag",
    "discoverable": "flag",
    "hide_collections": "flag",
    "indexable": "flag",
    "fields_attributes": Objects({"name": "text", "value": "text"}),
    "source": {"privacy": "text", "sensitive": "flag", "language": "text", "quote_policy": "text"},
}
MUTE: Table = {"notifications": "flag", "duration": "number"}
FOLLOW: Table = {"reblogs": "flag", "notify": "flag", "languages": "texts"}
ACTION: Table = {
    "type": "text",
    "report_id": "text",
    "warning_preset_id": "text",
    "text": "text",
    "send_email_notification": "flag",
}
REPORT: Table = {
    "account_id": "text",
    "status_ids": "texts",
    "comment": "text",
    "forward": "flag",
    "category": "text",
    "rule_ids": "texts",
    "collection_ids": "texts",
    "forward_to_domains": "texts",
}
REPORTS: Table = {"resolved": "flag", "account_id": "text", "target_account_id": "text", **PAGING}
SEARCH: Table = {
    "q": "text",
    "type": "text",
    "resolve": "flag",
    "following": "flag",
    "account_id": "text",
    "exclude_unreviewed": "flag",
    "limit": "number",
    "offset": "number",
    **PAGING,
}
