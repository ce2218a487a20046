"""What is attached to a message, and messages from elsewhere."""

from dataclasses import dataclass
from enum import StrEnum

from core.rules.context import Message
from core.rules.hit import Hit, Sign


class Medium(StrEnum):
    """Kinds of attachments, on all networks together."""

    PHOTO = "photo"
    VIDEO = "video"
    AUDIO = "audio"
    VOICE = "voice"
    DOCUMENT = "document"
    STICKER = "sticker"
    CONTACT = "contact"
    PLACE = "place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """Kinds that are denied; ``forwards``: also messages that were written elsewhere and only passed on."""

    denied: tuple[Medium, ...] = ()
    forwards: bool = False

    def look(self, message: Message) -> Hit | None:
        """The first kind that is denied, else that it is passed on."""
        around = message.around
        for medium in self.denied:
            if medium in around.media:
                return Hit(sign=Sign.MEDIA, found=medium)
        return Hit(sign=Sign.FORWARD, found="") if self.forwards and around.forwarded else None
