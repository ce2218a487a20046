"""What the town publishes every month of its moderation: how often, on what ground, how fast, and what was wrong.

It is made of the audit log alone, so that whoever has the log can make it again, and its checkpoint, the digest of the
last entry, makes it visible when the log is rewritten afterwards. The words of decisions are those of the European
database of statements of reasons (Digital Services Act, article 24), so that reports of towns can be compared.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from core.audit import Deed, Entry
from core.casefile import DECISIONS, read
from core.identifiers import AccountName, PlatformName
from core.staff import CITIZEN, SERVICE, Act
from core.suppression import SMALLEST_SHOWN, TOTAL, Published, published

IN_DSA = {
    Act.REMOVE_MESSAGE: "DECISION_VISIBILITY_CONTENT_REMOVED",
    Act.HIDE_MESSAGE: "DECISION_VISIBILITY_CONTENT_DISABLED",
    Act.REMIND: "DECISION_VISIBILITY_OTHER",
    Act.WARN: "DECISION_VISIBILITY_OTHER",
    Act.MUTE: "DECISION_ACCOUNT_SUSPENDED",
    Act.BAN: "DECISION_ACCOUNT_SUSPENDED",
    Act.LIMIT: "DECISION_VISIBILITY_CONTENT_DEMOTED",
    Act.SUSPEND: "DECISION_ACCOUNT_SUSPENDED",
}
GROUND = "DECISION_GROUND_INCOMPATIBLE_CONTENT"
REPORTABLE = frozenset(
    {Act.OPEN_CASE, *DECISIONS, Act.APPEAL, Act.ACCEPT_APPEAL, Act.REFUSE_APPEAL, Act.RESTORE_MESSAGE}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One month. Numbers that are None are too small to be shown, or would tell one that is.

    ``decisions`` has an article in each row, and in each column a network and what was done, as ``telegram warn``.
    ``automated`` is in per cent, ``delay`` from the opening of a case to its first decision by a person.
    """

    month: str
    decisions: Published
    automated: int | None
    delay: timedelta | None
    reported: int | None
    appeals: int | None
    accepted: int | None
    restored: int | None
    checkpoint: Entry | None

    @property
    def hours(self) -> int | None:
        """The delay in whole hours."""
        return None if self.delay is None else round(self.delay / timedelta(hours=1))


def report(
    month: str,
    entries: Iterable[Entry],
    *,
    since: datetime,
    until: datetime,
    networks: Mapping[AccountName, PlatformName],
    checkpoint: Entry | None,
) -> Report:
    """Count what was done from ``since`` to before ``until``; ``entries`` are those about cases, the oldest first."""
    deeds = [entry.deed for entry in entries if entry.deed.at < until]
    ours = [deed for deed in deeds if deed.at >= since]
    made = [deed for deed in ours if deed.act in DECISIONS]
    cells = Counter(_cell(deed, networks) for deed in made)
    decisions = published(cells, sorted({row for row, _ in cells}), sorted({column for _, column in cells}))
    appeals = _counted(ours, Act.APPEAL)
    accepted, refused = _counted(ours, Act.ACCEPT_APPEAL), _counted(ours, Act.REFUSE_APPEAL)
    return Report(
        month=month,
        decisions=decisions,
        automated=_automated(made) if decisions.cells[TOTAL, TOTAL] is not None else None,
        delay=_delay(deeds, since),
        reported=_shown(sum(deed.act is Act.OPEN_CASE and deed.who == CITIZEN for deed in ours)),
        appeals=_shown(appeals),
        accepted=_shown(accepted) if _shown(refused) is not None else None,
        restored=_shown(_counted(ours, Act.RESTORE_MESSAGE)),
        checkpoint=checkpoint,
    )


def _cell(deed: Deed, networks: Mapping[AccountName, PlatformName]) -> tuple[str, str]:
    ground = read(deed.content)
    return ground.article, f"{networks.get(AccountName(ground.account), ground.account)} {deed.act}"


def _counted(deeds: Iterable[Deed], act: Act) -> int:
    return sum(deed.act is act for deed in deeds)


def _shown(count: int) -> int | None:
    return count if count >= SMALLEST_SHOWN else None


def _automated(made: list[Deed]) -> int | None:
    """How many of a hundred decisions the rules made; None when either part is small."""
    alone = sum(deed.who == SERVICE for deed in made)
    return None if min(alone, len(made) - alone) < SMALLEST_SHOWN else round(100 * alone / len(made))


def _delay(deeds: Iterable[Deed], since: datetime) -> timedelta | None:
    """The median of the time until somebody decided, for the cases first decided by people in this time."""
    opened: dict[str, datetime] = {}
    decided: dict[str, Deed] = {}
    for deed in deeds:
        if deed.act is Act.OPEN_CASE:
            opened.setdefault(deed.about, deed.at)
        elif deed.act in DECISIONS:
            decided.setdefault(deed.about, deed)
    seconds = [
        (deed.at - opened[about]).total_seconds()
        for about, deed in decided.items()
        if deed.at >= since and deed.who != SERVICE and about in opened
    ]
    return timedelta(seconds=median(seconds)) if len(seconds) >= SMALLEST_SHOWN else None
