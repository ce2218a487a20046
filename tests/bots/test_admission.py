"""Somebody asks to join: they read the rules and come in, or wait for the staff, and are told so once."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from core.admission import JoinRequest, Requests, RequestState
from core.alert import Alert, AlertKind, Matter, of_channel
from core.answers import Answer, Say, Toast
from core.arrivals import Waves
from core.citizen import Person
from core.events import ButtonPressed, Choice, Command, CommandGiven, Handle, Incoming, JoinRequested, Received
from core.identifiers import Address, ChannelName, PollId
from core.join_messages import JoinAdmitted, JoinAsked, JoinHeld, JoinUnknown
from core.messages import UnknownCommand
from core.moderation import Enforcement
from core.place_messages import PlaceRefused, RequestsDecided
from core.ports.moderator import NO_POWERS
from core.ports.store import Books
from core.sanction import Measure, Order, SanctionKind, Subject
from core.sanctioning import impose, opened
from core.staff import Act
from tests.bots.moderators import CHLOE, NAMED, orders, told
from tests.bots.test_arrivals import arrives, wave
from tests.bots.town import ALIX, BLAISE, DEBATES, TOWN, WENDY, Stage, both
from tests.fakes import ACCOUNT, Telling

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
ADMITS = replace(NO_POWERS, admits=True)
BY_RULES = Waves(requests=Requests.RULES)
DOOR = Handle(account=ACCOUNT, private=True, chat=Address("711"))
ASKED = JoinAsked(town=TOWN.name, articles=(("1", both("Article 1.")), ("2", both("Article 2."))))
WAITS = JoinHeld(town=TOWN.name)


def minding(waves: Waves = BY_RULES) -> Stage:
    """A town that answers requests."""
    return Stage(town=replace(TOWN, charter=replace(TOWN.charter, waves=waves)), staff=NAMED, powers=ADMITS)


def asks(person: Person, place: Address = DEBATES, at: datetime | None = None) -> Telling:
    """Somebody asks to join, now or then."""

    def telling(received: Received) -> tuple[Incoming, ...]:
        asked_at = received.at if at is None else at
        handle = replace(DOOR, chat=Address(person.account))
        return (JoinRequested(received=received, person=person, chat=place, handle=handle, asked_at=asked_at),)

    return telling


def says(person: Person, command: str = "enter", *, private: bool = True, followed: bool = False) -> Telling:
    """Somebody types that they have read the rules."""
    handle = Handle(account=ACCOUNT, private=private, chat=Address(person.account if private else DEBATES))

    def telling(received: Received) -> tuple[Incoming, ...]:
        given = Command(command)
        return (CommandGiven(received=received, person=person, command=given, handle=handle, followed=followed),)

    return telling


def presses(person: Person, action: Command | Choice = Command("enter")) -> Telling:  # noqa: B008  frozen
    """Somebody presses the button under the rules."""
    handle = Handle(account=ACCOUNT, private=True, chat=Address(person.account), press="1")

    def telling(received: Received) -> tuple[Incoming, ...]:
        return (ButtonPressed(received=received, person=person, action=action, handle=handle),)

    return telling


def messages(answers: tuple[Answer, ...]) -> list[object]:
    """What is said."""
    return [each.message for each in answers if isinstance(each, Say | Toast)]


def _opened(matter: Matter, at: datetime, books: Books) -> Alert:
    return books.alerts.open(matter, at=at)


def _imposed(stage: Stage, order: Order, books: Books) -> None:
    impose(books, order, at=stage.clock.now(), by=CHLOE, staff=NAMED, vault=stage.vault)


async def kept(stage: Stage) -> list[tuple[RequestState, str]]:
    """What is known of requests."""
    found: tuple[JoinRequest, ...] = await stage.look(lambda books: books.requests.all())
    return [(each.state, opened(stage.vault, each.sealed).person) for each in found]


async def test_who_asks_reads_the_rules_and_comes_in_by_a_press() -> None:
    """In private, in their language; the lane is woken."""
    stage = minding()

    first = await stage.hears(asks(ALIX))
    then = await stage.hears(presses(ALIX))
    again = await stage.hears(presses(ALIX))

    assert first == (Say(handle=DOOR, message=ASKED, locale=ALIX.locale),)
    assert (messages(then), messages(again)) == ([JoinAdmitted()], [JoinAdmitted()])
    assert isinstance(then[0], Toast)
    assert await kept(stage) == [(RequestState.ADMITTED, ALIX.ref)]
    assert stage.woken == 2


@pytest.mark.parametrize("word", ["enter", "Entrer"])
async def test_typing_does_what_the_button_does(word: str) -> None:
    """In both languages."""
    stage = minding()
    await stage.hears(asks(WENDY))

    said = await stage.hears(says(WENDY, word))

    assert (messages(said), isinstance(said[0], Say)) == ([JoinAdmitted()], True)


async def test_a_request_that_is_told_again_is_answered_once() -> None:
    """And what was decided meanwhile stands; who asks anew later is answered anew."""
    stage = minding()
    at = stage.clock.now()
    await stage.hears(asks(ALIX, at=at))
    await stage.hears(says(ALIX))

    replayed = await stage.hears(asks(ALIX, at=at))
    standing = await kept(stage)
    stage.clock.advance(MINUTE)
    anew = await stage.hears(asks(ALIX))

    assert (replayed, standing) == ((), [(RequestState.ADMITTED, ALIX.ref)])
    assert (messages(anew), await kept(stage)) == ([ASKED], [(RequestState.ASKED, ALIX.ref)])


@pytest.mark.parametrize(
    ("waves", "place"),
    [(Waves(), DEBATES), (BY_RULES, Address("-100999"))],
    ids=["the charter says nothing", "another group"],
)
async def test_what_is_not_ours_to_answer_is_left_alone(waves: Waves, place: Address) -> None:
    """Nothing is kept of it either."""
    stage = minding(waves)

    assert (await stage.hears(asks(ALIX, place)), await kept(stage)) == ((), [])


async def test_the_staff_answers_where_the_charter_says_so() -> None:
    """Who asks is told that they wait, also when they say that they have read the rules."""
    stage = minding(Waves(requests=Requests.STAFF))

    first, then = await stage.hears(asks(ALIX)), await stage.hears(says(ALIX))

    assert (messages(first), messages(then)) == ([WAITS], [WAITS])
    assert (await kept(stage), stage.woken) == ([(RequestState.HELD, ALIX.ref)], 0)


async def test_a_request_that_comes_too_late_waits_for_the_staff() -> None:
    """Nobody can be written to any more."""
    stage = minding()

    said = await stage.hears(asks(ALIX, at=stage.clock.now() - 5 * MINUTE - timedelta(seconds=1)))

    assert (said, await kept(stage)) == ((), [(RequestState.HELD, ALIX.ref)])


async def test_requests_wait_while_a_wave_lasts() -> None:
    """Those that come in it, and those whose rules are read in it; afterwards all is as before."""
    stage = minding(replace(BY_RULES, enforcement=Enforcement.ENFORCE, most=2, lasts=60 * MINUTE))
    await stage.hears(asks(ALIX))
    await wave(stage, 3)

    read = await stage.hears(says(ALIX))
    during = await stage.hears(asks(BLAISE))
    stage.clock.advance(60 * MINUTE)
    after = await stage.hears(asks(WENDY))

    assert [messages(each) for each in (read, during, after)] == [[WAITS], [WAITS], [ASKED]]


async def test_requests_do_not_wait_for_what_is_only_observed_or_over() -> None:
    """A wave elsewhere, one that the charter only looks at, one that ended, and one without an end."""
    stage = minding(replace(BY_RULES, enforcement=Enforcement.OBSERVE, most=2))
    await wave(stage, 3)

    assert messages(await stage.hears(asks(ALIX))) == [ASKED]

    waves = replace(BY_RULES, enforcement=Enforcement.ENFORCE)
    stage = minding(waves)
    at = stage.clock.now()
    elsewhere = Matter(kind=AlertKind.WAVE, about="place:else/-1", until=at + DAY)
    here = Matter(kind=AlertKind.WAVE, about=f"place:{ACCOUNT}/{DEBATES}")
    await stage.look(lambda books: books.alerts.open(elsewhere, at=at))
    alert: Alert = await stage.look(lambda books: books.alerts.open(here, at=at))
    endless = await stage.hears(asks(ALIX))
    await stage.look(lambda books: books.alerts.save(replace(alert, over_at=at)))

    assert [messages(endless), messages(await stage.hears(asks(BLAISE)))] == [[WAITS], [ASKED]]


async def test_who_stands_banned_waits_for_the_staff() -> None:
    """Whoever was muted reads the rules like everybody."""
    stage = minding()
    for kind, person in ((SanctionKind.BAN, ALIX), (SanctionKind.MUTE, BLAISE)):
        order = Order(
            measure=Measure(kind=kind, lasts=DAY),
            account=ACCOUNT,
            chat=DEBATES,
            subject=Subject(person=person.ref, number=""),
        )
        await stage.look(partial(_imposed, stage, order))

    banned, muted = await stage.hears(asks(ALIX)), await stage.hears(asks(BLAISE))

    assert (messages(banned), messages(muted)) == ([WAITS], [ASKED])


async def test_a_ban_that_is_over_holds_nobody() -> None:
    """Also when the network was not told of its end yet."""
    stage = minding()
    order = Order(
        measure=Measure(kind=SanctionKind.BAN, lasts=DAY),
        account=ACCOUNT,
        chat=DEBATES,
        subject=Subject(person=ALIX.ref, number=""),
    )
    await stage.look(partial(_imposed, stage, order))
    stage.clock.advance(DAY)

    assert messages(await stage.hears(asks(ALIX))) == [ASKED]


async def test_a_channel_that_is_gone_lets_nobody_in_by_itself() -> None:
    """Its requests are read as before."""
    stage = minding()
    await stage.hears(asks(ALIX))
    stage.town = replace(stage.town, channels=())

    assert messages(await stage.hears(says(ALIX))) == [JoinAdmitted()]


async def test_whoever_is_in_asks_no_more() -> None:
    """Also when the group's own administrators let them in; those of others stay."""
    stage = minding()
    await stage.hears(asks(ALIX))
    await stage.hears(asks(BLAISE))

    await stage.hears(arrives(ALIX))
    await stage.hears(arrives(BLAISE, None))

    assert await kept(stage) == [(RequestState.ASKED, BLAISE.ref)]


