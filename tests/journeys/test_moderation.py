"""The charter at work: what is removed, what its author and everybody else are told, and how it is given back."""

import pytest

from core.moderation import CaseState
from sandbox.telegram.values import Member, Message
from tests.journeys.people import Citizen, as_read
from tests.journeys.town import Town

pytestmark = pytest.mark.asyncio(loop_scope="module")

INSULT = "Vous êtes des imbéciles, vendez la halle !"


@pytest.fixture
def town(shared_town: Town) -> Town:
    """Nobody here moves the clock."""
    return shared_town


@pytest.fixture
def announcement(town: Town) -> Message:
    """The copy of the announcement on the square."""
    return town.mirror(town.published("130 ans"))


async def test_an_insult_is_removed_and_a_sharp_opinion_is_not(
    town: Town, announcement: Message, anne: Citizen
) -> None:
    """Whole words of the charter only: people may be angry."""
    opinion = await anne.says("C’est une idée débilitante, Madame la maire !", under=announcement)
    insult = await anne.says(INSULT, under=announcement)

    assert opinion in town.square.messages
    assert insult not in town.square.messages
    assert INSULT not in [reply.text for reply in await town.officer.replies()]


async def test_its_author_is_told_why_in_private(town: Town, announcement: Message, anne: Citizen) -> None:
    """Which article, in whose words, for which of theirs, and what they can do; the square is told nothing."""
    await anne.starts()
    known = len(town.posts(town.square))

    await anne.says(INSULT, under=announcement)

    notice, case = anne.reads(), (await town.moderator.cases())[-1]
    assert "l’article 1 de la charte des débats (version 2026-11)" in notice
    assert "Respectez les personnes : débattez des idées, sans insulte." in notice
    assert "Mots en cause : « imbéciles »." in notice
    assert f"/appeal {case.number} vos raisons" in notice
    assert len(town.posts(town.square)) == known


async def test_an_author_reads_why_in_their_language(announcement: Message, ben: Citizen) -> None:
    """Ben wrote in French; his phone speaks English."""
    await ben.starts()

    await ben.says(INSULT, under=announcement)

    assert "It goes against article 1 of the rules of debate (version 2026-11)" in ben.reads()
    assert "Words concerned: “imbéciles”." in ben.reads()


async def test_an_author_whom_the_bot_may_not_write_to_is_told_on_the_square_unnamed(
    town: Town, announcement: Message
) -> None:
    """A bot can never write first. Everybody reads this: neither the author nor the words are in it."""
    stranger = town.citizen("Zénobie")

    await stranger.says(INSULT, under=announcement)

    case = (await town.moderator.cases())[-1]
    notice = as_read(town.published(f"/appeal {case.number} vos raisons", town.square).text)
    assert notice.startswith("Un message a été retiré automatiquement. Il ne respecte pas l’article 1 de la charte")
    assert not {"Zénobie", "imbéciles"} & set(notice.replace(".", " ").split())
    assert stranger.letters == []


async def test_a_message_made_an_insult_afterwards_is_removed_too(
    town: Town, announcement: Message, anne: Citizen
) -> None:
    """Or everybody would write politely first."""
    number = await anne.says("Vendez la halle !", under=announcement)

    await anne.corrects(number, INSULT)

    assert number not in town.square.messages


async def test_an_insult_behind_a_command_is_removed_too(town: Town, anne: Citizen) -> None:
    """It is read by everybody like any other; the command is not obeyed."""
    known = len(town.posts(town.square))

    number = await anne.says("/polls bande d’abrutis")

    assert number not in town.square.messages
    assert not [post for post in town.posts(town.square)[known:] if post.reply_to == number]


async def test_those_who_speak_for_the_town_are_not_judged(town: Town, announcement: Message, anne: Citizen) -> None:
    """An administrator may quote what was said."""
    town.world.promote(town.square.id, anne.id)
    await town.rests()

    number = await anne.says("« Imbéciles » n’a pas sa place ici.", under=announcement)

    assert number in town.square.messages


async def test_a_moderator_reads_the_case_with_what_was_said(town: Town, announcement: Message, anne: Citizen) -> None:
    """Sealed in the database, readable at the town hall until the case is forgotten."""
    await anne.says(INSULT, under=announcement)

    case = (await town.moderator.cases())[-1]

    assert (case.article, case.state) == ("1", CaseState.REMOVED)
    assert await town.moderator.shows(case.number) == (
        f"Case {case.number}: article 1 of charter 2026-11, removed\nFound: «imbéciles» (plain)\n"
        f"The article said: Respect people: debate ideas, without insults.\nAnne: {INSULT}"
    )


async def test_a_restored_message_is_quoted_where_it_stood(town: Town, announcement: Message, anne: Citizen) -> None:
    """With its author's name and an apology; the case says so."""
    await anne.says("L’idiot de Dostoïevski est à la bibliothèque.", under=announcement)
    case = (await town.moderator.cases())[-1]

    await town.moderator.restores(case.number)

    quoted = as_read(town.published(f"(dossier {case.number})", town.square).text)
    assert "Une personne l’a relu : il a sa place dans le débat. Le voici." in quoted
    assert "Anne a écrit :\nL’idiot de Dostoïevski est à la bibliothèque." in quoted
    assert (await town.moderator.cases())[-1].state is CaseState.RESTORED


async def test_a_mute_holds_against_a_hand_and_against_a_way_out_and_in(
    town: Town, announcement: Message, ben: Citizen
) -> None:
    """At once: until the next look they could write."""
    await ben.says(INSULT, under=announcement)
    case = (await town.moderator.cases())[-1]
    await town.moderator.orders("mute", case.number, "2h")
    held = [town.square.member(ben.id).status]

    town.world.set_member(town.square, Member(user=ben.id), by=town.citizen("Une administratrice").id)
    held.append(town.square.member(ben.id).status)
    await town.rests()
    held.append(town.square.member(ben.id).status)
    town.world.leave(ben.id, town.square.id)
    town.world.join(ben.id, town.square.id)
    await town.rests()

    assert [*held, town.square.member(ben.id).status] == ["restricted", "member", "restricted", "restricted"]
