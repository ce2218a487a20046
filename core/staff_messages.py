"""What the staff is told, and what somebody of the staff is answered: a part of ``core.messages``.

An alert stands in the ledger as its number alone: how its matter stands is read at the moment of sending, and again
when it has changed. Nothing of it names a citizen.
"""

from dataclasses import dataclass
from datetime import datetime

from core.alert import AlertKind, stamp
from core.identifiers import AlertId, CaseNumber, DeliveryId
from core.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertItem:
    """One delivery in a public place. ``fate``: ``uncertain``, ``failed``, ``late``, ``out``, ``again`` or ``stopped``.

    ``by`` is who settled it, at that instant; empty when nobody has, or it settled itself. ``note`` is what is known,
    in the words of a program.
    """

    delivery: DeliveryId
    place: str
    account: str
    fate: str
    at: datetime
    by: str = ""
    settled_at: datetime | None = None
    note: str = ""

    @property
    def call(self) -> str:
        """Which call is asked about: see ``core.alert.stamp``."""
        return stamp(self.at)

    @property
    def open(self) -> bool:
        """Whether somebody must say something about it."""
        return self.fate in {"uncertain", "failed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAlert:
    """Something needs a human, or no longer does (``over``). All but the number is read when it is sent.

    ``subject`` is the title or question of the post, ``private`` how many private copies are in doubt.
    ``answerable``: somebody of the staff can answer in chat. About a ``case``: the commands that can be chosen
    (``choose``), who looks after it (``assigned``), who decided it in the end, and when. Those about the requests of a
    ``channel`` are chosen likewise.
    """

    alert: AlertId
    kind: AlertKind = AlertKind.DOUBT
    campaign: Wording | None = None
    step: str = ""
    subject: Wording | None = None
    items: tuple[AlertItem, ...] = ()
    private: int = 0
    account: str = ""
    detail: Wording | None = None
    since: datetime | None = None
    zone: str = "UTC"
    over: bool = False
    answerable: bool = False
    case: CaseNumber | None = None
    channel: str = ""
    choose: tuple[str, ...] = ()
    assigned: str = ""
    by: str = ""
    settled_at: datetime | None = None

    @property
    def questions(self) -> tuple[AlertItem, ...]:
        """What somebody can answer, in chat."""
        return tuple(item for item in self.items if item.open) if self.answerable and not self.over else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverySettled:
    """What was said about a delivery is stored: it is ``out``, or goes out again. ``before``: by somebody, earlier."""

    delivery: DeliveryId
    out: bool
    by: str
    at: datetime
    zone: str
    before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlingRefused:
    """Nothing was changed. ``reason``: ``staff_only``, ``not_here``, ``unknown``, ``by_itself``, ``stopped``,
    ``not_failed`` or ``unclear``.
    """

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialShown:
    """Above a post that is shown to the staff only. ``poll``: it asks something, which nobody can answer here."""

    campaign: Wording
    step: str
    place: str
    at: datetime
    zone: str
    poll: bool
    example: bool
