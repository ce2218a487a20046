"""A poll as one person sees it in a message."""

from dataclasses import dataclass
from datetime import datetime

from sandbox.telegram.poll import Poll


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option; ``share`` is in hundredths of the voters, none while the results are hidden."""

    number: int
    text: str
    share: int | None
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """A poll: ``may`` is whether this person can choose now, ``back`` whether they can take their vote back."""

    question: str
    description: str
    options: tuple[Option, ...]
    anonymous: bool
    several: bool
    voters: int
    over: bool
    may: bool
    back: bool
    closes_at: datetime | None


def ballot(poll: Poll, user: int) -> Ballot:
    """The poll as somebody sees it."""
    mine, voters = poll.votes.get(user, ()), len(poll.votes)
    hidden = poll.hides and not poll.closed
    return Ballot(
        question=poll.question,
        description=poll.description,
        options=tuple(
            Option(
                number=number,
                text=text,
                share=None if hidden else round(100 * poll.count(number) / voters) if voters else 0,
                mine=number in mine,
            )
            for number, text in enumerate(poll.options)
        ),
        anonymous=poll.anonymous,
        several=poll.several,
        voters=voters,
        over=poll.closed,
        may=not (poll.closed or mine),
        back=bool(mine) and poll.revoting and not poll.closed,
        closes_at=poll.closes_at,
    )
