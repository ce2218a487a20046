"""A rehearsal as it may be found, changeable by name; for the tests of its report too."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from core.campaign import StepKind
from core.delivery import DeliveryState
from core.identifiers import CampaignId, ChannelName, Locale, StepName
from core.poll import PollState, Tally
from core.post import Post
from core.rehearsal import (
    Attendance,
    Cast,
    Engagement,
    Moment,
    Ordeal,
    Outcome,
    Rehearsal,
    Said,
    Trial,
    Week,
)
from core.richtext import RichText
from tests.core.examples import NOON, poll, words

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
POST = Post(text=RichText.of("Le pont change"))
SQUARE = ChannelName("place")


def said(**changes: object) -> Said:
    """One that was out at once, in public on Telegram."""
    one = Said(
        step=StepName("opening"),
        kind=StepKind.OPEN_POLL,
        at=NOON,
        out_at=NOON,
        state=DeliveryState.SENT,
        network="Telegram",
        channel=SQUARE,
        locale=Locale.FR,
        post=POST,
    )
    return replace(one, **changes)  # type: ignore[arg-type]  # a test changes what it names


def moment(*messages: Said, **changes: object) -> Moment:
    """The opening of the poll."""
    one = Moment(step=StepName("opening"), kind=StepKind.OPEN_POLL, at=NOON, said=messages)
    return replace(one, **changes)  # type: ignore[arg-type]  # a test changes what it names


def ordeal(*messages: Said, trial: Trial = Trial.DOWN, refused: int = 3, missed: int = 0) -> Ordeal:
    """Ten minutes at noon on Telegram."""
    ends = NOON + 8 * MINUTE
    return Ordeal(
        network="Telegram",
        trial=trial,
        begins=NOON - 2 * MINUTE,
        ends=ends,
        refused=refused,
        said=messages,
        missed=missed,
    )


def engagement(name: str, at: datetime, *channels: ChannelName) -> Engagement:
    """A campaign speaks."""
    return Engagement(campaign=CampaignId(name), step=StepName("news"), at=at, channels=frozenset(channels))


OUTCOME = Outcome(poll=poll(state=PollState.CLOSED), tally=Tally(counts=(3, 2, 1), voters=6), cast=6, published=3)


def rehearsal(**changes: object) -> Rehearsal:
    """One in which all went well."""
    one = Rehearsal(
        town=words("Valmont"),
        title=words("Which bridge?"),
        campaign=CampaignId("bridge"),
        zone="Europe/Paris",
        begins=NOON,
        ends=NOON + 30 * 24 * HOUR,
        cast=Cast(
            followers=(("telegram", 30), ("mastodon", 10)),
            on_two=2,
            subscribers=0.1,
            turnout=0.3,
            reminded=0.3,
            returning=0.064,
            again=0.071,
            conversations=8,
            dated=("pont", "gué"),
            seed=7,
        ),
        moments=(moment(said()),),
        networks=("Telegram", "Mastodon"),
        weeks=(Week(monday=date(2027, 3, 1), public=(2, 3), private=(1, 0)),),
        changes=(),
        ordeals=(ordeal(said()),),
        beside=(),
        collisions=(),
        concerns=(),
        outcomes=(OUTCOME,),
        attendance=Attendance(people=40, took_part=6, came_back=1),
        verdict="bridge_route: 6 citizens (Telegram 6), results published in 3 messages",
        sound=True,
        doubled=0,
        command="parvis rehearse bridge.toml",
    )
    return replace(one, **changes)  # type: ignore[arg-type]  # a test changes what it names
