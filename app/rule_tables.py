"""The rules of an article beside its words, as the charter file writes them: one table a family."""

from abc import ABC, abstractmethod
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from campaigns.shape import Length
from campaigns.tables import Table
from core.rules.clause import Action, Clause, Conditions, Enforcement, Example, Who
from core.rules.context import Context
from core.rules.copies import Copies
from core.rules.family import Family
from core.rules.floods import Crowds, Floods
from core.rules.invitations import Invitations
from core.rules.links import Links, Lookalikes
from core.rules.media import Media, Medium
from core.rules.recent import LONGEST, MOST


def _short(text: object) -> object:
    return {"text": text} if isinstance(text, str) else text


def _domain(name: str) -> str:
    if "/" in name or "." not in name or name != name.lower().strip("."):
        sentence = "«{name}» is no domain such as «example.fr», in small letters"
        raise PydanticCustomError("domain", sentence, {"name": name})
    return name


Domain = Annotated[str, AfterValidator(_domain)]


class ExampleTable(Table):
    """A message to try a rule on; a text alone is one that anybody writes once."""

    text: str = ""
    links: tuple[str, ...] = ()
    media: frozenset[Medium] = frozenset()
    forwarded: bool = False
    times: int = Field(default=1, ge=1, le=MOST + 1)
    place: str = ""
    network: str = ""
    as_channel: bool = False
    since: Length | None = None
    trusted: bool = False

    def value(self) -> Example:
        """The core's value."""
        places = frozenset({self.place} if self.place else ())
        around = Context(
            links=self.links,
            media=self.media,
            forwarded=self.forwarded,
            places=places,
            network=self.network,
            as_channel=self.as_channel,
        )
        return Example(text=self.text, around=around, times=self.times, age=self.since, trusted=self.trusted)


Examples = tuple[Annotated[ExampleTable, BeforeValidator(_short)], ...]


class TriedTable(Table):
    """Messages that break a rule, and messages that only look so."""

    hits: Examples = ()
    misses: Examples = ()


class RuleTable(Table, ABC):
    """What every rule says of itself: whether it acts, where and for whom it holds, how it is tried."""

    enforcement: Enforcement
    action: Action = Action.REMOVE
    channels: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    who: Who = Who.ANYBODY
    newcomers: Length | None = None
    spare_trusted: bool = False
    shouting: bool = False
    examples: TriedTable = TriedTable()

    @abstractmethod
    def family(self) -> Family:
        """What it forbids."""

    def value(self, name: str) -> Clause:
        """The rule as the rest of the program sees it."""
        only = Conditions(
            places=frozenset(self.channels),
            networks=frozenset(self.networks),
            who=self.who,
            newcomers=self.newcomers,
            spares_trusted=self.spare_trusted,
            shouting=self.shouting,
        )
        return Clause(
            name=name,
            family=self.family(),
            enforcement=self.enforcement,
            action=self.action,
            only=only,
            hits=tuple(each.value() for each in self.examples.hits),
            misses=tuple(each.value() for each in self.examples.misses),
        )


class LinksTable(RuleTable):
    """Links that are denied."""

    denied: tuple[Domain, ...] = ()
    allowed: tuple[Domain, ...] = ()
    only_links: bool = False

    def family(self) -> Family:
        """What it forbids."""
        return Links(denied=self.denied, allowed=self.allowed, only_links=self.only_links)


class LookalikesTable(RuleTable):
    """Domains that can be taken for these."""

    ours: tuple[Domain, ...] = ()

    def family(self) -> Family:
        """What it forbids."""
        return Lookalikes(ours=self.ours)


class InvitationsTable(RuleTable):
    """Invitations to other groups."""

    allowed: tuple[str, ...] = ()

    def family(self) -> Family:
        """What it forbids."""
        return Invitations(allowed=tuple(own.lower().rstrip("/") for own in self.allowed))


def _looked_back(length: timedelta) -> timedelta:
    if not length or length > LONGEST:
        raise PydanticCustomError("within", "is more than an hour, or nothing")
    return length


def _watching(enforcement: Enforcement) -> Enforcement:
    if enforcement is Enforcement.ENFORCE:
        raise PydanticCustomError("watching", "cannot be enforced: a busy chat is nobody's fault; observe it")
    return enforcement


Within = Annotated[Length, AfterValidator(_looked_back)]


class FloodsTable(RuleTable):
    """Too many messages of one person."""

    most: int = Field(ge=1, le=MOST)
    within: Within

    def family(self) -> Family:
        """What it forbids."""
        return Floods(most=self.most, within=self.within)


class CrowdsTable(RuleTable):
    """Too many messages in one chat."""

    enforcement: Annotated[Enforcement, AfterValidator(_watching)]
    most: int = Field(ge=1, le=MOST)
    within: Within

    def family(self) -> Family:
        """What it forbids."""
        return Crowds(most=self.most, within=self.within)


class CopiesTable(RuleTable):
    """The same message again and again."""

    most: int = Field(ge=1, le=50)
    within: Within

    def family(self) -> Family:
        """What it forbids."""
        return Copies(most=self.most, within=self.within)


class MediaTable(RuleTable):
    """What is attached, and what is passed on."""

    denied: tuple[Medium, ...] = ()
    forwards: bool = False

    def family(self) -> Family:
        """What it forbids."""
        return Media(denied=self.denied, forwards=self.forwards)
