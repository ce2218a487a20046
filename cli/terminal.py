"""How commands speak: tables, local times, and a way into the town's memory."""

import asyncio
import os
import sys
import unicodedata
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

import click

if TYPE_CHECKING:
    from app.office import Office

T = TypeVar("T")

NUMBER = click.IntRange(1, 2**63 - 1)  # of a delivery, a case…: what a database can count
_MOST = 1_000_000
limited = click.option(
    "--limit",
    type=click.IntRange(1, _MOST),
    default=50,
    metavar="NUMBER",
    show_default=True,
    help="How many, the newest first.",
)
_UNLIMITED = 10_000  # columns
_TURNING = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # marks of direction


def in_office(context: click.Context, work: "Callable[[Office], Awaitable[T]]") -> T:
    """Open the town's memory as the configuration says, do the work, close it. Raises ParvisError.

    What stands still in the town is said on standard error: nobody should look for a fault elsewhere.
    """
    from app.office import opened
    from app.settings import load
    from app.standstill import standstills

    settings = load(config_of(context))

    async def visit() -> T:
        async with opened(settings) as office:
            done = await work(office)
            for found in await office.store.read(lambda books: standstills(books, settings)):
                click.echo(plain(found.detail), err=True)
            return done

    return asyncio.run(visit())


def stay_on_this_machine() -> None:
    """Use no proxy any more: what is played is spoken to by loopback, and a proxy of the town hall leads elsewhere."""
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"


def config_of(context: click.Context) -> Path:
    """The configuration file the command line names."""
    found = context.find_root().obj
    return found if isinstance(found, Path) else Path("config.toml")


def table(title: str, columns: tuple[str, ...], rows: list[tuple[object, ...]], *, empty: str) -> None:
    """Print rows under their columns, or ``empty``; on one line each where no terminal sets a width."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not rows:
        click.echo(empty)
        return
    drawn = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for column in columns:
        drawn.add_column(column, overflow="fold")  # nothing is left out, whatever the width
    for row in rows:
        drawn.add_row(*(Text(plain(str(cell))) for cell in row))
    is_narrow = sys.stdout.isatty() or "COLUMNS" in os.environ
    console = Console(width=None if is_narrow else _UNLIMITED)
    with console.capture() as seen:
        console.print(drawn)
    click.echo("\n".join(line.rstrip() for line in seen.get().splitlines()))


def plain(text: str) -> str:
    """The text without anything that could move the cursor or hide what follows: citizens wrote it."""
    return "".join("\ufffd" if char != "\n" and _steers(char) else char for char in text)


def _steers(char: str) -> bool:
    return char in _TURNING or unicodedata.category(char) in {"Cc", "Cs"}


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show on a terminal that something takes its time."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(f"{what}…"):
        yield


@contextmanager
def advancing(what: str) -> "Iterator[Callable[[int, int], None]]":
    """Show on a terminal how much of something is done: so many of so many."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def local(at: datetime | None, zone: str) -> str:
    """An instant as the town's clock shows it."""
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") if at else ""
