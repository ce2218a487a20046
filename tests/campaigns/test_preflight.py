"""Pre-flight as a whole: every rule is asked, each finding is said once, and what is right is left in peace."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from campaigns import files
from campaigns.neighbours import APART, Neighbour, near, said_by
from campaigns.preflight import Means, findings, occurrences_of, outside, sizes_of
from core.announcement import Image
from core.audience import Audience
from core.campaign import At, Campaign, OccurrenceState, StepKind
from core.capabilities import Capabilities
from core.errors import Rejected, Unauthorised, Unavailable
from core.identifiers import AccountName, Address, CampaignId, ChannelName, Locale
from core.ports.platform import Finding
from core.ports.web import Dead, Web
from core.post import Part, Post
from core.preflight import (
    ChannelUnknown,
    Concern,
    DatePast,
    DescriptionTooLong,
    Divided,
    LanguageMissing,
    LinkDead,
    NearDuplicate,
    NotAsked,
    NotReady,
    PictureGone,
    PictureTooHeavy,
    StepPast,
    TokenRefused,
    TooLong,
    Trouble,
    Unsendable,
)
from core.wording import Wording
from templates.render import JinjaWords
from tests.campaigns.stage import SQUARE, Stage, then
from tests.core.examples import words
from tests.fakes import ACCOUNT, CAPABILITIES, NOON, FakeWords, ScriptedPlatform

SAMPLE = Path(__file__).parents[2] / "campaigns" / "samples" / "halle" / "halle.toml"
BODY = "announcements.news"
SOON = timedelta(hours=1)


def announcing(*delays: timedelta, channels: tuple[str, ...] = ("square",), subscribers: bool = False) -> Campaign:
    """The same announcement again and again."""
    steps = tuple(then(StepKind.ANNOUNCE, delay) for delay in delays)
    return replace(Stage(steps=steps, channels=channels, subscribers=subscribers).campaign, questions=())


def campaign(**changes: object) -> Campaign:
    """One announcement in the square, an hour after noon, as changed."""
    one = announcing(SOON)
    said = replace(one.announcements[0], **changes)  # type: ignore[arg-type]  # by name
    return replace(one, announcements=(said,))


def means(platform: ScriptedPlatform | None = None, *, sizes: Mapping[Path, int | None] | None = None) -> Means:
    """The square, on a network that takes everything."""
    platforms = {ACCOUNT: platform or ScriptedPlatform()}
    return Means(channels=(SQUARE,), platforms=platforms, words=FakeWords(), sizes=sizes or {})


def found(
    plan: Campaign,
    with_means: Means | None = None,
    *,
    now: datetime = NOON,
    others: Sequence[Neighbour] = (),
) -> tuple[Concern, ...]:
    """What is found when it starts at noon."""
    due = occurrences_of(plan, NOON)
    return findings(plan, due, with_means or means(), start=NOON, now=now, others=others)


class _Wordy(ScriptedPlatform):
    """A network that makes seven messages of anything."""

    messages: int = 7

    def plan(self, post: Post, address: Address, *, topic: int | None = None) -> tuple[Part, ...]:  # noqa: ARG002  of the port
        """So many, and a pin."""
        pin = Part(call="pin", parameters={}, text="", repeatable=True)
        return (*(Part(call="text", parameters={}, text="…") for _ in range(self.messages)), pin)


class _Strict(ScriptedPlatform):
    """A network that takes no post."""

    def plan(self, post: Post, address: Address, *, topic: int | None = None) -> tuple[Part, ...]:
        """Refuse."""
        raise Rejected(f"{post.text.plain[1:9]} not in {address}, {topic}")


def test_the_sample_is_ready_to_go_out(tmp_path: Path) -> None:
    """The example that everybody copies gives nothing to mend, for every step and both languages."""
    sample = files.read(SAMPLE, channels=["place"], start=NOON)
    place = replace(SQUARE, name=ChannelName("place"))
    ours = Means(
        channels=(place,),
        platforms={ACCOUNT: ScriptedPlatform()},
        words=JinjaWords(town=Wording(fr="Valmont", en="Valmont")),
        sizes=sizes_of(sample, tmp_path),
    )

    assert found(sample, ours) == ()


def test_what_is_wrong_in_a_text_is_said_once() -> None:
    """However often it goes out; polls are read as well."""
    twice = announcing(SOON, 2 * APART)
    plan = replace(twice, announcements=(replace(twice.announcements[0], body=Wording(fr="Bonjour", en="")),))

    assert found(plan) == (LanguageMissing(place=f"{BODY}.body.en", locale=Locale.EN),)


def test_the_options_of_a_poll_lie_ahead_until_it_is_over() -> None:
    """Its results name the same days, which have passed by then."""
    asked = Stage().campaign
    plan = replace(asked, questions=(replace(asked.questions[0], options=(words("le 2 mars"), words("le 9 mars"))),))

    late = occurrences_of(plan, NOON + timedelta(days=3))

    opening = findings(plan, late[1:2], means(), start=NOON, now=NOON)
    results = findings(plan, late[4:5], means(), start=NOON, now=NOON)

    assert (found(plan), {type(each) for each in opening}, results) == ((), {DatePast}, ())


def test_a_step_whose_time_has_passed_is_found() -> None:
    """With its local time; one that is settled is nobody's concern any more."""
    plan = campaign()
    (due,) = occurrences_of(plan, NOON)
    later = NOON + 2 * SOON

    done = replace(due, state=OccurrenceState.DONE)

    assert found(plan, now=later) == (StepPast(place="steps.0", at=NOON + SOON),)
    assert findings(plan, (done,), means(), start=NOON, now=later) == ()


