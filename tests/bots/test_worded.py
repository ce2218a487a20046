"""Ballots in plain words, on networks without buttons."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.answers import Say, Toast
from core.audience import Recipient, RecipientKind
from core.delivery import DeliveryState, Urgency, claimed, completed, progressed
from core.events import Handle
from core.identifiers import MessageId, PollId
from core.messages import BallotCounted, BallotRefused, OpenPolls, PollOpened, UnknownCommand
from core.poll import PollKind
from core.ports.store import Books
from core.post import UNSAID, Receipt
from tests.bots.town import ALIX, ARBRES, DEBATES, JOURS, Stage, both, poll, private, public, said, writes
from tests.fakes import ACCOUNT, NOON, Telling

POST, PRIVATE_POST, OTHER = MessageId("900"), MessageId("901"), "902"
HERE = Handle(account=ACCOUNT, private=False, chat=DEBATES, message=MessageId("70"), press="70")


def publish(books: Books) -> None:
    """The poll stands in the debates as 900, and in somebody's private chat as 901."""
    for name, receipt in (
        ("place", Receipt(address=DEBATES, message=POST, call="text")),
        ("marche", Receipt(address=UNSAID, message=PRIVATE_POST, call="text")),
    ):
        books.deliveries.plan(
            occurrence=None,
            message=PollOpened(poll=poll(), zone="Europe/Paris"),
            recipients=[(ACCOUNT, Recipient(RecipientKind.CHANNEL, name))],
            urgency=Urgency.CAMPAIGN,
            due_at=NOON,
            expires_at=NOON + timedelta(hours=9),
        )
        (planned,) = books.deliveries.claimable(ACCOUNT, at=NOON, limit=1)
        sending = claimed(planned, NOON)
        books.deliveries.save(sending, expected=DeliveryState.PLANNED)
        out = completed(progressed(sending, receipt))
        books.deliveries.save(replace(out), expected=DeliveryState.SENDING, claimed_at=NOON)


@pytest.fixture
async def asked(voting: Stage) -> Stage:
    """A poll is open and stands where people answer."""
    await voting.look(publish)
    return voting


def answers(text: str, *, to: str = POST, where: Handle = HERE, edited: bool = False) -> Telling:
    """Somebody answers the poll."""
    return writes(ALIX, text, answers=to, where=where, edited=edited)


@pytest.mark.parametrize(
    "text",
    [
        "2",
        " 2. ",
        "2 !",
        "n° 2",
        "Option 2",
        "je vote 2",
        "Je vote pour la réponse 2.",
        "I vote for option 2",
        "Des cerisiers",
        "des CERISIERS !",
        "Je vote pour « des cerisiers »",
        "\u200b２\u2060",
    ],
)
async def test_a_number_or_the_words_of_an_option_are_a_ballot(asked: Stage, text: str) -> None:
    """However people write it."""
    answer = await asked.hears(answers(text))

    assert said(answer) == BallotCounted(chosen=(both("Des cerisiers"),), first=True, kind=PollKind.SINGLE)
    assert await asked.tally() == (0, 1, 0)


@pytest.mark.parametrize(
    "text",
    [
        "Merci",
        "Il y a 2 arbres devant chez moi",
        "2 ans que nous attendons",
        "Des cerisiers, quelle bonne idée pour les enfants du quartier, et pourquoi pas des pommiers aussi ?",
        "Pourquoi pas",
        "?",
        "🌳",
        "je vote",
        "pas des cerisiers",
        "rue 2",
        "opton numro 2",
        "des cersiers" + "!" * 200,
    ],
)
async def test_everything_else_is_an_opinion(asked: Stage, text: str) -> None:
    """A vote that was not meant would be worse than one that has to be repeated."""
    assert await asked.hears(answers(text)) == ()
    assert await asked.tally() == (0, 0, 0)
    assert [reply.text for reply in await asked.look(lambda books: books.replies.all())] == [text]


async def test_the_ballot_is_acknowledged_to_its_author(asked: Stage) -> None:
    """As a press is: what somebody chose is not repeated in public."""
    (answer,) = await asked.hears(answers("2"))

    assert isinstance(answer, Toast)
    assert answer.handle == HERE


async def test_the_latest_message_replaces_the_ballot(asked: Stage) -> None:
    """One person, one ballot."""
    await asked.hears(answers("2"))
    await asked.hears(answers("3"))

    assert await asked.tally() == (0, 0, 1)


async def test_a_number_that_is_no_option_is_refused_kindly(asked: Stage) -> None:
    """It was meant as a ballot."""
    assert said(await asked.hears(answers("7"))) == BallotRefused(reason="unknown_option")
    assert said(await asked.hears(answers("1 et 2"))) == BallotRefused(reason="too_many_options")


