"""Who the bot is, as far as reading and writing need to know."""

import hashlib
import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The bot's number and name, and the key that marks the links it writes."""

    id: int = 0
    username: str = ""
    key: bytes = field(repr=False)


def link_key(token: str) -> bytes:
    """A key that lives as long as the token: links written before a change of token only say welcome."""
    return hmac.digest(token.encode(), b"parvis: start links", hashlib.sha256)
