"""Words: a message becomes a post in somebody's language."""

from typing import Protocol

from core.identifiers import Locale, PlatformName
from core.messages import Message
from core.post import Post


class Words(Protocol):
    """The renderer. No other place turns a message into sentences."""

    def post(self, message: Message, locale: Locale, platform: PlatformName) -> Post:
        """The message in this language, in the form this platform's people expect."""
        ...
