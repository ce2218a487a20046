"""The charter as data, the judgement of a message, and the case that keeps account of it.

A rule is an article of the charter that people can read, with what it forbids. Judging is pure: a message and the
rules give a verdict or nothing. A case is opened before anything is removed, and keeps what is needed to explain it,
to restore the message and to answer an appeal; its evidence is sealed.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from core.disguise import Reading, readings
from core.identifiers import AccountName, Address, CaseNumber, Locale, MessageId
from core.lexicon import found, lexicon
from core.wording import Wording


class Enforcement(StrEnum):
    """A rule sleeps, watches, or acts."""

    OFF = "off"
    OBSERVE = "observe"
    ENFORCE = "enforce"


class Severity(StrEnum):
    """How much an article weighs, as people read it."""

    MINOR = "minor"
    SERIOUS = "serious"
    GRAVE = "grave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One article: its number, its text, and the words or phrases it forbids (accents and case do not matter).

    ``hits`` and ``misses`` are examples: messages that break it, and messages that look as if they did.
    """

    article: str
    wording: Wording
    forbidden: tuple[str, ...]
    enforcement: Enforcement = Enforcement.ENFORCE
    severity: Severity = Severity.SERIOUS
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """The rules of debate in force. A case cites article and version."""

    version: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A message goes against ``rule`` because of ``found``, the forbidden words it uses, read in this way."""

    rule: Rule
    found: str
    reading: Reading = Reading.PLAIN


def judge(text: str, rules: Iterable[Rule]) -> Verdict | None:
    """The first rule that the message breaks."""
    ways = tuple(readings(text))
    for rule in rules:
        hit = found(lexicon(rule.forbidden), ways)
        if hit is not None:
            return Verdict(rule=rule, found=hit[0], reading=hit[1])
    return None


def failures(rule: Rule) -> Iterator[tuple[str, int]]:
    """The examples that are not judged as the rule says: «hits» or «misses», and the place in it."""
    for name, examples, expected in (("hits", rule.hits, True), ("misses", rule.misses, False)):
        for rank, example in enumerate(examples):
            if (judge(example, [rule]) is not None) is not expected:
                yield name, rank


class CaseState(StrEnum):
    """What should be true of the message, and whether it is."""

    OBSERVED = "observed"  # the rule only watches: nothing was done
    REPORTED = "reported"  # somebody asks a moderator to look: nothing was done
    TO_REMOVE = "to_remove"
    REMOVED = "removed"
    NOT_REMOVED = "not_removed"  # the platform refused: a human must look
    RESTORED = "restored"
    KEPT = "kept"  # a moderator looked: the message stands


UNTOUCHED = frozenset({CaseState.OBSERVED, CaseState.REPORTED})  # a rule may still act on the message


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was said and by whom, and what its author is to be told; stored sealed.

    ``found`` are the forbidden words it uses, ``reading`` how they were read, ``rule`` the article as it was worded
    then. None: nobody is told. ``number`` is what the network calls the author's account for ever.
    """

    author: str
    name: str
    text: str
    found: str = ""
    reading: Reading = Reading.PLAIN
    rule: Wording | None = None
    locale: Locale = Locale.FR
    has_private_chat: bool = True
    number: str = ""


def written(evidence: Evidence) -> str:
    """The evidence as text, to be sealed."""
    return json.dumps(asdict(evidence), ensure_ascii=False)


def read(text: str) -> Evidence:
    """The evidence again. Raises ValueError, TypeError or KeyError for text that is none."""
    said = json.loads(text)
    rule = said.get("rule")
    return Evidence(
        **{
            **said,
            "rule": Wording(**rule) if rule else None,
            "locale": Locale(said.get("locale", Locale.FR)),
            "reading": Reading(said.get("reading", Reading.PLAIN)),
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One message judged. ``author`` is a keyed hash; ``sealed`` the evidence, unreadable without the town's key.

    ``assigned`` is who of the staff looks after it; empty: nobody yet.
    """

    number: CaseNumber
    article: str
    charter: str
    account: AccountName
    chat: Address
    message: MessageId
    author: bytes
    sealed: bytes
    state: CaseState
    at: datetime
    note: str = ""
    assigned: str = ""
