"""What a handler wants done at once: values, so that handlers return and never send. Never stored."""

from dataclasses import dataclass

from core.events import Handle
from core.identifiers import Address, CaseNumber, Locale, MessageId
from core.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """Answer a press in a small bubble that only the presser sees. ``alert`` asks for a box that must be closed."""

    handle: Handle
    message: Message
    locale: Locale
    alert: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Answer in the chat of the handle, in reply to its message."""

    handle: Handle
    message: Message
    locale: Locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """Take a message out of a chat, as its case says; the case then says whether it is done."""

    case: CaseNumber
    chat: Address
    message: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class Erase:
    """Take a command of the staff out of a chat, where citizens would read it; it has no case."""

    chat: Address
    message: MessageId


Answer = Toast | Say | Remove | Erase
