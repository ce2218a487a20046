"""What citizens answer to the town's announcements and polls, and where each answer stands."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.identifiers import AccountName, Address, DeliveryId, MessageId, ReplyId


class Triage(StrEnum):
    """A reply is new until an official has it, and answered at the end."""

    NEW = "new"
    WITH_AN_OFFICIAL = "with_an_official"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A citizen's answer to something the town published. ``author`` is a keyed hash: the same person, unnamed."""

    id: ReplyId
    about: DeliveryId | None
    account: AccountName
    chat: Address
    message: MessageId
    author: bytes
    text: str
    at: datetime
    state: Triage = Triage.NEW
