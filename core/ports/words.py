"""Words: a message becomes a post in somebody's language."""

from typing import Protocol

from core.capabilities import Capabilities
from core.identifiers import Locale
from core.messages import Message
from core.post import Post


class Words(Protocol):
    """The renderer. No other place turns a message into sentences."""

    def post(self, message: Message, locale: Locale, on: Capabilities) -> Post:
        """The message in this language, as people act on a platform that can do this."""
        ...
