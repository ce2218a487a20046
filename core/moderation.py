"""The charter as data, the judgement of a message, and the case that keeps account of it.

A rule is an article of the charter that people can read, with what it forbids. Judging is pure: a message and the
rules give a verdict or nothing. A case is opened before anything is removed, and keeps what is needed to explain it,
to restore the message and to answer an appeal; its evidence is sealed.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from core.folding import words
from core.identifiers import AccountName, Address, CaseNumber, Locale, MessageId
from core.wording import Wording


class Enforcement(StrEnum):
    """A rule sleeps, watches, or acts."""

    OFF = "off"
    OBSERVE = "observe"
    ENFORCE = "enforce"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One article: its number, its text, and the words or phrases it forbids (accents and case do not matter)."""

    article: str
    wording: Wording
    forbidden: tuple[str, ...]
    enforcement: Enforcement = Enforcement.ENFORCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """The rules of debate in force. A case cites article and version."""

    version: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A message goes against ``rule`` because of ``found``, the forbidden words it uses."""

    rule: Rule
    found: str


def judge(text: str, rules: Iterable[Rule]) -> Verdict | None:
    """The first rule that the message breaks. Whole words only: «conseil» never falls for a word inside it.

    An expression without a single word forbids nothing.
    """
    said = f" {' '.join(words(text))} "
    for rule in rules:
        for expression in rule.forbidden:
            forbidden = words(expression)
            if forbidden and f" {' '.join(forbidden)} " in said:
                return Verdict(rule=rule, found=expression)
    return None


class CaseState(StrEnum):
    """What should be true of the message, and whether it is."""

    OBSERVED = "observed"  # the rule only watches: nothing was done
    REPORTED = "reported"  # somebody asks a moderator to look: nothing was done
    TO_REMOVE = "to_remove"
    REMOVED = "removed"
    NOT_REMOVED = "not_removed"  # the platform refused: a human must look
    RESTORED = "restored"


UNTOUCHED = frozenset({CaseState.OBSERVED, CaseState.REPORTED})  # a rule may still act on the message


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was said and by whom, and what its author is to be told; stored sealed.

    ``found`` are the forbidden words it uses, ``rule`` the article as it was worded then. None: nobody is told.
    """

    author: str
    name: str
    text: str
    found: str = ""
    rule: Wording | None = None
    locale: Locale = Locale.FR
    has_private_chat: bool = True


def written(evidence: Evidence) -> str:
    """The evidence as text, to be sealed."""
    return json.dumps(asdict(evidence), ensure_ascii=False)


def read(text: str) -> Evidence:
    """The evidence again. Raises ValueError, TypeError or KeyError for text that is none."""
    said = json.loads(text)
    rule = said.get("rule")
    return Evidence(
        **{**said, "rule": Wording(**rule) if rule else None, "locale": Locale(said.get("locale", Locale.FR))}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One message judged. ``author`` is a keyed hash; ``sealed`` the evidence, unreadable without the town's key."""

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
