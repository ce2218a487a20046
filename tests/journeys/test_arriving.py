"""A citizen meets the bot in private: what it is, in which language, what it keeps, and how it forgets."""

import json
from typing import Any

import pytest

from tests.journeys.people import Citizen
from tests.journeys.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def town(shared_town: Town) -> Town:
    """Nobody here moves the clock."""
    return shared_town


def exported(answer: str) -> dict[str, Any]:
    """What an answer to /mydata holds for a computer."""
    held: dict[str, Any] = json.loads(answer[answer.index("{") : answer.rindex("}") + 1])
    return held


async def test_the_first_words_say_what_the_bot_does_and_what_it_keeps(anne: Citizen) -> None:
    """And how to have it otherwise."""
    welcome = await anne.starts()

    assert welcome.startswith("Valmont-sur-Orge\n\nBonjour. Je suis le robot de la mairie.")
    assert "Telegram voit ce que vous envoyez. La mairie garde vos votes sous un pseudonyme" in welcome
    for command in ("/polls", "/subscribe", "/language en", "/help", "/mydata", "/forgetme"):
        assert command in welcome


async def test_a_link_of_somebody_else_says_welcome_and_nothing_more(anne: Citizen) -> None:
    """Anybody can write such a link: only those the bot wrote are obeyed."""
    assert await anne.starts("votehalle_usageZ3") == await anne.starts()


async def test_looking_around_leaves_no_trace(anne: Citizen) -> None:
    """Nobody is remembered before they choose or ask something."""
    for command in ("/start", "/help", "/polls", "/rules", "/language", "bonjour"):
        await anne.writes(command)

    assert "Ce que nous gardons sur vous\n\nRien.\n" in await anne.writes("/mydata")


async def test_a_language_is_chosen_by_a_button_and_stays(anne: Citizen) -> None:
    """Her phone says French, and she wants to practise her English; then she has had enough."""
    await anne.starts()
    welcome = anne.letters[-1]

    english = await anne.presses("English", under=welcome)
    then = await anne.writes("/rules")
    french = await anne.presses("Français", under=welcome)

    assert english.text == "Done. The bot now writes to you in English."
    assert then.startswith("Rules of debate")
    assert french.text == "C’est noté. Le robot vous écrit maintenant en français."
    assert (await anne.writes("/charte")).startswith("Charte des débats")


@pytest.mark.parametrize(
    ("label", "typed"),
    [
        ("English", "/language en"),
        ("Français", "/langue francais"),
        ("Recevoir les nouvelles ici", "/subscribe"),
    ],
)
async def test_each_button_of_the_welcome_has_its_typed_equal(town: Town, label: str, typed: str) -> None:
    """Who cannot press can type, and is told the same."""
    presser, typist = town.citizen("Dora"), town.citizen("Émile")
    await presser.starts()

    bubble = await presser.presses(label, under=presser.letters[-1])

    assert await typist.writes(typed) == bubble.text


async def test_the_news_are_asked_for_and_stopped_by_buttons(anne: Citizen) -> None:
    """The welcome offers what is not so yet."""
    await anne.starts()
    asked = await anne.presses("Recevoir les nouvelles ici", under=anne.letters[-1])
    again = await anne.starts()
    stopped = await anne.presses("Ne plus recevoir les nouvelles", under=anne.letters[-1])

    assert asked.text == "C’est noté. Vous recevrez ici les nouvelles de la mairie. Pour arrêter : /stop"
    assert "Vous recevez ici les nouvelles de la mairie. Pour arrêter : /stop" in again
    assert stopped.text.startswith("C’est noté. Vous ne recevrez plus les nouvelles ici.")


@pytest.mark.parametrize("said", ["À quelle heure ouvre la piscine ?", "/piscine", "😀"])
async def test_words_that_mean_nothing_are_answered_with_where_to_find_help(anne: Citizen, said: str) -> None:
    """And with the warning that nobody at the town hall reads them."""
    answer = await anne.writes(said)

    assert answer.startswith("Je suis un robot et je n’ai pas compris. Personne à la mairie ne lit")
    assert "/help" in answer


async def test_mydata_shows_all_that_is_kept_readably_and_as_json(town: Town, anne: Citizen) -> None:
    """The right of access, in one message."""
    await anne.writes("/abonner")
    await anne.presses("Un café", under=town.published("À quoi doit servir"))
    await anne.says("Et le parking ?", under=town.mirror(town.published("130 ans")))

    answer = await anne.writes("/mydata")

    kept = exported(answer)
    assert "Votre compte, votre langue et votre abonnement." in answer
    assert kept["ballots"] == [{"poll": "halle_usage", "options": ["Un café et des ateliers partagés"]}]
    assert (kept["subscription"]["language"], kept["replies"][0]["text"]) == ("fr", "Et le parking ?")


async def test_mydata_shows_nothing_of_anybody_else(town: Town, anne: Citizen, ben: Citizen) -> None:
    """Nor does any answer to Ben hold what Anne did."""
    await anne.presses("Un café", under=town.published("À quoi doit servir"))
    await anne.says("Je suis contre.", under=town.mirror(town.published("130 ans")))

    assert "What we keep about you\n\nNothing.\n" in await ben.writes("/mydata")


async def test_forgetme_erases_and_withdraws_the_ballots_of_open_polls(town: Town, anne: Citizen) -> None:
    """The right of erasure: what can go is gone at once."""
    before = await town.officer.tally("halle_usage")
    await anne.writes("/abonner")
    await anne.presses("Un café", under=town.published("À quoi doit servir"))
    await anne.says("Et le parking ?", under=town.mirror(town.published("130 ans")))

    answer = await anne.writes("/forgetme")

    for gone in ("abonnement.", "Vos votes dans les consultations en cours : 1.", "et vos avis : 1."):
        assert gone in answer.partition("Ce qui reste")[0]
    assert await town.officer.tally("halle_usage") == before


async def test_forgetme_leaves_nothing_to_show(town: Town, anne: Citizen) -> None:
    """What it says is so. The withdrawals that every open poll keeps say nothing of anybody."""
    await anne.writes("/abonner")
    await anne.says("Et le parking ?", under=town.mirror(town.published("130 ans")))

    await anne.writes("/forgetme")

    kept = exported(await anne.writes("/mydata"))
    lists = ("ballots", "replies", "cases", "case_words", "reports", "sanctions", "journal")
    assert {kept.pop(each) == [] for each in lists} == {True}
    counts = dict.fromkeys(("linked_accounts", "joined", "arrivals", "join_requests", "private_deliveries"), 0)
    assert kept == {"subscription": None, **counts}


async def test_who_is_forgotten_may_vote_again(town: Town, anne: Citizen) -> None:
    """To be forgotten is no punishment; a new ballot begins with the notice of a first one."""
    halle = town.published("À quoi doit servir")
    await anne.presses("Un café", under=halle)
    await anne.writes("/oubliezmoi")

    bubble = await anne.presses("Des salles", under=halle)

    assert bubble.text.startswith("C’est compté : « Des salles pour les associations ».")
    assert "Telegram voit votre choix." in bubble.text