@pytest.mark.parametrize("text", ["opton 2", "répnse 2", "des cersiers", "les cerisiers", "Des cerisier !"])
async def test_a_slip_is_asked_for_again_and_never_guessed(asked: Stage, text: str) -> None:
    """Silence would let somebody believe that they have voted."""
    assert said(await asked.hears(answers(text))) == BallotRefused(reason="unknown_option")
    assert await asked.tally() == (0, 0, 0)


async def test_an_edited_message_changes_nothing(asked: Stage) -> None:
    """Networks do not tell of every edit; a new message counts."""
    await asked.hears(answers("2"))

    await asked.hears(answers("3", edited=True))

    assert await asked.tally() == (0, 1, 0)


async def test_a_number_said_to_somebody_else_is_no_ballot(asked: Stage) -> None:
    """It answers their words, not the poll."""
    assert await asked.hears(writes(ALIX, "2", answers=OTHER, thread=POST, where=HERE)) == ()
    assert await asked.tally() == (0, 0, 0)


async def test_an_answer_to_another_post_is_no_ballot(asked: Stage) -> None:
    """Nor is one to nothing at all, in public."""
    assert await asked.hears(answers("2", to=OTHER)) == ()
    assert await asked.hears(writes(ALIX, "2", where=HERE)) == ()
    assert await asked.tally() == (0, 0, 0)


async def test_where_there_are_buttons_a_number_is_an_opinion(asked: Stage) -> None:
    """People press there."""
    assert await asked.hears(answers("2", where=public(message="70"))) == ()
    assert await asked.tally() == (0, 0, 0)


async def test_in_private_the_poll_that_was_sent_is_answered(asked: Stage) -> None:
    """Also when another is open."""
    await asked.opens(poll(JOURS))

    await asked.hears(answers("2", to=PRIVATE_POST, where=private(ALIX, press="71")))

    assert (await asked.tally(ARBRES), await asked.tally(JOURS)) == ((0, 1, 0), (0, 0, 0))


async def test_a_poll_that_stands_in_public_is_answered_in_private(asked: Stage) -> None:
    """Whoever prefers not to be read by all changes who sees the reply; also when another poll is open."""
    await asked.opens(poll(JOURS))

    await asked.hears(answers("2", where=private(ALIX, press="71")))

    assert (await asked.tally(ARBRES), await asked.tally(JOURS)) == ((0, 1, 0), (0, 0, 0))


async def test_an_answer_that_stands_nowhere_is_no_ballot(asked: Stage) -> None:
    """A handle without a chat cannot say what is answered."""
    nowhere = replace(HERE, chat=None)

    assert await asked.hears(answers("2", where=nowhere)) == ()
    assert await asked.tally() == (0, 0, 0)


async def test_in_private_the_only_open_poll_needs_no_name(asked: Stage) -> None:
    """The shortest ballot there is."""
    await asked.hears(writes(ALIX, "2", where=private(ALIX, press="71")))

    assert await asked.tally() == (0, 1, 0)


async def test_in_private_a_number_among_several_polls_is_answered_with_the_polls(asked: Stage) -> None:
    """Which one was meant is never guessed."""
    await asked.opens(poll(JOURS))

    (answer,) = await asked.hears(writes(ALIX, "2", where=private(ALIX, press="71")))

    assert isinstance(answer, Say)
    assert isinstance(answer.message, OpenPolls)
    assert ([each.id for each in answer.message.polls], answer.message.uncounted) == ([ARBRES, JOURS], True)


async def test_in_private_other_words_are_answered_with_the_way_to_the_help(asked: Stage) -> None:
    """As ever."""
    await asked.opens(poll(JOURS))

    for text in ("Bonjour", "Des cerisiers"):
        assert said(await asked.hears(writes(ALIX, text, where=private(ALIX, press="71")))) == UnknownCommand()


async def test_a_poll_that_is_gone_is_no_longer_voted_in(asked: Stage) -> None:
    """Its post still stands."""
    await asked.closes()

    assert said(await asked.hears(answers("2"))) == BallotRefused(reason="poll_is_closed")


async def test_several_options_are_given_at_once(stage: Stage) -> None:
    """In a poll that allows it."""
    await stage.opens(poll(kind=PollKind.MULTIPLE))
    await stage.look(publish)

    await stage.hears(answers("1 et 3"))
    await stage.hears(writes(ALIX, "Des tilleuls, Des cerisiers", answers=POST, where=HERE))

    assert await stage.tally(PollId(ARBRES)) == (1, 1, 0)
