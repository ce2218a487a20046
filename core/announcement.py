"""What the town hall says: words, pictures that always carry their description, and how loudly."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.identifiers import AnnouncementId
from core.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture file and what it shows, for those who cannot see it. The description has no default.

    In a campaign that was started, the path is a name in the town's folder of pictures.
    """

    path: Path
    alt: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A municipal announcement. ``pinned`` keeps it on top of the chat, ``silent`` spares the citizens a sound.

    A ``retrospective`` one tells of days gone by: those in its words are meant. ``valid_until`` is the wall-clock time
    (naive, in the zone of its campaign) from which it is of no use any more.
    """

    id: AnnouncementId
    title: Wording
    body: Wording
    images: tuple[Image, ...] = ()
    silent: bool = False
    pinned: bool = False
    retrospective: bool = False
    valid_until: datetime | None = None
