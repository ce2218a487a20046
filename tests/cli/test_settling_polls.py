"""``parvis deliveries`` where the part in doubt holds a poll: whether its votes are followed is said."""

from dataclasses import replace
from functools import partial

from core.messages import PollOpened
from tests.cli.office import Terminal, leave_in_doubt
from tests.core.examples import poll

PUBLIC_POLL = PollOpened(poll=replace(poll(), public=True), zone="Europe/Paris")


def test_whoever_settles_the_networks_own_poll_hears_that_nobody_follows_it(ready: Terminal) -> None:
    """Nobody knows which message it is: what is voted there can be counted on the network only."""
    ready.remembers(lambda office: office.store.write(partial(leave_in_doubt, message=PUBLIC_POLL)))

    shown = ready.types("deliveries", "show", "1")
    done = ready.types("deliveries", "settle", "1", "--out")

    assert "its votes will not be followed" in shown.out
    assert "Its votes cannot be counted" in done.out


def test_a_poll_of_ours_that_is_settled_loses_no_vote(ready: Terminal) -> None:
    """Presses on its buttons count whether the message is known or not."""
    ours = replace(PUBLIC_POLL, poll=replace(PUBLIC_POLL.poll, public=False))
    ready.remembers(lambda office: office.store.write(partial(leave_in_doubt, message=ours)))

    done = ready.types("deliveries", "settle", "1", "--out")

    assert "counted" not in done.out
