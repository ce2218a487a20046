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
from core.identifiers import Address
from core.native import NativePoll

MOST_POSTS = Window(calls=300, period=timedelta(hours=3))
SPARED = 60  # of these, kept for what the town publishes: the rest may answer people
PACE = Pace(gap=timedelta(milliseconds=200), crowd=MOST_POSTS, overall=MOST_POSTS)
DEDUPES_FOR = timedelta(minutes=50)  # Idempotency-Key is kept for 3,600 s; a margin for slow clocks
MOST_NOTIFICATIONS = 80
LONGEST_WAIT = timedelta(seconds=60)  # without a bell: streams lose what happens in a gap
SETTLES = timedelta(milliseconds=3100)  # between two pages: of paged requests, 300 are allowed in 15 minutes
MOST_POSTS_A_PAGE = 40
LOOKED_THROUGH = 20  # own posts, for one whose answer was lost
SKEW = timedelta(minutes=1)  # by which the server's clock may be behind ours
PROCESSING = timedelta(seconds=60)
REQUEST = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of one server. Lengths in characters as ``text.length`` counts them, sizes in bytes, times in seconds.

    Without ``most_options``, it has no polls.
    """

    longest: int = 500
    per_link: int = 23
    most_pictures: int = 4
    longest_description: int = 1500
    largest_picture: int = 16 << 20
    most_options: int = 4
    longest_option: int = 50
    shortest_poll: int = 300
    longest_poll: int = 2_629_746
    repeats_known: bool = False

    @classmethod
    def of(cls, instance: Mapping[str, Any]) -> "Limits":
        """What this answer of ``/api/v2/instance`` says."""
        told = _table(instance, "configuration")
        statuses, media, polls = (_table(told, name) for name in ("statuses", "media_attachments", "polls"))
        usual = cls()
        return cls(
            longest=_number(statuses, "max_characters", usual.longest),
            per_link=_number(statuses, "characters_reserved_per_url", usual.per_link),
            most_pictures=_number(statuses, "max_media_attachments", usual.most_pictures),
            longest_description=_number(media, "description_limit", usual.longest_description),
            largest_picture=_number(media, "image_size_limit", usual.largest_picture),
            most_options=_number(polls, "max_options", usual.most_options if polls else 0),
            longest_option=_number(polls, "max_characters_per_option", usual.longest_option),
            shortest_poll=_number(polls, "min_expiration", usual.shortest_poll),
            longest_poll=_number(polls, "max_expiration", usual.longest_poll),
            repeats_known="mastodon" in _table(instance, "api_versions"),  # others ignore Idempotency-Key, or may
        )

    @property
    def said(self) -> str:
        """For the operator."""
        polls = f"polls of {self.most_options} choices of {self.longest_option}" if self.most_options else "no polls"
        pictures = f"{self.most_pictures} pictures, descriptions of {self.longest_description}"
        return f"{self.longest} characters, {pictures}, {polls}"

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
            looks_back=True,
            somebody=Address("@habitante@ville.example"),
            longest_description=self.longest_description,
            largest_picture=self.largest_picture,
            native_poll=self._polls if self.most_options else None,
        )

    @property
    def _polls(self) -> NativePoll:
        return NativePoll(
            most_options=self.most_options,
            longest_question=self.longest,
            longest_option=self.longest_option,
            shortest=timedelta(seconds=self.shortest_poll),
            longest=timedelta(seconds=self.longest_poll),
            secret=True,
            several=True,
            ends_early=False,
            hides=True,
        )


def streaming(instance: Mapping[str, Any]) -> str:
    """Where the server's streams are; empty when it has none."""
    url = _table(_table(instance, "configuration"), "urls").get("streaming")
    return url if isinstance(url, str) else ""


def _table(told: object, name: str) -> Mapping[str, Any]:
    inner = told.get(name) if isinstance(told, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _number(told: Mapping[str, Any], name: str, usual: int) -> int:
    number = told.get(name)
    return number if isinstance(number, int) and number > 0 else usual
