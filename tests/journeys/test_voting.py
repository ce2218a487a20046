"""A citizen votes, thinks again, and is always told the truth about their ballot."""

import pytest

from sandbox.telegram.values import Message
from tests.journeys.people import Citizen
from tests.journeys.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def town(shared_town: Town) -> Town:
    """Nobody here moves the clock."""
    return shared_town


@pytest.fixture
def halle(town: Town) -> Message:
    """One answer."""
    return town.published("À quoi doit servir")


@pytest.fixture
def fete(town: Town) -> Message:
    """Several answers; counts shown all along."""
    return town.published("Que voulez-vous")


async def test_one_tap_is_a_vote(town: Town, halle: Message, anne: Citizen) -> None:
    """Nothing to install, no account to make, nothing asked, nothing to confirm."""
    before = await town.officer.tally("halle_usage")

    bubble = await anne.presses("Un marché couvert", under=halle)

    after = await town.officer.tally("halle_usage")
    assert bubble.text.startswith("C’est compté : « Un marché couvert toute la semaine ».")
    assert (after.counts[0], after.voters) == (before.counts[0] + 1, before.voters + 1)


async def test_a_vote_is_answered_to_the_voter_alone(town: Town, halle: Message, anne: Citizen) -> None:
    """In a bubble: the channel and the square show nothing, and no private chat is opened for it."""
    known = len(town.posts()), len(town.posts(town.square))

    bubble = await anne.presses("Un café", under=halle)

    assert (bubble.user, bubble.alert, anne.letters) == (anne.id, False, [])
    assert (len(town.posts()), len(town.posts(town.square))) == known


async def test_the_first_vote_only_is_answered_with_the_privacy_notice(halle: Message, anne: Citizen) -> None:
    """One line, when it matters; after that it would be noise."""
    first = await anne.presses("Un marché couvert", under=halle)
    second = await anne.presses("Un café", under=halle)

    notice = "Telegram voit votre choix. La mairie le garde sous un pseudonyme, sans votre nom."
    assert first.text.splitlines()[1:] == [notice]
    assert "Telegram" not in second.text


async def test_a_bubble_speaks_the_language_of_the_phone(halle: Message, ben: Citizen) -> None:
    """The channel is in French; who reads English is answered in English without asking for it."""
    bubble = await ben.presses("Un café", under=halle)

    assert bubble.text.startswith("Counted: “A café and shared workshops”. You can still change your mind.")


async def test_the_last_press_counts(town: Town, halle: Message, anne: Citizen) -> None:
    """One citizen, one ballot."""
    before = await town.officer.tally("halle_usage")

    for choice in ("Un marché", "Un café", "Un café", "Des salles"):
        await anne.presses(choice, under=halle)

    first, second, third, fourth = before.counts
    assert (await town.officer.tally("halle_usage")).counts == (first, second + 1, third, fourth)


async def test_the_post_follows_the_number_of_participants_and_hides_the_rest(
    town: Town, halle: Message, anne: Citizen
) -> None:
    """Everybody sees that votes arrive, and nobody what others chose before the end."""
    await anne.presses("Un marché", under=halle)
    await town.looks()

    voters = (await town.officer.tally("halle_usage")).voters
    assert f"{voters} participant" in town.shown(halle)
    assert "%" not in town.shown(halle)


async def test_a_poll_that_shows_its_counts_shows_them_all_along(town: Town, fete: Message, anne: Citizen) -> None:
    """Its file says so."""
    await anne.presses("Des jeux", under=fete)
    await town.looks()

    count = (await town.officer.tally("fete_envies")).counts[2]
    assert f"({count} voix)" in next(line for line in town.shown(fete).splitlines() if line.startswith("Des jeux : "))


async def test_each_press_adds_an_answer_or_takes_it_away(fete: Message, anne: Citizen) -> None:
    """A poll with several answers is a list to tick."""
    await anne.presses("Un bal", under=fete)
    both = await anne.presses("Des jeux", under=fete)
    one = await anne.presses("Un bal", under=fete)
    none = await anne.presses("Des jeux", under=fete)

    assert both.text == "C’est compté, 2 réponses : « Un bal ; Des jeux ». Vous pouvez encore changer d’avis."
    assert one.text == "C’est compté, 1 réponse : « Des jeux ». Vous pouvez encore changer d’avis."
    assert none.text.startswith("Votre vote est retiré. Il ne compte plus.")


