"""The audit log: who did what, when, about what; each entry holds the digest of the one before.

An entry that is changed, taken out or put elsewhere breaks the chain at its place, and everybody can see where. Whoever
can write the database could write a whole new chain: that is noticed only by somebody who noted down an earlier digest.

Nobody's datum is in it: keys of the staff, names of campaigns and numbers, never a word that was said.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from core.identifiers import CampaignId, CaseNumber, DeliveryId, IntakeId, MemberKey, OccurrenceId, ReplyId, SanctionId
from core.staff import Act

ROOT = ""  # what stands for the digest before the first entry
TOWN = "town"  # what an act is about that is about everything


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Who did what, when. ``about``: ``campaign:halle``; ``content``: the digest of what was submitted or approved."""

    who: MemberKey
    at: datetime
    act: Act
    about: str
    content: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A deed in its place."""

    number: int
    deed: Deed
    previous: str
    digest: str


def digest_after(previous: str, deed: Deed) -> str:
    """The digest of an entry: of the deed and of all that came before."""
    at = deed.at.astimezone(UTC).isoformat()
    parts = [previous, deed.who, at, deed.act.value, deed.about, deed.content]
    return sha256(json.dumps(parts).encode()).hexdigest()


def break_in(entries: Iterable[Entry], *, after: str = ROOT) -> Entry | None:
    """The first entry that does not follow from the one before, if any. ``after`` is the digest before the first."""
    for entry in entries:
        if entry.previous != after or entry.digest != digest_after(after, entry.deed):
            return entry
        after = entry.digest
    return None


def of_campaign(campaign: CampaignId) -> str:
    """How the log names it."""
    return f"campaign:{campaign}"


def of_occurrence(number: OccurrenceId) -> str:
    """How the log names it."""
    return f"occurrence:{number}"


def of_delivery(number: DeliveryId) -> str:
    """How the log names it."""
    return f"delivery:{number}"


def of_case(number: CaseNumber) -> str:
    """How the log names it."""
    return f"case:{number}"


def of_sanction(number: SanctionId) -> str:
    """How the log names it."""
    return f"sanction:{number}"


def of_rule(article: str) -> str:
    """How the log names an article of the charter."""
    return f"rule:{article}"


def of_reply(number: ReplyId) -> str:
    """How the log names it."""
    return f"reply:{number}"


def of_update(number: IntakeId) -> str:
    """How the log names it."""
    return f"update:{number}"


def of_member(key: MemberKey) -> str:
    """How the log names them."""
    return f"staff:{key}"
