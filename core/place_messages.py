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
    """Nothing was done. ``reason`` is ``which_place``, ``network``, ``how_slow``, ``how_long``, ``not_so``,
    ``how_many`` or ``no_requests``.

    ``places`` are the channels that can be named, ``longest`` the longest pause of a slow mode there.
    """

    reason: str
    places: tuple[str, ...] = ()
    longest: timedelta = timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceNotice:
    """To everybody in a discussion: what holds there from now on, or no longer does; ``by_rule``: nobody decided it."""

    kind: str
    by_rule: bool = False
    over: bool = False
    pause: timedelta = timedelta()
    until: datetime | None = None
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class TooSoon:
    """To the author of a message that was taken out: there is a slow mode of this ``pause``."""

    pause: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeAsked:
    """Messages of the discussion of a channel are being taken out; what became of them is told then."""

    place: ChannelName


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeDone:
    """To whoever ordered it, alone: what became of the messages that were to go, of how many authors a case was opened.

    ``oldest`` is for how long the network lets them go, where that is limited; ``note`` what it said, in its words.
    """

    place: str
    gone: int
    too_old: int
    refused: int
    cases: int
    oldest: timedelta | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsDecided:
    """So many who asked to join the discussion of a channel are let in, or turned down."""

    place: ChannelName
    admitted: bool
    number: int


OfPlaces = PlaceOrdered | PlaceRefused | TooSoon | PurgeAsked | RequestsDecided