async def test_myvote_shows_what_stands_and_how_to_change_it(halle: Message, anne: Citizen) -> None:
    """By a typed command, in private."""
    await anne.presses("Un café", under=halle)

    answer = await anne.writes("/myvote")

    assert "À quoi doit servir l’ancienne halle" in answer
    assert "Votre réponse : Un café et des ateliers partagés" in answer
    assert "envoyez /vote halle_usage et le numéro de la réponse, avant le jeudi 4 mars à 18 h" in answer


async def test_withdraw_takes_the_ballot_back(town: Town, halle: Message, anne: Citizen) -> None:
    """It no longer counts, and can be given again."""
    before = await town.officer.tally("halle_usage")
    await anne.presses("Un café", under=halle)

    answer = await anne.writes("/withdraw")

    assert answer.startswith("Votre vote est retiré. Il ne compte plus.")
    assert await town.officer.tally("halle_usage") == before
    assert "Pour voter de nouveau, envoyez /vote halle_usage" in await anne.writes("/monvote")


@pytest.mark.parametrize(
    "typed",
    [
        "/vote halle_usage 3",
        "/vote usage 3",
        "/VOTE@valmont_bot usage 3",
        "/voter usage un cafe et des ateliers partages",
    ],
)
async def test_a_vote_can_be_typed(town: Town, halle: Message, anne: Citizen, typed: str) -> None:
    """Not everybody can press a small button: both ways say and do the same."""
    pressed = await anne.presses("Un café", under=halle)
    before = await town.officer.tally("halle_usage")

    answer = await town.citizen("Chloé").writes(typed)

    assert answer == pressed.text
    assert (await town.officer.tally("halle_usage")).counts[2] == before.counts[2] + 1


async def test_a_number_alone_votes_in_neither_of_two_polls(anne: Citizen) -> None:
    """The citizen sees both, and how to name them."""
    answer = await anne.writes("/vote 3")

    assert "Pour la réponse 2, envoyez au robot, en privé : /vote halle_usage 2" in answer
    assert "Pour les réponses 1 et 2, envoyez au robot, en privé : /vote fete_envies 1 2" in answer
    assert "aucun vote" in await anne.writes("/myvote")


async def test_several_answers_can_be_typed_at_once(fete: Message, anne: Citizen) -> None:
    """The typed list is the whole answer."""
    await anne.presses("Un pique-nique", under=fete)

    answer = await anne.writes("/vote envies 1 3")

    assert answer.startswith("C’est compté, 2 réponses : « Un bal ; Des jeux ».")


async def test_a_command_typed_on_the_square_is_answered_there_with_a_way_into_private(
    town: Town, halle: Message, anne: Citizen
) -> None:
    """What somebody voted is nobody else's business; the link opens the private chat and asks the same there."""
    await anne.presses("Des salles", under=halle)
    asked = await anne.says("/myvote")

    (offer,) = (post for post in town.posts(town.square) if post.reply_to == asked)
    answer = await anne.follows(offer)

    assert town.shown(offer).startswith("Cette réponse est personnelle.")
    assert "Votre réponse : Des salles pour les associations" in answer


async def test_a_link_leads_to_the_ballot_it_names_and_leaves_the_choice_to_its_buttons(
    town: Town, anne: Citizen
) -> None:
    """Telegram case 33, end to end: a link may have been copied from anywhere, so that following it never votes."""
    asked = await anne.says("/vote halle_usage 3")
    (offer,) = (post for post in town.posts(town.square) if post.reply_to == asked)

    answer = await anne.follows(offer)
    bubble = await anne.presses("Un lieu de sport", under=anne.letters[-1])

    assert answer.startswith("À quoi doit servir l’ancienne halle")
    assert "fête" not in answer
    assert "Telegram voit votre choix." in bubble.text  # the first vote: the link gave none