async def test_who_did_not_ask_is_told_so() -> None:
    """Nor is anybody let in who asked more than a day ago, or was turned down."""
    stage = minding(Waves(requests=Requests.STAFF))

    assert messages(await stage.hears(says(ALIX))) == [JoinUnknown()]

    await stage.hears(asks(ALIX))
    await told(stage, "/decline place")
    declined = await stage.hears(says(ALIX))
    await stage.hears(asks(BLAISE))
    stage.clock.advance(DAY)

    assert (messages(declined), messages(await stage.hears(says(BLAISE)))) == ([JoinUnknown()], [JoinUnknown()])


async def test_the_command_is_unknown_where_nobody_asks_to_join() -> None:
    """On other networks, and by a link that anybody may have copied."""
    stage = minding()
    followed = await stage.hears(says(ALIX, followed=True))
    public = await stage.hears(says(ALIX, private=False))
    choice = await stage.hears(presses(ALIX, Choice(PollId("none"), 0)))
    stage.powers = NO_POWERS

    assert messages(followed) == messages(await stage.hears(says(ALIX))) == [UnknownCommand()]
    assert JoinUnknown() not in (*messages(public), *messages(choice))


@pytest.mark.parametrize(
    ("line", "state"),
    [("/admit place", RequestState.ADMITTED), ("/decliner place", RequestState.DECLINED), ("/admit", None)],
)
async def test_a_moderator_decides_all_that_wait_at_a_place(line: str, state: RequestState | None) -> None:
    """Once; the alert is over, and the log says who. The only place need not be named."""
    stage = minding(Waves(requests=Requests.STAFF))
    await stage.hears(asks(ALIX))
    await stage.hears(asks(BLAISE))
    about, at = of_channel(TOWN.channels[0].name), stage.clock.now()
    for kind in (AlertKind.UNANSWERED, AlertKind.REQUESTS):
        matter = Matter(kind=kind, about=about)
        await stage.look(partial(_opened, matter, at))

    said, again = await told(stage, line), await told(stage, line)

    wanted = state or RequestState.ADMITTED
    admitted = wanted is RequestState.ADMITTED
    assert said == RequestsDecided(place=TOWN.channels[0].name, admitted=admitted, number=2)
    assert again == PlaceRefused(reason="no_requests")
    assert set(await kept(stage)) == {(wanted, ALIX.ref), (wanted, BLAISE.ref)}
    deeds = await stage.look(lambda books: [each.deed for each in books.audit.about(about)])
    assert [(each.who, each.act, each.content) for each in deeds] == [
        (CHLOE, Act.ADMIT if admitted else Act.DECLINE, "2")
    ]
    over = await stage.look(lambda books: {each.matter.kind: each.over_at for each in books.alerts.standing()})
    assert over == {AlertKind.UNANSWERED: None, AlertKind.REQUESTS: at}
    assert stage.woken == 1


