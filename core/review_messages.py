"""What an officer is answered who approves in chat."""

from dataclasses import dataclass
from datetime import date, datetime

from core.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One submission that waits: its code, what it is called, and who submitted it."""

    code: str
    title: Wording
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewsShown:
    """What waits for somebody to approve it."""

    waiting: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """What a step says, and when: ``at`` an instant, so long ``after`` another, or again and again until a day."""

    name: str
    texts: tuple[Wording, ...]
    at: datetime | None = None
    after: str = ""
    days: int = 0
    minutes: int = 0
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewShown:
    """All that one submission would say, and how to approve it. ``blocking``: how much pre-flight found to mend."""

    code: str
    title: Wording
    by: str
    zone: str
    channels: tuple[str, ...]
    subscribers: bool
    steps: tuple[StepShown, ...]
    blocking: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewApproved:
    """A submission is approved; ``minutes`` until it is scheduled, 0 for at once."""

    title: Wording
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRejected:
    """A submission is sent back."""

    title: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRefused:
    """It was not decided; ``reason`` is a value of ``core.review.Reason``."""

    reason: str


Reviewing = ReviewsShown | ReviewShown | ReviewApproved | ReviewRejected | ReviewRefused
