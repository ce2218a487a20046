"""What somebody who asks to join a discussion is told: a part of ``core.messages``."""

from dataclasses import dataclass

from core.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinAsked:
    """The rules, to be read before they come in. ``articles`` are numbers and words."""

    town: Wording
    articles: tuple[tuple[str, Wording], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinHeld:
    """Their request waits for somebody of the town hall."""

    town: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinAdmitted:
    """They read the rules, and are being let in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinUnknown:
    """No request of theirs waits here."""


OfJoins = JoinAsked | JoinHeld | JoinAdmitted | JoinUnknown
