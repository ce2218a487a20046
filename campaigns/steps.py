"""What each kind of step does when its instant has come: first whether it may, then what it changes and says.

| step            | not yet                      | missed                      | cancelled            | effect        |
|-----------------|------------------------------|-----------------------------|----------------------|---------------|
| announce        |                              | later than its grace, or (+)|                      |               |
| open_poll       |                              | too late, or closing time   |                      | poll opens    |
| remind          |                              | too late, or closing time   | poll never opened    |               |
| close_poll      | votes in time still wait     | never                       | poll never opened    | count frozen  |
| publish_results | poll not closed, or (*)      | later than its grace        | poll never opened    |               |
| thank           | poll not closed, or (*)      | later than its grace        | poll never opened    |               |
| follow_up       | poll not closed, or (*)      | later than its grace, or (+)| poll never opened    |               |

A step with a condition waits until it can be decided, then happens, or is *unmet*.

(*) the final total of a network's own poll is not known yet: for ``PATIENCE`` after the closing, and half the grace of
the step, at most. Later, what is known is said, and that it is provisional.

(+) after the ``valid_until`` of its announcement; every copy that went out is marked as over then.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from campaigns.results import results, thanks
from core.campaign import Campaign, OccurrenceState, Step, StepKind
from core.identifiers import AccountName, PlatformName, PollId
from core.messages import AnnouncementPublished, Delivered, FollowUp, PollOpened, PollReminder
from core.poll import Poll, PollState
from core.ports.store import Books

PATIENCE = timedelta(minutes=10)  # after closing: Mastodon counts votes of other servers until six minutes later


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A step whose instant has come. ``votes_wait`` says that ballots received in time are still to be counted,
    ``networks`` on which network each account is.
    """

    books: Books
    campaign: Campaign
    step: Step
    due_at: datetime
    now: datetime
    votes_wait: bool
    networks: Mapping[AccountName, PlatformName] = field(default_factory=dict)

    @property
    def poll(self) -> Poll | None:
        """The poll the step is about, as it stands."""
        return self.books.polls.get(PollId(self.step.subject))

    @property
    def over_at(self) -> datetime | None:
        """When what the step says is of no use any more, if ever."""
        return None if self.step.says is None else self.campaign.over_at(self.step.says)

    @property
    def over(self) -> bool:
        """Whether what the step says is of no use any more."""
        return self.over_at is not None and self.now >= self.over_at

    @property
    def late(self) -> bool:
        """Whether the grace of the step is over."""
        return self.now > self.due_at + self.step.grace


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """What the audience gets, and until when it may still be sent."""

    message: Delivered
    expires_at: datetime


def decide(scene: Scene) -> OccurrenceState | None:
    """What becomes of the step now; None when it must wait. Changes nothing."""
    state, condition = _of_its_kind(scene), scene.step.only_if
    if condition is None or state is not OccurrenceState.DONE:
        return state
    poll = scene.books.polls.get(condition.poll)
    if condition.waits_for_closing and (poll is None or poll.state is not PollState.CLOSED):
        return None
    voters = scene.books.polls.tally(condition.poll).voters
    return OccurrenceState.DONE if condition.holds(voters) else OccurrenceState.UNMET


def _of_its_kind(scene: Scene) -> OccurrenceState | None:
    match scene.step.kind:
        case StepKind.ANNOUNCE:
            return OccurrenceState.MISSED if scene.late or scene.over else OccurrenceState.DONE
        case StepKind.OPEN_POLL:
            return _may_open(scene, scene.poll)
        case _:
            return _about_an_opened_poll(scene, scene.poll)


def carry_out(scene: Scene) -> Outgoing | None:
    """Do what was decided to be done, in the same transaction; what the audience gets, if anything."""
    return _EFFECTS[scene.step.kind](scene)


