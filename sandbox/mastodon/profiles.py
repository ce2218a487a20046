"""In what two kinds of server differ, as data. What is not here is the same on both.

``MASTODON``: source of 4.7 alpha; ``GOTOSOCIAL``: 0.20, seen by running it.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One kind of server.

    ``invalid`` is the code for what breaks a rule. ``sse``: streams over plain HTTP, not only by WebSocket.
    ``idempotent``: a key makes a repeated post the same post. ``strict_json``: a string is no boolean.
    ``policies``: notifications can be filtered, and private mentions are, at first. ``batches``: several posts can be
    asked for at once. ``blind_author``: hidden totals are hidden from the author too. ``counts_voters``: also where
    one answer only may be given. ``keeps_language``: an edit that names none changes none. ``by_address``: limits count
    addresses, not accounts.
    """

    name: str
    version: str
    max_characters: int
    characters_per_url: int
    max_media: int
    max_options: int
    max_option_characters: int = 50
    min_expiration: timedelta = timedelta(seconds=300)
    max_expiration: timedelta = timedelta(seconds=2_629_746)
    description_limit: int = 1500
    image_size_limit: int
    video_size_limit: int
    api_version: int | None
    ids: Literal["snowflake", "ulid"]
    invalid: int
    sse: bool
    streaming_scheme: Literal["ws", "wss"]
    idempotent: bool
    strict_json: bool
    policies: bool
    batches: bool
    blind_author: bool
    counts_voters: bool
    keeps_language: bool
    by_address: bool
    too_many: str
    locked: bool


MASTODON = Profile(
    name="mastodon",
    version="4.7.0-alpha.2",
    max_characters=500,
    characters_per_url=23,
    max_media=4,
    max_options=4,
    image_size_limit=16 << 20,
    video_size_limit=99 << 20,
    api_version=11,
    ids="snowflake",
    invalid=422,
    sse=True,
    streaming_scheme="ws",
    idempotent=True,
    strict_json=False,
    policies=True,
    batches=True,
    blind_author=True,
    counts_voters=True,
    keeps_language=True,
    by_address=False,
    too_many="Too many requests",
    locked=False,
)

GOTOSOCIAL = Profile(
    name="gotosocial",
    version="0.20.0+git-57cb4fe",
    max_characters=5000,
    characters_per_url=25,
    max_media=6,
    max_options=6,
    image_size_limit=40 << 20,
    video_size_limit=40 << 20,
    api_version=None,
    ids="ulid",
    invalid=400,
    sse=False,
    streaming_scheme="wss",  # always, whatever the server itself is reached by
    idempotent=False,
    strict_json=True,
    policies=False,
    batches=False,
    blind_author=False,
    counts_voters=False,
    keeps_language=False,
    by_address=True,
    too_many="rate limit reached",
    locked=True,
)

PROFILES = {profile.name: profile for profile in (MASTODON, GOTOSOCIAL)}
