"""The demo told in the terminal: what happens in the town, line by line, and where the campaign stands."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from app.service import Service
from core.campaign import Campaign, Occurrence, OccurrenceState, StepKind
from core.delivery import DeliveryState
from core.identifiers import OccurrenceId
from core.messages import PollReminder
from core.moderation import UNDER_WAY, Case, CaseState
from core.poll import Poll, PollState, Showing, Tally
from core.ports.store import Books
from sandbox.stage import Stage

_GLANCE = 0.25  # real seconds between two looks
_AT_REST = frozenset({DeliveryState.PLANNED, DeliveryState.SENDING})


_News: TypeAlias = tuple[datetime, str, str | None]  # when, which, and its words; None while they are not known


class Chapter:
    """How things stand at one glance."""

    def __init__(self, books: Books, campaign: Campaign) -> None:
        self.steps: tuple[Occurrence, ...] = books.campaigns.occurrences(campaign.id)
        self.polls: tuple[tuple[Poll, Tally], ...] = tuple(
            (poll, books.polls.tally(poll.id)) for poll in books.polls.all()
        )
        self.cases: tuple[Case, ...] = books.cases.all()
        self.deliveries: dict[DeliveryState, int] = books.deliveries.count()
        self.replies: int = len(books.replies.all(limit=10_000))
        self.subscribers: int = books.citizens.subscribers()
        self.voters: dict[OccurrenceId | None, int] = {
            each.occurrence: each.message.voters
            for each in books.deliveries.all(campaign=campaign.id, limit=10_000)
            if isinstance(each.message, PollReminder)
        }
        self.boards: int = len(books.deliveries.boards(limit=1))

    def of_steps(self, campaign: Campaign) -> Iterator[_News]:
        """The steps, with the number of voters where one is known."""
        for step in self.steps:
            kind = campaign.step(step.step).kind
            words = f"{kind.value.replace('_', ' ')}: {step.state.value}"
            voters = self.voters.get(step.id) if kind is StepKind.REMIND else None
            if voters is not None:
                words += f", {voters} citizens have voted"
            yield (
                step.due_at,
                f"step {step.step} {step.local}",
                None if step.state is OccurrenceState.PLANNED else words,
            )

    def of_cases(self) -> Iterator[_News]:
        """The messages judged."""
        for case in self.cases:
            told = ", its author is told why" if case.state is CaseState.REMOVED else ""
            words = f"case {case.number}: article {case.article}, message {case.state.value.replace('_', ' ')}{told}"
            yield case.at, f"case {case.number} {case.state}", None if case.state in UNDER_WAY else words

    @property
    def over(self) -> bool:
        """Whether every step is settled, everything is out, and every message that shows a poll says it is closed."""
        settled = all(step.state is not OccurrenceState.PLANNED for step in self.steps)
        return settled and not any(self.deliveries.get(state) for state in _AT_REST) and not self.boards


class Story:
    """Tells one campaign, the same story in the same words each time.

    ``live`` redraws the state of things below the lines already told, and adds what depends on when it looks. ``page``
    says where the phones of the citizens can be looked at.
    """

    def __init__(self, *, service: Service, stage: Stage, live: bool, page: bool = True) -> None:
        self._service = service
        self._stage = stage
        self._live = live
        self._page = page
        self._console = Console(highlight=False)
        self._told: set[str] = set()

    async def tell(self, campaign: Campaign) -> None:
        """Tell until the campaign is over."""
        self._console.print(f"[bold]{self._stage.town.title}[/]: {campaign.title.fr} / {campaign.title.en}")
        phones = f" Look at their phones: [link]{self._stage.url}/[/link]" if self._page else ""
        networks = ", ".join(_title(network) for network in self._stage.scenes)
        twice = f", {len(self._stage.doubles)} of them on two" if self._stage.doubles else ""
        self._console.print(f"{len(self._stage.people)} citizens on {networks}{twice}.{phones}")
        with Live(console=self._console, auto_refresh=False, transient=True) as screen:
            while True:
                chapter = await self._service.store.read(lambda books: Chapter(books, campaign))
                for line in self._news(campaign, chapter):
                    self._console.print(line)
                if self._live:
                    screen.update(self._picture(campaign, chapter), refresh=True)
                if chapter.over and not self._service.busy:
                    break
                await asyncio.sleep(_GLANCE)
        self._console.print(self._picture(campaign, chapter))
        if self._live:
            self._console.print("The story is over. The page stays open; Ctrl+C ends the demo.")

    def verdict(self, said: str, code: int) -> None:
        """What the other program found."""
        self._console.print(said.rstrip(), markup=False)
        words = {0: "[green]What the citizens did is what was counted and published.[/]"}
        self._console.print(words.get(code, "[red]What was published is NOT what the citizens did.[/]"))

    def _news(self, campaign: Campaign, chapter: Chapter) -> Iterator[str]:
        for at, key, words in sorted((*chapter.of_steps(campaign), *chapter.of_cases()), key=lambda news: news[0]):
            if words is None:  # it has begun, and is not over: what comes after is told after it
                break
            yield from self._once(key, words, at)
        for poll, tally in chapter.polls:
            if self._live and tally.voters >= 10:
                dozens = tally.voters // 10 * 10
                now = self._stage.clock.now()
                words = f"{tally.voters} citizens have voted{_split(tally)}"
                yield from self._once(f"{poll.id} {dozens}", words, now)

    def _once(self, key: str, line: str, at: datetime) -> Iterator[str]:
        if key not in self._told:
            self._told.add(key)
            yield f"  {self._local(at)}  {line}"

    def _picture(self, campaign: Campaign, chapter: Chapter) -> Table:
        table = Table.grid(padding=(0, 2), expand=False)
        done = sum(step.state is not OccurrenceState.PLANNED for step in chapter.steps)
        table.add_row("clock of the town", "", self._local(self._stage.clock.now()))
        table.add_row("campaign", _bar(done, len(campaign.steps)), f"{done} of {len(campaign.steps)} steps")
        for poll, tally in chapter.polls:
            table.add_row("taking part", _bar(tally.voters, len(self._stage.people)), f"{tally.voters} citizens")
            for network, voters in tally.networks if len(self._stage.scenes) > 1 else ():
                table.add_row(f"  on {_title(network)}", _bar(voters, tally.voters), f"{voters}")
            for label, bar, figure in _results(poll, tally):
                table.add_row(f"  {label}", bar, figure)
        sent, planned = chapter.deliveries.get(DeliveryState.SENT, 0), sum(chapter.deliveries.values())
        table.add_row("deliveries", _bar(sent, planned), f"{sent} of {planned} sent")
        table.add_row("replies, subscribers", "", f"{chapter.replies}, {chapter.subscribers}")
        return table

    def _local(self, at: datetime) -> str:
        return f"{at.astimezone(ZoneInfo(self._stage.town.zone)):%a %d %b %H:%M}"


def _split(tally: Tally) -> str:
    """On which networks, when there are several."""
    told = ", ".join(f"{_title(network)} {voters}" for network, voters in tally.networks)
    return f": {told}" if len(tally.networks) > 1 else ""


def _title(network: str) -> str:
    return network.capitalize()


def _bar(done: int, total: int) -> ProgressBar:
    return ProgressBar(total=max(total, 1), completed=done, width=24)


def _results(poll: Poll, tally: Tally) -> Iterator[tuple[str, ProgressBar, str]]:
    """One line per option, once everybody may know."""
    if poll.state is PollState.CLOSED or poll.showing is Showing.LIVE:
        for rank, (option, votes) in enumerate(zip(poll.options, tally.counts, strict=True)):
            yield option.fr, _bar(votes, tally.voters), f"{votes} ({tally.share(rank)} %)"