@pytest.mark.parametrize(
    ("messages", "kind"),
    [(1, None), (2, Divided), (5, Divided), (6, TooLong)],
)
def test_a_text_of_many_messages_is_found(messages: int, kind: type[Concern] | None) -> None:
    """In a few, to be looked at; in more than anybody reads, to be shortened."""
    platform = _Wordy()
    platform.messages = messages

    assert [type(each) for each in found(campaign(), means(platform))] == ([] if kind is None else [kind])


def test_pictures_ask_for_messages_of_their_own() -> None:
    """And a text that no caption holds for one more: that divides nothing."""
    platform = _Wordy()
    platform.messages = 3
    images = tuple(Image(path=Path(f"{rank}.png"), alt=words("Un pont")) for rank in range(11))
    here = dict.fromkeys((image.path for image in images), 1)

    assert found(campaign(images=images), means(platform, sizes=here)) == ()


def test_a_poll_is_divided_without_a_word_until_nobody_reads_it() -> None:
    """Half of it are our own words."""
    platform = _Wordy()
    platform.messages = 5
    poll = Stage(steps=(then(StepKind.OPEN_POLL), then(StepKind.CLOSE_POLL))).campaign

    assert found(poll, means(platform)) == ()


def test_what_the_code_that_sends_refuses_is_found_with_its_reason() -> None:
    """In the channel and in private chats."""
    plan = announcing(SOON, subscribers=True)

    refused = [each for each in found(plan, means(_Strict())) if isinstance(each, Unsendable)]

    assert [(each.where, each.detail) for each in refused] == [
        ("square", "announce not in @square, None"),
        ("telegram", "announce not in 1, None"),
    ]


def test_pictures_are_compared_with_what_each_network_takes() -> None:
    """Their size, and the length of their description in each language."""
    strict: Capabilities = replace(CAPABILITIES, longest_description=10, largest_picture=100)
    image = Image(path=Path("a.png"), alt=Wording(fr="Une passerelle", en="A bridge"))
    plan, platform = campaign(images=(image,)), ScriptedPlatform(capabilities=strict)

    heavy = found(plan, means(platform, sizes={image.path: 101}))
    gone = found(plan, means(platform, sizes={image.path: None}))
    free = found(plan, means(sizes={image.path: 1 << 30}))

    long = DescriptionTooLong(place=f"{BODY}.images.0.alt.fr", network="Telegram", needs=14, allows=10)
    file = f"{BODY}.images.0.file"
    assert heavy == (PictureTooHeavy(place=file, network="Telegram", needs=101, allows=100), long)
    assert gone == (PictureGone(place=file, file="a.png"), long)
    assert free == ()


