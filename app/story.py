"""The demo told in the terminal: what happens in the town, line by line, and where the campaign stands."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from app.service import Service
from core.campaign import Campaign, Occurrence, OccurrenceState
from core.delivery import DeliveryState
from core.moderation import Case
from core.poll import Poll, PollState, Showing, Tally
from core.ports.store import Books
from sandbox.stage import Stage

_GLANCE = 0.25  # real seconds between two looks
_AT_REST = frozenset({DeliveryState.PLANNED, DeliveryState.SENDING})


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
        self.boards: int = len(books.deliveries.boards(limit=1))

    @property
    def over(self) -> bool:
        """Whether every step is settled, everything is out, and every message that shows a poll says it is closed."""
        settled = all(step.state is not OccurrenceState.PLANNED for step in self.steps)
        return settled and not any(self.deliveries.get(state) for state in _AT_REST) and not self.boards


class Story:
    """Tells one campaign. ``live`` redraws the state of things below the lines already told."""

    def __init__(self, *, service: Service, stage: Stage, live: bool) -> None:
        self._service = service
        self._stage = stage
        self._live = live
        self._console = Console(highlight=False)
        self._told: set[str] = set()

    async def tell(self, campaign: Campaign) -> None:
        """Tell until the campaign is over."""
        self._console.print(f"[bold]{self._stage.town.title}[/]: {campaign.title.fr} / {campaign.title.en}")
        self._console.print(
            f"{len(self._stage.people)} citizens. Look at their phones: [link]{self._stage.url}/[/link]"
        )
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
        for step in chapter.steps:
            if step.state is not OccurrenceState.PLANNED:
                kind = campaign.steps[step.step].kind.value.replace("_", " ")
                yield from self._once(f"step {step.step}", f"{kind}: {step.state.value}", step.due_at)
        for case in chapter.cases:
            words = f"case {case.number}: article {case.article}, message {case.state.value}, its author is told why"
            yield from self._once(f"case {case.number} {case.state}", words, case.at)
        for poll, tally in chapter.polls:
            if tally.voters >= 10:
                dozens = tally.voters // 10 * 10
                now = self._stage.clock.now()
                yield from self._once(f"{poll.id} {dozens}", f"{tally.voters} citizens have voted", now)

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
            for label, bar, figure in _results(poll, tally):
                table.add_row(f"  {label}", bar, figure)
        sent, planned = chapter.deliveries.get(DeliveryState.SENT, 0), sum(chapter.deliveries.values())
        table.add_row("deliveries", _bar(sent, planned), f"{sent} of {planned} sent")
        table.add_row("replies, subscribers", "", f"{chapter.replies}, {chapter.subscribers}")
        return table

    def _local(self, at: datetime) -> str:
        return f"{at.astimezone(ZoneInfo(self._stage.town.zone)):%a %d %b %H:%M}"


def _bar(done: int, total: int) -> ProgressBar:
    return ProgressBar(total=max(total, 1), completed=done, width=24)


def _results(poll: Poll, tally: Tally) -> Iterator[tuple[str, ProgressBar, str]]:
    """One line per option, once everybody may know."""
    if poll.state is PollState.CLOSED or poll.showing is Showing.LIVE:
        for rank, (option, votes) in enumerate(zip(poll.options, tally.counts, strict=True)):
            yield option.fr, _bar(votes, tally.voters), f"{votes} ({tally.share(rank)} %)"
