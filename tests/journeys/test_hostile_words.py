"""Whatever a citizen writes passes through or is refused cleanly: it breaks no post, no list and no other answer."""

import pytest

from core.folding import clean
from sandbox.telegram.entities import clean as as_telegram_keeps_it
from sandbox.telegram.values import Message
from tests.journeys.people import Citizen
from tests.journeys.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOSTILE = {
    "html": "<b>gras</b> & <a href='https://exemple.fr'>lien</a> </code></blockquote> &lt;script&gt;",
    "mentions": "@maire @valmont_bot @tout_le_monde #halle /vote@valmont_bot 1",
    "template": "{{ town }} {% for x in y %} {{ 7*7 }} {# note #}",
    "right to left": "oui \u202egnitov fo thgir eht\u202c \u200f\u2067אבג\u2069",
    "emoji": "\U0001f600" * 4096,
    "nul": "avant\x00après\x07\x1b[31m",
    "lone surrogates": "moitié \ud83d de paire \udc00",
    "combining": "z" + "\u0301" * 500,
    "long": "mot " * 1024,
}
WORST = ("html", "emoji", "nul", "lone surrogates")
SOME_CASES = pytest.mark.parametrize("words", [HOSTILE[name] for name in WORST], ids=WORST)
CASES = pytest.mark.parametrize(
    "words",
    [pytest.param(words, id=name, marks=() if name in WORST else pytest.mark.slow) for name, words in HOSTILE.items()],
)


@pytest.fixture
def town(shared_town: Town) -> Town:
    """Nobody here moves the clock."""
    return shared_town


@pytest.fixture
def announcement(town: Town) -> Message:
    """The copy of the announcement on the square."""
    return town.mirror(town.published("130 ans"))


@CASES
async def test_a_reply_is_kept_as_it_can_be_shown(town: Town, announcement: Message, anne: Citizen, words: str) -> None:
    """To the character, but for what no database and no network can hold."""
    await anne.says(words, under=announcement)

    reply = (await town.officer.replies())[-1]
    assert reply.text == clean(as_telegram_keeps_it(words))
    assert (await anne.writes("/mydata")).startswith("Ce que nous gardons sur vous")


@SOME_CASES
async def test_a_private_message_is_answered_like_any_other(anne: Citizen, words: str) -> None:
    """The next one too."""
    assert (await anne.writes(words)).startswith("Je suis un robot et je n’ai pas compris.")
    assert (await anne.writes("/help")).startswith("Valmont-sur-Orge")


@SOME_CASES
async def test_a_typed_vote_is_refused_with_a_sentence(town: Town, anne: Citizen, words: str) -> None:
    """And the ballot that stands is not touched."""
    await anne.presses("Un café", under=town.published("À quoi doit servir"))

    answer = await anne.writes(f"/vote usage {words}")

    assert answer.startswith("Cette réponse n’existe pas. Votre choix n’est pas compté.")
    assert "Un café" in await anne.writes("/myvote")


@CASES
async def test_an_insult_among_them_is_removed_and_can_be_restored(
    town: Town, announcement: Message, anne: Citizen, words: str
) -> None:
    """It is quoted to everybody then: nothing in it becomes markup, and nobody is summoned."""
    number = await anne.says(f"imbécile {words}"[:4096], under=announcement)
    case = (await town.moderator.cases())[-1]
    await town.moderator.restores(case.number)

    quoted = town.published(f"(dossier {case.number})", town.square)
    assert number not in town.square.messages
    assert f"imbécile {clean(as_telegram_keeps_it(words))[:40]}" in quoted.text
    assert {entity["type"] for entity in quoted.entities} <= {"blockquote", "mention", "hashtag", "bot_command", "url"}


async def test_a_name_may_be_hostile_too(town: Town, announcement: Message) -> None:
    """It is shown when a message is restored; Telegram itself drops the mark that would turn the line around."""
    villain = town.citizen("<i>\u202eÉlise</i>\ud800 {{ town }}")
    await villain.says("Quel crétin.", under=announcement)
    case = (await town.moderator.cases())[-1]

    await town.moderator.restores(case.number)

    quoted = town.published(f"(dossier {case.number})", town.square)
    assert "<i>Élise</i>\ufffd {{ town }}" in quoted.text
