"""Judging messages as the debates do, without a database: noted among what was said lately, then weighed."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from app.charter import charter
from benchmarks.judging.texts import PETITION
from benchmarks.judging.texts import ordinary as written_by_people
from core.identifiers import AccountName, Address, ChannelName, MessageId, PlatformName
from core.journal import written
from core.moderation import Charter, judge, weighed
from core.ports.vault import Vault
from core.rules.recent import Recent
from core.said import Said, around
from core.town import Town
from core.wording import Wording
from storage.vault import MemoryVault

CHARTER = Path(__file__).parents[2] / "campaigns" / "samples" / "charter.toml"
TOWN = Town(
    name=Wording(fr="Saint-Aubin", en="Saint-Aubin"),
    zone="Europe/Paris",
    charter=Charter(version="none", rules=()),
    channels=(),
)
_BEGAN = datetime(2027, 3, 1, 12, tzinfo=UTC)
_GAP = timedelta(milliseconds=5)  # 200 messages a second
_PEOPLE, _CHATS = 400, 3
_WARMED = 260  # messages alike after which nothing that is remembered of them grows any more

Work = Callable[[Said], object]


@dataclass
class Hall:
    """A town in which people debate. ``recent`` is what was said there lately."""

    charter: Charter = field(default_factory=lambda: charter(CHARTER))
    recent: Recent = field(default_factory=Recent)
    vault: Vault = field(default_factory=MemoryVault)

    def alone(self, said: Said) -> object:
        """Judge the words, as if nothing else had been said."""
        return judge(said.text, self.charter.rules)

    def noted(self, said: Said) -> object:
        """Note the message among what was said lately, and judge it by all that is known around it."""
        context = around(said, self.recent, TOWN, is_trusted=lambda: False)
        return weighed(said.text, self.charter.rules, context)

    def kept(self, said: Said) -> object:
        """The same, and the message is sealed for the journal."""
        return self.noted(said), self.vault.seal(written(said))


def spoken(texts: Iterable[str], *, first: int = 0) -> list[Said]:
    """Messages with these texts, by hundreds of people in a few groups, 200 a second; ``first`` numbers the first."""
    return [
        Said(
            account=AccountName("telegram"),
            chat=Address(f"-100{rank % _CHATS}"),
            message=MessageId(str(rank)),
            author=(rank * 7919 % _PEOPLE).to_bytes(16, "big"),
            at=_BEGAN + rank * _GAP,
            network=PlatformName("telegram"),
            text=text,
            places=frozenset({ChannelName("place")}),
        )
        for rank, text in enumerate(texts, first)
    ]


def ordinary(number: int) -> list[Said]:
    """Ordinary messages, hardly two of them alike."""
    return spoken(written_by_people(number))


def storm(number: int) -> list[Said]:
    """The same message again and again."""
    return spoken(PETITION for _ in range(number))


def rate(work: Work, messages: list[Said]) -> float:
    """Messages a second of processor time."""
    begun = time.process_time()
    for said in messages:
        work(said)
    return len(messages) / (time.process_time() - begun)


def cost(hall: Hall, made: Callable[[int], str], numbers: Sequence[int], *, after: int = _WARMED) -> float:
    """Milliseconds of processor time for one of these messages, ``after`` so many alike; the middle of some tries."""
    for said in spoken(made(numbers[0]) for _ in range(after)):
        hall.noted(said)
    several = spoken((made(number) for number in numbers), first=after)
    return median(1000 / rate(hall.noted, [said]) for said in several)
