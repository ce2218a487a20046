"""``parvis polls``: the questions put to the town, and their counts."""

from collections.abc import Iterable
from typing import TypeAlias

import click

from cli.terminal import in_office, local, table
from core.native import NativeCount
from core.poll import Poll, PollState, Showing, Tally
from core.ports.books.natives import Nameless

_Row: TypeAlias = tuple[Poll, Tally, tuple[NativeCount, ...], tuple[Nameless, ...]]


@click.command(epilog="Example: parvis polls")
@click.pass_context
def polls(context: click.Context) -> None:
    """List the polls with their counts (of hidden ones only the number of citizens, until they close).

    The networks' own polls stand below, each count apart.
    """
    from app.office import Office
    from campaigns.results import natives

    async def listed(office: Office) -> tuple[str, list[_Row]]:
        networks = {account.name: account.platform for account in office.settings.accounts}
        found = await office.store.read(
            lambda books: [
                (poll, books.polls.tally(poll.id), natives(books, poll, networks), books.natives.nameless(poll.id))
                for poll in books.polls.all()
            ]
        )
        return office.settings.town.zone, found

    zone, found = in_office(context, listed)
    rows: list[tuple[object, ...]] = []
    for poll, tally, networks, doubtful in found:
        rows.append((poll.id, poll.state.value, local(poll.closes_at, zone), tally.voters, _counts(poll, tally)))
        rows += [
            ("", f"{own.network or 'a former network'}’s own", "", _voters(own), _own(poll, own)) for own in networks
        ]
        rows += [("", "", "", "", f"nobody can count: parvis deliveries show {each.delivery}") for each in doubtful]
    table("Polls", ("poll", "state", "closes", "citizens", "counts"), rows, empty="No poll yet.")


def _counts(poll: Poll, tally: Tally) -> str:
    shares = (f"{tally.counts[rank]} ({tally.share(rank)} %)" for rank in range(len(poll.options)))
    return _hidden(poll) or _listed(poll, shares)


def _own(poll: Poll, own: NativeCount) -> str:
    hidden = _hidden(poll)
    if hidden or own.counts is None:
        return hidden or "unknown"
    return _listed(poll, map(str, own.counts)) + ("" if own.final else "\nprovisional")


def _voters(own: NativeCount) -> str:
    return "" if own.voters is None else str(own.voters)


def _listed(poll: Poll, counts: Iterable[str]) -> str:
    return "\n".join(f"{option.fr}: {count}" for option, count in zip(poll.options, counts, strict=True))


def _hidden(poll: Poll) -> str:
    if poll.state is PollState.STOPPED:
        return "stopped: never published"
    if poll.state is not PollState.CLOSED and poll.showing is Showing.AT_CLOSE:
        return "hidden until it closes"
    return ""