def announce(scene: Scene) -> Outgoing:
    """The announcement, as written."""
    message = AnnouncementPublished(announcement=scene.campaign.announcement(scene.step.subject))
    return _outgoing(scene, message, at_most=scene.over_at)


def open_poll(scene: Scene) -> Outgoing:
    """The poll opens, and its question goes out with its buttons, until it closes."""
    poll = _known(scene)
    scene.books.polls.open(poll.id)
    message = PollOpened(poll=_known(scene), zone=scene.campaign.zone.key)
    return _outgoing(scene, message, at_most=poll.closes_at)


def remind(scene: Scene) -> Outgoing:
    """A reminder with the number of voters so far."""
    poll = _known(scene)
    voters = scene.books.polls.tally(poll.id).voters
    message = PollReminder(poll=poll, zone=scene.campaign.zone.key, voters=voters)
    return _outgoing(scene, message, at_most=poll.closes_at)


def close_poll(scene: Scene) -> None:
    """The poll closes and its count is frozen. Nothing is sent: the messages that show the poll follow it."""
    scene.books.polls.close(PollId(scene.step.subject), at=scene.now)


def publish_results(scene: Scene) -> Outgoing:
    """The frozen count."""
    return _outgoing(scene, results(scene.books, _known(scene), scene.networks))


def thank(scene: Scene) -> Outgoing:
    """Thanks to those who took part."""
    return _outgoing(scene, thanks(scene.books, _known(scene)))


def follow_up(scene: Scene) -> Outgoing:
    """What became of the answers, in the words of an announcement."""
    words = scene.campaign.announcement(str(scene.step.words))
    return _outgoing(scene, FollowUp(poll=_known(scene), announcement=words), at_most=scene.over_at)


def _may_open(scene: Scene, poll: Poll | None) -> OccurrenceState:
    over = poll is None or scene.now >= poll.closes_at
    return OccurrenceState.MISSED if scene.late or over else OccurrenceState.DONE


def _about_an_opened_poll(scene: Scene, poll: Poll | None) -> OccurrenceState | None:
    if poll is None or poll.state is PollState.PLANNED:
        return OccurrenceState.CANCELLED
    if scene.step.kind is StepKind.CLOSE_POLL:
        return None if scene.votes_wait else OccurrenceState.DONE
    if scene.late or scene.over:
        return OccurrenceState.MISSED
    if scene.step.kind is StepKind.REMIND:
        return OccurrenceState.DONE if poll.is_open(scene.now) else OccurrenceState.MISSED
    waits = poll.state is not PollState.CLOSED or _networks_still_count(scene, poll)
    return None if waits else OccurrenceState.DONE


def _networks_still_count(scene: Scene, poll: Poll) -> bool:
    """Whether a network's own poll may still say its final total, and there is time to wait for it."""
    patience = min((poll.closed_at or poll.closes_at) + PATIENCE, scene.due_at + scene.step.grace / 2)
    return scene.now < patience and any(not hosted.is_settled for hosted in scene.books.natives.of(poll.id))


def _known(scene: Scene) -> Poll:
    poll = scene.poll
    if poll is None:
        raise LookupError(f"the campaign {scene.campaign.id} runs without its poll {scene.step.subject}")
    return poll


def _outgoing(scene: Scene, message: Delivered, *, at_most: datetime | None = None) -> Outgoing:
    until = scene.due_at + scene.step.grace
    return Outgoing(message=message, expires_at=until if at_most is None else min(until, at_most))


_EFFECTS: Mapping[StepKind, Callable[[Scene], Outgoing | None]] = MappingProxyType(
    {
        StepKind.ANNOUNCE: announce,
        StepKind.OPEN_POLL: open_poll,
        StepKind.REMIND: remind,
        StepKind.CLOSE_POLL: close_poll,
        StepKind.PUBLISH_RESULTS: publish_results,
        StepKind.THANK: thank,
        StepKind.FOLLOW_UP: follow_up,
    }
)
