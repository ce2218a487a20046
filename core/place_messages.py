"""What moderators are answered about a discussion as a whole, and what everybody there is told of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.identifiers import ChannelName


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrdered:
    """What was decided about the discussion of a channel. ``kind`` is a value of ``core.sanction.SanctionKind``.

    ``over``: it ends now. ``told``: people there are being told.
    """

    place: ChannelName
    kind: str
    over: bool = False
    pause: timedelta = timedelta()
    until: datetime | None = None
    zone: str = "UTC"
    told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRefused:
    """Nothing was done. ``reason`` is ``which_place``, ``network``, ``how_slow``, ``how_long`` or ``not_so``.

    ``places`` are the channels that can be named, ``longest`` the longest pause of a slow mode there.
    """

    reason: str
    places: tuple[str, ...] = ()
    longest: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceNotice:
    """To everybody in a discussion: what holds there from now on, or no longer does."""

    kind: str
    over: bool = False
    pause: timedelta = timedelta()
    until: datetime | None = None
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class TooSoon:
    """To the author of a message that was taken out: there is a slow mode of this ``pause``."""

    pause: timedelta


OfPlaces = PlaceOrdered | PlaceRefused | TooSoon