async def test_only_what_waits_at_that_place_is_decided() -> None:
    """Not what its maker still reads the rules of, nor what is left to the administrators."""
    stage = minding(Waves(requests=Requests.STAFF))
    await stage.hears(asks(ALIX))
    stage.clock.advance(DAY)
    stage.town = minding().town
    await stage.hears(asks(BLAISE))

    assert await told(stage, "/admit place") == PlaceRefused(reason="no_requests")


async def test_a_place_that_cannot_be_known_is_asked_for() -> None:
    """With those that can be named."""
    stage = minding()
    stage.town = replace(
        stage.town,
        channels=(
            *TOWN.channels,
            replace(TOWN.channels[0], name=ChannelName("marche"), discussion=Address("-100301")),
            replace(TOWN.channels[0], name=ChannelName("nouvelles"), discussion=None),
        ),
    )

    assert await told(stage, "/admit") == PlaceRefused(reason="which_place", places=("place", "marche"))


async def test_a_citizen_lets_nobody_in() -> None:
    """To them there is no such command."""
    stage = minding(Waves(requests=Requests.STAFF))
    await stage.hears(asks(ALIX))

    assert messages(await stage.hears(orders("/admit place", person=ALIX))) == [UnknownCommand()]
    assert await kept(stage) == [(RequestState.HELD, ALIX.ref)]
