"""What a rule saw in a message."""

from dataclasses import dataclass
from enum import StrEnum

from core.disguise import Reading


class Sign(StrEnum):
    """What it was that went against a rule."""

    WORDS = "words"
    DENIED_LINK = "denied-link"  # a domain that the charter names
    OTHER_LINK = "other-link"  # a domain outside the list of those allowed
    ONLY_LINKS = "only-links"
    LOOKALIKE = "lookalike"  # a domain that looks like one of the town's
    INVITATION = "invitation"
    FLOOD = "flood"  # so many messages of one person
    CROWD = "crowd"  # so many messages in one chat
    COPY = "copy"  # so many messages that are nearly the same
    MEDIA = "media"  # a kind of attachment
    FORWARD = "forward"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """``found`` is what it was in the message, in its own words or in figures: a word, a domain, «9 / 60 s»."""

    sign: Sign
    found: str
    reading: Reading = Reading.PLAIN
