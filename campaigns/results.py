"""What is said of a poll once it is closed: its frozen count and nothing else, so that everybody can check it."""

from core.messages import ResultsPublished, Thanks
from core.poll import Poll
from core.ports.store import PollBook


def results(polls: PollBook, poll: Poll) -> ResultsPublished:
    """The count of a closed poll, as published."""
    return ResultsPublished(poll=poll, tally=polls.tally(poll.id))


def thanks(polls: PollBook, poll: Poll) -> Thanks:
    """Thanks to those who took part in a closed poll."""
    return Thanks(poll=poll, voters=polls.tally(poll.id).voters)