def test_pictures_are_weighed_where_they_lie(tmp_path: Path) -> None:
    """By name in the town's folder, or beside the file."""
    (tmp_path / "a.png").write_bytes(b"12")
    there, gone = Image(path=Path("a.png"), alt=words("a")), Image(path=tmp_path / "b.png", alt=words("b"))

    assert sizes_of(campaign(images=(there, gone)), tmp_path) == {there.path: 2, gone.path: None}


def test_a_channel_that_is_gone_from_the_configuration_is_found() -> None:
    """The others are looked at all the same."""
    plan = announcing(SOON, channels=("square", "hamlet"))

    assert found(plan) == (ChannelUnknown(place="campaign.channels", channel=ChannelName("hamlet")),)


# ── what else goes out ─────────────────────────────────────────────────────────────────────────────────────

LONG = "Le marché du samedi ouvre à huit heures sur la place de la halle."


def _other(at: datetime, *, audience: Audience | None = None, text: str = LONG) -> Neighbour:
    plan = replace(campaign(title=words("Marché"), body=words(text)), id=CampaignId("market"))
    (said,) = said_by(plan, occurrences_of(plan, NOON))
    return replace(said, at=at, audience=audience or plan.audience)


@pytest.mark.parametrize(
    ("other", "double"),
    [
        (_other(NOON + SOON + APART), True),
        (_other(NOON + SOON - APART), True),
        (_other(NOON + SOON + APART + timedelta(seconds=1)), False),
        (_other(NOON, text="Tout autre chose se passe ailleurs."), False),
        (_other(NOON, audience=Audience(channels=(ChannelName("hamlet"),))), False),
        (_other(NOON, audience=Audience(channels=(), subscribers=True)), False),
    ],
    ids=["a day later", "a day before", "more than a day", "something else", "other people", "in private only"],
)
def test_nearly_the_same_for_the_same_people_within_a_day_is_found(other: Neighbour, double: bool) -> None:  # noqa: FBT001  a case
    """From another campaign."""
    plan = campaign(title=words("Marché"), body=words(LONG.replace("huit", "neuf")))

    doubles = [each for each in found(plan, others=[other]) if isinstance(each, NearDuplicate)]

    assert [(each.place, each.campaign, each.step) for each in doubles] == [(BODY, "market", "announce-news")] * double


def test_a_campaign_repeats_itself_only_after_a_day() -> None:
    """Both times are named; subscribers are people, too."""
    twice = announcing(SOON, SOON, channels=(), subscribers=True)

    doubles = [each for each in found(twice) if isinstance(each, NearDuplicate)]

    assert [(each.step, each.at) for each in doubles] == [
        ("announce-news-2", NOON + 2 * SOON),
        ("announce-news", NOON + SOON),
    ]


async def test_what_goes_out_near_is_read_from_the_books() -> None:
    """What was cancelled or lies far away is not; a reminder repeats, and means to."""
    stage = await Stage().started()

    close = await stage.read(lambda books: near(books, NOON + 2 * SOON, NOON + 2 * SOON))
    far = await stage.read(lambda books: near(books, NOON + 4 * APART, NOON + 5 * APART))
    await stage.planner.cancel(stage.campaign.id)
    cancelled = await stage.read(lambda books: near(books, NOON, NOON))

    assert [(each.step, each.at) for each in close] == [
        ("announce-news", NOON + SOON),
        ("open_poll-route", NOON + 2 * SOON),
    ]
    assert (far, cancelled) == ((), ())


