"""What a server remembers of us: whether a post whose answer was lost is out.

It does not show the key that a post was written with, so a post is known by its words, by what it answers, by the
options of its poll, and by the number of its pictures. Our own posts are all shown to us, the newest first.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from adapters.mastodon import limits
from adapters.mastodon.client import Client
from adapters.mastodon.text import plain, without_mentions

_NAME = re.compile(r"@\w[\w.-]*(?:@[\w.-]+)?")


async def own_posts(reads: Client, me: str, since: datetime) -> list[dict[str, Any]]:
    """All that we wrote since then, the oldest first. Raises PlatformError; TypeError when the answer is no list."""
    posts: list[dict[str, Any]] = []
    older: dict[str, str] = {}
    while True:
        query = {"limit": limits.MOST_POSTS_A_PAGE, "exclude_reblogs": "true", **older}
        page = await reads.get(f"/api/v1/accounts/{me}/statuses", **query)
        if not isinstance(page, list):
            raise TypeError("no list")  # an empty answer is not one without posts
        posts = [each for each in reversed(page) if _is_recent(each, since)] + posts
        if not page or not _is_recent(page[-1], since):
            return posts
        older = {"max_id": page[-1]["id"]}


def may_be(status: Mapping[str, Any], body: Mapping[str, Any], *, pictures: int, since: datetime) -> bool:
    """Whether a post of ours may be what this call made."""
    return (
        _is_recent(status, since)
        and status["in_reply_to_id"] == body.get("in_reply_to_id")
        and (status["visibility"] == "direct") == (body["visibility"] == "direct")
        and len(status["media_attachments"]) == pictures
        and _options(status.get("poll")) == list((body.get("poll") or {}).get("options", ()))
        and _bare(plain(status["content"])) == _bare(body["status"])
        and _called(body["status"]) <= {name for each in status["mentions"] for name in _names(each)}
    )


def _options(poll: Mapping[str, Any] | None) -> list[str]:
    return [option["title"] for option in poll["options"]] if poll else []


def _is_recent(status: Mapping[str, Any], since: datetime) -> bool:
    return datetime.fromisoformat(status["created_at"]) >= since - limits.SKEW


def _bare(text: str) -> str:
    return "".join(without_mentions(text).split())


def _called(text: str) -> set[str]:
    """The name that a text begins with; one that is written so that it calls nobody is none."""
    return {word.casefold() for word in text.split(maxsplit=1)[:1] if _NAME.fullmatch(word)}


def _names(mention: Mapping[str, Any]) -> set[str]:
    """How somebody can be written: a server leaves its own name out of ``acct``."""
    return {
        f"@{name}".casefold() for name in (mention["acct"], f"{mention['acct']}@{urlsplit(mention['url']).hostname}")
    }
