"""The charter as data, the judgement of a message, and the case that keeps account of it.

A rule is an article of the charter that people can read, with what it forbids. Judging is pure: a message and the
rules give a verdict or nothing. A case is opened before anything is removed, and keeps what is needed to explain it,
to restore the message and to answer an appeal; its evidence is sealed.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from core.arrivals import Waves
from core.citizen import Person
from core.citizen_report import Reporting
from core.disguise import Reading
from core.folding import clean
from core.identifiers import AccountName, Address, CaseNumber, Locale, MessageId
from core.lexicon import lexicon
from core.rules.clause import Action, Clause, Enforcement
from core.rules.context import Context, Message
from core.rules.hit import Sign
from core.wording import Wording

__all__ = ["Action", "Enforcement"]


class Severity(StrEnum):
    """How much an article weighs, as people read it."""

    MINOR = "minor"
    SERIOUS = "serious"
    GRAVE = "grave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One article: its number, its text, the words or phrases it forbids, and what it forbids beside (``clauses``).

    Accents and case do not matter. ``enforcement`` and ``action`` are those of the words. ``hits`` and ``misses`` are
    examples: messages that break the article by a word, and messages that look as if they did.
    """

    article: str
    wording: Wording
    forbidden: tuple[str, ...]
    enforcement: Enforcement = Enforcement.ENFORCE
    action: Action = Action.REMOVE
    severity: Severity = Severity.SERIOUS
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()

    @property
    def is_in_force(self) -> bool:
        """Whether any of it acts or watches."""
        return any(
            each is not Enforcement.OFF for each in (self.enforcement, *(one.enforcement for one in self.clauses))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """The rules of debate in force. A case cites article and version."""

    version: str
    rules: tuple[Rule, ...]
    reporting: Reporting = Reporting()  # noqa: RUF009  a frozen value
    waves: Waves = Waves()  # noqa: RUF009  a frozen value

    @property
    def asks_who_is_new(self) -> bool:
        """Whether a rule holds for newcomers only."""
        return any(clause.only.newcomers is not None for rule in self.rules for clause in rule.clauses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A message goes against ``rule`` because of ``found``: forbidden words that it uses, read in this way, or what the
    ``clause`` saw in it, of which ``sign`` says what it is.
    """

    rule: Rule
    found: str
    reading: Reading = Reading.PLAIN
    sign: Sign = Sign.WORDS
    clause: Clause | None = None

    @property
    def enforcement(self) -> Enforcement:
        """Whether what it broke acts, watches or sleeps."""
        return self.rule.enforcement if self.clause is None else self.clause.enforcement

    @property
    def action(self) -> Action:
        """What follows when it acts."""
        return self.rule.action if self.clause is None else self.clause.action


ALONE = Context()


def verdicts(text: str, rules: Iterable[Rule], around: Context = ALONE) -> Iterator[Verdict]:
    """All that the message breaks, in the order of the charter, worked out one by one."""
    message = Message(text, around)
    for rule in rules:
        hit = message.uses(lexicon(rule.forbidden)) if rule.forbidden else None
        if hit is not None:
            yield Verdict(rule=rule, found=hit[0], reading=hit[1])
        for clause in rule.clauses:
            seen = clause.look(message)
            if seen is not None:
                yield Verdict(rule=rule, found=seen.found, reading=seen.reading, sign=seen.sign, clause=clause)


def judge(text: str, rules: Iterable[Rule], around: Context = ALONE) -> Verdict | None:
    """The first rule that the message breaks."""
    return next(verdicts(text, rules, around), None)


def weighed(text: str, rules: Iterable[Rule], around: Context = ALONE) -> Verdict | None:
    """What a rule that acts says, else what a rule that watches says."""
    watching = None
    for verdict in verdicts(text, rules, around):
        if verdict.enforcement is Enforcement.ENFORCE:
            return verdict
        if verdict.enforcement is Enforcement.OBSERVE:
            watching = watching or verdict
    return watching


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
    REMINDED = "reminded"  # its author was told of the article: the message stands
    TO_REMOVE = "to_remove"
    REMOVED = "removed"
    TO_HIDE = "to_hide"
    HIDDEN = "hidden"  # taken out until a moderator has looked
    NOT_REMOVED = "not_removed"  # the platform refused: a human must look
    RESTORED = "restored"
    KEPT = "kept"  # a moderator looked: the message stands


UNTOUCHED = frozenset({CaseState.OBSERVED, CaseState.REPORTED, CaseState.REMINDED})  # a rule may still act on it
UNDECIDED = UNTOUCHED | {CaseState.HIDDEN}  # no human has said what it goes against
OUT = frozenset({CaseState.REMOVED, CaseState.HIDDEN})  # taken out of its chat: it can be given back
UNDER_WAY: Mapping[CaseState, CaseState] = MappingProxyType(
    {CaseState.TO_REMOVE: CaseState.REMOVED, CaseState.TO_HIDE: CaseState.HIDDEN}
)
"""To be taken out, and how a case stands when that is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was said and by whom, and what its author is to be told; stored sealed.

    ``found`` is what was found in it, ``sign`` what that is, ``reading`` how words were read, ``rule`` the article as
    it was worded then. None: nobody is told. ``number`` is what the network calls the author's account for ever.
    """

    author: str
    name: str
    text: str
    found: str = ""
    reading: Reading = Reading.PLAIN
    sign: Sign = Sign.WORDS
    rule: Wording | None = None
    locale: Locale = Locale.FR
    has_private_chat: bool = True
    number: str = ""


def evidence_of(author: Person, text: str, locale: Locale) -> Evidence:
    """What somebody wrote, as it is kept; nothing is found in it yet. ``locale`` is what they are told things in."""
    return Evidence(
        author=author.ref,
        name=clean(author.name),
        text=clean(text),
        locale=locale,
        has_private_chat=author.has_private_chat,
        number=author.number,
    )


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
            "sign": Sign(said.get("sign", Sign.WORDS)),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A message that joined a case: its author did the same again. ``entry`` is where in the log its words belong."""

    case: CaseNumber
    account: AccountName
    chat: Address
    message: MessageId
    entry: int
    state: CaseState
