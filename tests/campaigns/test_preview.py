"""What an officer sees before starting is what will be sent."""

from dataclasses import replace
from datetime import timedelta

from campaigns.preview import VOTES, Showing, plan
from core.campaign import Campaign, StepKind
from core.errors import Rejected
from core.identifiers import Address, Locale
from core.messages import PollReminder
from core.post import Part, Post
from tests.campaigns.stage import SQUARE, WHOLE, Stage
from tests.fakes import ACCOUNT, NOON, FakeWords, ScriptedPlatform


class _Strict(ScriptedPlatform):
    """A network that takes no post."""

    def plan(self, post: Post, address: Address, *, topic: int | None = None) -> tuple[Part, ...]:
        """Refuse."""
        raise Rejected(f"too long: {post.text.plain} for {address}, {topic}")


def _campaign(*, subscribers: bool = False) -> Campaign:
    campaign = Stage().campaign
    return replace(campaign, audience=replace(campaign.audience, channels=(SQUARE.name,), subscribers=subscribers))


def _shown(
    campaign: Campaign, platform: ScriptedPlatform | None = None, words: FakeWords | None = None
) -> list[Showing]:
    platforms = {ACCOUNT: platform or ScriptedPlatform()}
    return list(plan(campaign, start=NOON, channels=(SQUARE,), platforms=platforms, words=words or FakeWords()))


def test_every_step_is_shown_for_every_channel_in_its_language() -> None:
    """In order, with the channel's own address."""
    shown = _shown(_campaign())

    assert [showing.step.kind for showing in shown] == [step.kind for step in WHOLE]
    assert {(showing.channel, showing.locale) for showing in shown} == {(SQUARE, Locale.FR)}
    assert shown[0].parts[0].parameters["address"] == "@square"


def test_subscribers_are_shown_every_language() -> None:
    """An officer proofreads both."""
    shown = _shown(_campaign(subscribers=True))

    assert [(showing.channel, showing.locale) for showing in shown[:3]] == [
        (SQUARE, Locale.FR),
        (None, Locale.FR),
        (None, Locale.EN),
    ]


def test_instants_are_shown_in_the_campaigns_own_time() -> None:
    """The clock on the town hall."""
    first = _shown(_campaign())[0]

    assert (first.at, first.at.utcoffset()) == (NOON + timedelta(hours=1), timedelta(hours=1))


def test_closing_a_poll_sends_nothing() -> None:
    """The messages that show it follow by themselves."""
    closing = next(showing for showing in _shown(_campaign()) if showing.step.kind is StepKind.CLOSE_POLL)

    assert closing.parts == ()


def test_figures_that_nobody_knows_yet_are_marked_as_examples() -> None:
    """Nobody should take them for results."""
    shown = _shown(_campaign())

    assert [showing.example for showing in shown] == [False, False, True, False, True, True]


def test_an_example_has_the_same_number_of_votes_for_each_option() -> None:
    """It favours none."""
    words = FakeWords()

    _shown(_campaign(), words=words)

    (reminder,) = (message for message, _, _ in words.asked if isinstance(message, PollReminder))
    assert reminder.voters == 2 * VOTES


def test_a_post_that_the_network_would_refuse_is_shown_with_its_reason() -> None:
    """Now, and not on the day."""
    first = _shown(_campaign(), _Strict())[0]

    assert (first.parts, "too long" in first.refusal) == ((), True)


def test_what_is_pinned_in_a_channel_is_not_pinned_in_private() -> None:
    """The preview says so, too."""
    campaign = _campaign(subscribers=True)
    pinned = tuple(replace(each, pinned=True) for each in campaign.announcements)

    shown = _shown(replace(campaign, announcements=pinned))

    assert [[part.call for part in showing.parts] for showing in shown[:2]] == [["text", "pin"], ["text"]]
