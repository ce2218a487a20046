"""``parvis polls``: the questions put to the town, and their counts."""

import click

from cli.terminal import in_office, local, table
from core.poll import Poll, PollState, Showing, Tally


@click.command(epilog="Example: parvis polls")
@click.pass_context
def polls(context: click.Context) -> None:
    """List the polls with their counts (of hidden ones only the number of citizens, until they close)."""
    from app.office import Office

    async def listed(office: Office) -> tuple[str, list[tuple[Poll, Tally]]]:
        found = await office.store.read(
            lambda books: [(poll, books.polls.tally(poll.id)) for poll in books.polls.all()]
        )
        return office.settings.town.zone, found

    zone, found = in_office(context, listed)
    rows: list[tuple[object, ...]] = [
        (poll.id, poll.state.value, local(poll.closes_at, zone), tally.voters, _counts(poll, tally))
        for poll, tally in found
    ]
    table("Polls", ("poll", "state", "closes", "citizens", "counts"), rows, empty="No poll yet.")


def _counts(poll: Poll, tally: Tally) -> str:
    if poll.state is PollState.STOPPED:
        return "stopped: never published"
    if poll.state is not PollState.CLOSED and poll.showing is Showing.AT_CLOSE:
        return "hidden until it closes"
    return "\n".join(
        f"{option.fr}: {tally.counts[rank]} ({tally.share(rank)} %)" for rank, option in enumerate(poll.options)
    )
