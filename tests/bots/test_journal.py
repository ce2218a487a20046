"""The journal of the debates: only where the town keeps one, of whom the charter binds, and theirs to see and erase."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from core.events import Incoming, MessagePosted, Received
from core.identifiers import ChannelName, MessageId
from core.journal import read
from core.messages import Forgotten, Kept, MyData, RulesShown
from core.rules.media import Medium
from core.said import Said
from tests.bots.town import ALIX, BLAISE, DEBATES, TOWN, Stage, types, writes
from tests.fakes import ACCOUNT, NOON


@pytest.fixture
def keeping() -> Stage:
    """A town that keeps a journal of its debates."""
    return Stage(town=replace(TOWN, keeps_journal=True))


async def said(stage: Stage) -> list[Said]:
    """All that is in the journal, opened."""
    entries = await stage.look(lambda books: books.journal.after(0, since=NOON - timedelta(days=9), limit=99))
    return [read(each, stage.vault.unseal(each.sealed)) for each in entries]


def rich(received: Received) -> tuple[Incoming, ...]:
    """A message with all that a rule may ask about."""
    (plain,) = writes(ALIX, "Voici «l’œuvre» 👩‍👩‍👧", message="1")(received)
    assert isinstance(plain, MessagePosted)
    media = frozenset({Medium.PHOTO, Medium.VOICE})
    return (replace(plain, links=("https://exemple.fr",), media=media, forwarded=True, since=NOON - timedelta(days=2)),)


async def test_all_that_the_rules_need_is_kept_and_comes_back(keeping: Stage) -> None:
    """Else a replay would judge another message."""
    await keeping.hears(rich)

    assert await said(keeping) == [
        Said(
            account=ACCOUNT,
            chat=DEBATES,
            message=MessageId("1"),
            author=keeping.vault.blind(ALIX.ref),
            at=keeping.clock.now(),
            network=ALIX.platform,
            text="Voici «l’œuvre» 👩‍👩‍👧",
            places=frozenset({ChannelName("place")}),
            links=("https://exemple.fr",),
            media=frozenset({Medium.PHOTO, Medium.VOICE}),
            forwarded=True,
            since=NOON - timedelta(days=2),
        )
    ]


async def test_what_breaks_the_charter_and_what_is_rewritten_is_kept_too(keeping: Stage) -> None:
    """That is what a replay counts."""
    await keeping.hears(writes(ALIX, "Quelle andouille", message="1"))
    await keeping.hears(writes(BLAISE, "Bonjour", message="2"))
    await keeping.hears(writes(BLAISE, "Bonsoir", message="2", edited=True))

    assert [(each.text, each.edited) for each in await said(keeping)] == [
        ("Quelle andouille", False),
        ("Bonjour", False),
        ("Bonsoir", True),
    ]


@pytest.mark.parametrize("official", [True, None])
async def test_nothing_is_kept_of_those_whom_no_rule_touches(keeping: Stage, *, official: bool | None) -> None:
    """Nor of whom nobody knows whether they are; nor what is said to the bot alone."""
    await keeping.hears(writes(ALIX, "Bonjour", message="1", official=official))
    await keeping.hears(types(ALIX, "/polls"))

    assert await said(keeping) == []


async def test_a_town_that_keeps_no_journal_keeps_nothing(stage: Stage) -> None:
    """As long as it does not say otherwise."""
    await stage.hears(writes(ALIX, "Bonjour", message="1"))

    assert await said(stage) == []


async def test_the_words_cannot_be_read_without_the_key(keeping: Stage) -> None:
    """Whoever finds a copy of the database finds no debate in it."""
    await keeping.hears(writes(ALIX, "Une haie de tilleuls", message="1"))

    (entry,) = await keeping.look(lambda books: books.journal.of(keeping.vault.blind(ALIX.ref)))
    assert b"tilleuls" not in entry.sealed


async def test_people_see_what_the_journal_holds_of_them(keeping: Stage) -> None:
    """The very words; also where a word was sealed with a key that is lost."""
    await keeping.hears(writes(ALIX, "Bonjour", message="1"))
    await keeping.hears(writes(BLAISE, "Bonsoir", message="2"))
    await keeping.look(
        lambda books: books.journal.add(
            account=ACCOUNT,
            chat=DEBATES,
            message=MessageId("9"),
            author=keeping.vault.blind(ALIX.ref),
            sealed=b"altered",
            at=NOON,
        )
    )

    message = await keeping.says(types(ALIX, "/mydata"))

    assert isinstance(message, MyData)
    assert message.kept == (Kept(purpose="journal", entries=2),)
    assert [each["text"] for each in json.loads(message.export)["journal"]] == ["Bonjour", None]


async def test_who_is_forgotten_is_forgotten_by_the_journal(keeping: Stage) -> None:
    """And told so; what others said stays."""
    await keeping.hears(writes(ALIX, "Bonjour", message="1"))
    await keeping.hears(writes(BLAISE, "Bonsoir", message="2"))

    message = await keeping.says(types(ALIX, "/forgetme"))

    assert isinstance(message, Forgotten)
    assert message.erased == (Kept(purpose="journal", entries=1),)
    assert [each.text for each in await said(keeping)] == ["Bonsoir"]


@pytest.mark.parametrize("kept", [True, False])
async def test_the_rules_say_whether_a_journal_is_kept(*, kept: bool) -> None:
    """Before anybody writes a word."""
    message = await Stage(town=replace(TOWN, keeps_journal=kept)).says(types(ALIX, "/rules"))

    assert isinstance(message, RulesShown)
    assert message.keeps_journal is kept
