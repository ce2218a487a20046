"""A charter tried on what was said in the debates: the same judgement as live, message after message, and no act.

What was said lately is counted anew, from the first message on: a flood that began before it begins with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bots.judging import is_trusted
from core.errors import StorageError
from core.identifiers import AccountName, Address, MessageId
from core.journal import Entry, read
from core.moderation import Charter, Enforcement, Verdict, verdicts
from core.ports.store import Books
from core.ports.vault import Vault
from core.rules.recent import Recent
from core.said import Said, around
from core.town import Town

WORDS = "words"  # the rule of an article's words, beside those that have a name


@dataclass(frozen=True, slots=True)
class Example:
    """A message that a rule would have hit, and why."""

    said: Said
    verdict: Verdict


@dataclass(slots=True)
class Tried:
    """One rule of an article. ``hit`` are messages, each once however often it was rewritten; ``regulars`` those of
    citizens whom the town knew well, ``people`` all who wrote them.
    """

    article: str
    rule: str
    enforcement: Enforcement
    hit: set[tuple[AccountName, Address, MessageId]] = field(default_factory=set)
    regulars: int = 0
    people: set[bytes] = field(default_factory=set)
    examples: list[Example] = field(default_factory=list)


class Replay:
    """Plays a journal through a charter; ``most`` examples of each rule are remembered."""

    def __init__(self, charter: Charter, town: Town, vault: Vault, *, most: int) -> None:
        self._charter = charter
        self._town = town
        self._vault = vault
        self._most = most
        self._recent = Recent()
        self._tried = {(each.article, each.rule): each for each in _rules(charter)}
        self.first: datetime | None = None
        self.played = 0
        self.unreadable = 0

    @property
    def tried(self) -> tuple[Tried, ...]:
        """The rules, in the order of the charter."""
        return tuple(self._tried.values())

    def play(self, books: Books, entries: Sequence[Entry]) -> None:
        """Judge the next messages."""
        for entry in entries:
            self.first = self.first or entry.at
            try:
                said = read(entry, self._vault.unseal(entry.sealed))
            except StorageError:  # the town's key changed since
                self.unreadable += 1
                continue
            self.played += 1
            self._judge(books, said)

    def _judge(self, books: Books, said: Said) -> None:
        context = around(said, self._recent, self._town, is_trusted=lambda: is_trusted(books, said))
        for verdict in verdicts(said.text, self._charter.rules, context):
            rule = WORDS if verdict.clause is None else verdict.clause.name
            self._note(books, self._tried[verdict.rule.article, rule], said, verdict)

    def _note(self, books: Books, tried: Tried, said: Said, verdict: Verdict) -> None:
        place = (said.account, said.chat, said.message)
        if place in tried.hit:
            return
        tried.hit.add(place)
        tried.people.add(said.author)
        tried.regulars += is_trusted(books, said)
        if len(tried.examples) < self._most:
            tried.examples.append(Example(said, verdict))


def _rules(charter: Charter) -> list[Tried]:
    found: list[Tried] = []
    for rule in charter.rules:
        if rule.forbidden:
            found.append(Tried(rule.article, WORDS, rule.enforcement))
        found += (Tried(rule.article, clause.name, clause.enforcement) for clause in rule.clauses)
    return found
