"""What a server allows: read from it, never assumed.

``GET /api/v2/instance`` (docs.joinmastodon.org/entities/Instance, 2026-07-02). Where a server leaves a figure out, the
one of Mastodon 4.5 stands. Rates: glitch-soc/mastodon 4.7.0-alpha.2, ``config/initializers/rack_attack.rb`` and
``app/lib/rate_limiter.rb``: 300 posts and edits in 3 hours for an account.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from adapters.pacing import Pace, Window
from core.capabilities import Capabilities

MOST_POSTS = Window(calls=300, period=timedelta(hours=3))
SPARED = 60  # of these, kept for what the town publishes: the rest may answer people
PACE = Pace(gap=timedelta(milliseconds=200), crowd=MOST_POSTS, overall=MOST_POSTS)
DEDUPES_FOR = timedelta(minutes=50)  # Idempotency-Key is kept for 3,600 s; a margin for slow clocks
MOST_NOTIFICATIONS = 80
LONGEST_WAIT = timedelta(seconds=60)  # without a bell: streams lose what happens in a gap
SETTLES = timedelta(seconds=3)  # after a bell: 300 paged requests in 15 minutes are one in 3 seconds
PROCESSING = timedelta(seconds=60)
REQUEST = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of one server. Lengths in characters as ``text.length`` counts them, sizes in bytes."""

    longest: int = 500
    per_link: int = 23
    most_pictures: int = 4
    longest_description: int = 1500
    largest_picture: int = 16 << 20
    repeats_known: bool = False

    @classmethod
    def of(cls, instance: Mapping[str, Any]) -> "Limits":
        """What this answer of ``/api/v2/instance`` says."""
        told = instance.get("configuration", {})
        statuses, media = told.get("statuses", {}), told.get("media_attachments", {})
        usual = cls()
        return cls(
            longest=statuses.get("max_characters", usual.longest),
            per_link=statuses.get("characters_reserved_per_url", usual.per_link),
            most_pictures=statuses.get("max_media_attachments", usual.most_pictures),
            longest_description=media.get("description_limit", usual.longest_description),
            largest_picture=media.get("image_size_limit", usual.largest_picture),
            repeats_known="mastodon" in instance.get("api_versions", {}),  # others ignore Idempotency-Key, or may
        )

    @property
    def capabilities(self) -> Capabilities:
        """The same for the rest of Parvis."""
        return Capabilities(
            title="Mastodon",
            presses=False,
            longest_text=self.longest,
            longest_caption=self.longest,
            longest_button=0,
            most_buttons=0,
            most_pictures_together=self.most_pictures,
            longest_toast=self.longest,
            dedupes_for=DEDUPES_FOR if self.repeats_known else timedelta(0),
            private_answers=True,
            edits=True,
        )