# ── what others say ────────────────────────────────────────────────────────────────────────────────────────


class _Pages:
    """A web on which only these links are dead."""

    def __init__(self, *dead: str) -> None:
        self.dead = dead
        self.asked: list[str] = []

    async def look(self, url: str) -> Dead | None:
        """Say what is dead."""
        self.asked.append(url)
        return Dead(Trouble.GONE, "404") if url in self.dead else None


async def asked(plan: Campaign, by: Means, web: Web | None) -> tuple[Concern, ...]:
    """What others say of all its occurrences."""
    due = occurrences_of(plan, NOON)
    return await outside(plan, due, channels=by.channels, doctors=by.platforms, web=web)


class _Examined(ScriptedPlatform):
    """A network that finds this."""

    told: tuple[Finding, ...] = ()

    async def check(self, addresses: Sequence[Address]) -> tuple[Finding, ...]:
        """All well, and what is told."""
        return (*await super().check(addresses), *self.told)


async def test_each_link_is_followed_once() -> None:
    """And a dead one is named where it stands first."""
    web = _Pages("https://a.example/x")
    plan = campaign(title=words("https://b.example"), body=words("https://a.example/x"))

    dead = await asked(plan, means(), web)

    assert dead == (LinkDead(place=f"{BODY}.body.fr", url="https://a.example/x", trouble=Trouble.GONE, detail="404"),)
    assert web.asked == ["https://b.example", "https://a.example/x"]


async def test_without_a_web_no_link_is_followed() -> None:
    """As in the demo, which is this machine alone."""
    plan = campaign(body=words("https://a.example/x"))

    assert await asked(plan, means(), None) == ()


async def test_only_what_stops_an_account_is_said() -> None:
    """Or what keeps it from being looked at. The rest is for parvis doctor."""
    platform = _Examined()
    platform.told = (
        Finding("account", ok=False, detail="no answer"),
        Finding("menu", ok=False, detail="not shown", cure="invite it again"),
        Finding("@square", ok=False, detail="not an administrator", cure="make it one", stops=True),
    )
    plan = campaign()

    concerns = await asked(plan, means(platform), None)

    assert concerns == (
        NotAsked(place="accounts.telegram", account=ACCOUNT, detail="no answer"),
        NotReady(
            place="accounts.telegram", account=ACCOUNT, detail="@square: not an administrator", cure="make it one"
        ),
    )


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Unauthorised("401"), TokenRefused(place="accounts.telegram", account=ACCOUNT, detail="401")),
        (Unavailable("502"), NotAsked(place="accounts.telegram", account=ACCOUNT, detail="502")),
    ],
)
async def test_a_refused_token_is_not_a_network_that_is_away(error: Exception, expected: Concern) -> None:
    """One blocks, the other may be back in time."""
    platform, plan = ScriptedPlatform(), campaign()
    platform.fails("check", error)

    assert await asked(plan, means(platform), None) == (expected,)


async def test_accounts_that_a_campaign_does_not_speak_by_are_not_asked() -> None:
    """Unless it also goes to subscribers, which all accounts may have."""
    stranger = ScriptedPlatform(account=AccountName("market"))
    both = replace(means(), platforms={ACCOUNT: ScriptedPlatform(), stranger.account: stranger})
    plan = campaign()
    private = replace(plan, audience=replace(plan.audience, subscribers=True))

    await asked(plan, both, None)
    before = list(stranger.calls)
    await asked(private, both, None)

    assert (before, stranger.calls) == ([], ["check"])


def test_occurrences_follow_the_clock_of_the_town() -> None:
    """As they will when it starts."""
    at = At(datetime(2027, 3, 2, 18))  # noqa: DTZ001  wall-clock times are naive
    plan = Stage(steps=(replace(then(StepKind.ANNOUNCE), when=at),)).campaign

    assert [each.due_at.isoformat() for each in occurrences_of(plan, NOON)] == ["2027-03-02T17:00:00+00:00"]
