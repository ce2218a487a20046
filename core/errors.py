"""The errors, by what the caller can do about them.

ParvisError
├── Refused                 tell the person why (``reason`` names the template), change nothing
│   └── PollIsClosed  PollIsNotOpenYet  UnknownPoll  UnknownOption  TooManyOptions
├── Misconfigured           the operator must act: where, what, and the cure
├── PlatformError           a platform call did not succeed
│   ├── Unavailable         nothing was done; try again later (``retry_after`` when the platform says when)
│   ├── Rejected            nothing was done and never will be
│   │   ├── Unreachable     this person or chat no longer accepts our messages
│   │   ├── Gone            what was to be changed is no longer there
│   │   └── Moved           the chat has a new address
│   ├── Unauthorised        the account itself is refused: a human must act
│   ├── Rival               another program listens with this account: a human must act
│   └── Uncertain           nobody knows whether it was done
├── Superseded              another process runs this lane now: let it go, quietly
├── Unreadable              an update that no known shape explains: set it aside
└── StorageError            the database did not take it: nothing was changed
    ├── Occupied            another instance holds the database, or may: try again once it has ended
    └── OutcomeUnknown      the connection broke during the commit: look before doing it again
"""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from core.identifiers import Address


class ParvisError(Exception):
    """Everything Parvis raises on purpose."""


class Refused(ParvisError):
    """What a person asked for goes against a rule; ``reason`` is the key of the sentence that says so."""

    reason: str


class PollIsClosed(Refused):
    """A ballot arrived at or after the closing instant."""

    reason = "poll_is_closed"


class PollIsNotOpenYet(Refused):
    """A ballot arrived before the poll opened."""

    reason = "poll_is_not_open_yet"


class UnknownPoll(Refused):
    """No poll has this name."""

    reason = "unknown_poll"


class UnknownOption(Refused):
    """The poll has no such option."""

    reason = "unknown_option"


class TooManyOptions(Refused):
    """A single-choice ballot named more than one option."""

    reason = "too_many_options"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing wrong in a file, with its cure. ``line`` counts from 1, 0 when no line can be named."""

    file: Path
    line: int
    key: str
    problem: str
    nearest: str | None = None

    def __str__(self) -> str:
        """``config.toml:12: telegram.tokn: unknown key; did you mean «token_file»?``."""
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: "
        cure = f"; did you mean «{self.nearest}»?" if self.nearest else ""
        return f"{place}{self.key}: {self.problem}{cure}" if self.key else f"{place}{self.problem}{cure}"


class Misconfigured(ParvisError):
    """The operator must act; every finding says where and how."""

    def __init__(self, *findings: Finding) -> None:
        """Carry the findings, the most useful first."""
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


class PlatformError(ParvisError):
    """A call to a platform did not succeed. ``detail`` is the platform's own words, without any token."""

    def __init__(self, detail: str) -> None:
        """Keep the platform's own words."""
        super().__init__(detail)
        self.detail = detail


class Unavailable(PlatformError):
    """Nothing was done; the same call may succeed later."""

    def __init__(self, detail: str, *, retry_after: timedelta | None = None) -> None:
        """``retry_after`` when the platform named a delay."""
        super().__init__(detail)
        self.retry_after = retry_after


class Rejected(PlatformError):
    """Nothing was done, and repeating the call is useless."""


class Unreachable(Rejected):
    """The person blocked the bot or never wrote to it, or the bot was removed from the chat."""


class Gone(Rejected):
    """The message that the call is about is no longer there."""


class Moved(Rejected):
    """The chat lives on at another address."""

    def __init__(self, detail: str, *, to: Address) -> None:
        """``to`` is where the chat now is."""
        super().__init__(detail)
        self.to = to


class Unauthorised(PlatformError):
    """The platform refuses the account itself."""


class Rival(PlatformError):
    """Another program is listening with the same account."""


class Uncertain(PlatformError):
    """The answer was lost: the call may or may not have been carried out."""


class Superseded(ParvisError):
    """Another process has taken this lane over: nothing that this one still writes for it is accepted."""


class Unreadable(ParvisError):
    """An update has a shape that nothing here explains."""


class StorageError(ParvisError):
    """The database did not take the change; nothing was written."""


class Occupied(StorageError):
    """The database has room for one instance, and that is another one."""


class OutcomeUnknown(StorageError):
    """The connection to the database broke during a commit."""
