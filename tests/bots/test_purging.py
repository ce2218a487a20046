"""Moderators have many messages taken out at once: what exactly they ask for."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.alert import of_place
from core.case_messages import CaseRefused
from core.identifiers import Address, Locale, MessageId
from core.moderation import read
from core.place_messages import PlaceRefused, PurgeAsked
from core.ports.moderator import Powers
from core.purging import Purge, purges
from core.staff import Act
from tests.bots.moderators import AUTHOR, CHLOE, MODERATOR, NAMED, SECOND, opened_by_another, said_by, told
from tests.bots.town import ALIX, BLAISE, DEBATES, Stage, writes
from tests.fakes import ACCOUNT, NOON

POWERS = Powers(kinds=frozenset(), purges=True, purges_for=timedelta(hours=48))
ALL = Purge(
    number=1,
    place="place",
    chat=DEBATES,
    by=CHLOE,
    at=NOON,
    article="2",
    tell=Address(MODERATOR.account),
    locale=Locale.FR,
)
ASKED = PurgeAsked(place=ALL.place)  # type: ignore[arg-type]  # the name of a channel


def staffed(powers: Powers = POWERS) -> Stage:
    """A town with moderators."""
    return Stage(staff=NAMED, powers=powers)


async def asked(stage: Stage) -> Purge:
    """The only one."""
    (found,) = await stage.look(lambda books: purges(books, ACCOUNT))
    return found


async def test_so_many_of_the_latest() -> None:
    """In private the network may show which these are; whoever is told is told there."""
    stage = staffed()

    done = await told(stage, "/purge 50 2")

    assert (done, await asked(stage)) == (ASKED, replace(ALL, most=50))
    assert stage.woken == 1


async def test_everything_from_a_message_on() -> None:
    """Up to the command itself; the reasons are sealed."""
    stage = staffed()

    await told(stage, "/spurge 2 pas de publicité", answering=said_by())

    found = await asked(stage)
    assert stage.vault.unseal(bytes.fromhex(found.reason)) == "pas de publicité"
    words = read(stage.vault.unseal(bytes.fromhex(found.words)))
    assert (found.answered, words.author, words.text) == ("70", AUTHOR.ref, "Espèce de nigaud")
    bare = replace(found, reason="", words="", answered=None)
    assert bare == replace(ALL, since=MessageId("70"), before=MessageId("90"), silent=True)


async def test_all_of_one_person_that_is_known() -> None:
    """The message answered, their replies, and what was heard within the hour."""
    stage = staffed()
    await stage.hears(writes(ALIX, "Bonjour", message="60"))
    await stage.hears(writes(BLAISE, "Bonjour", message="61"))

    await told(stage, "/purge author 2", answering=said_by(ALIX))

    found = await asked(stage)
    assert (found.author, found.known) == (stage.vault.blind(ALIX.ref).hex(), ("70", "60"))


async def test_all_of_the_author_of_a_case() -> None:
    """Also at a terminal."""
    stage = staffed()
    await stage.hears(writes(ALIX, "Quelle andouille !", message="60"))

    await told(stage, "/purge auteur 1 2 encore")

    found = await asked(stage)
    assert (found.author, found.known, found.since) == (stage.vault.blind(ALIX.ref).hex(), ("60",), None)


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("/purge", PlaceRefused(reason="how_many")),
        ("/purge tout", PlaceRefused(reason="how_many")),
        ("/purge 0 2", PlaceRefused(reason="how_many")),
        ("/purge 501 2", PlaceRefused(reason="how_many")),
        ("/purge 50", CaseRefused(reason="which_article", articles=("1", "2", "3"))),
        ("/purge 50 9", CaseRefused(reason="which_article", articles=("1", "2", "3"))),
        ("/purge author 9 2", CaseRefused(reason="unknown_case")),
        ("/purge author", CaseRefused(reason="unknown_case")),
    ],
)
async def test_what_is_no_order_is_said_with_its_reason(line: str, refused: object) -> None:
    """Nothing is taken out by a slip."""
    stage = staffed()

    assert await told(stage, line) == refused
    assert await stage.look(lambda books: purges(books, ACCOUNT)) == ()


async def test_nobody_of_the_staff_is_purged() -> None:
    """Neither by a message nor by a case."""
    stage = staffed()
    await stage.hears(writes(SECOND, "Quelle andouille !", message="60"))

    by_message = await told(stage, "/purge author 2", answering=said_by(SECOND))
    by_case = await told(stage, "/purge author 1 2")

    assert by_message == by_case == CaseRefused(reason="staff")


async def test_whose_case_nobody_can_read_is_found_by_their_hash_all_the_same() -> None:
    """The town's key may have changed since."""
    stage = staffed()
    await opened_by_another(stage)

    assert await told(stage, "/purge author 1 2") == ASKED


async def test_a_network_where_nothing_can_go_is_not_asked() -> None:
    """Nor a place where nobody debates."""
    nowhere = replace(staffed(), town=replace(Stage().town, channels=()))

    assert await told(staffed(Powers(kinds=frozenset())), "/purge 50 2") == PlaceRefused(reason="network")
    assert await told(nowhere, "/purge 50 2") == PlaceRefused(reason="which_place")


async def test_a_number_of_another_place_names_nothing_here() -> None:
    """Every chat counts its own messages: the one of this number may be anybody's here."""
    stage = staffed()
    elsewhere = replace(said_by(ALIX, message="60"), chat=Address("-100999"))
    await told(stage, "/note 2 vu", answering=elsewhere)

    by_message = await told(stage, "/purge place author 2", answering=elsewhere)
    from_there_on = await told(stage, "/purge place 2", answering=elsewhere)
    by_case = await told(stage, "/purge author 1 2")

    found = await asked(stage)
    assert (by_message, from_there_on, by_case) == (*[PlaceRefused(reason="which_place", places=("place",))] * 2, ASKED)
    assert (found.author, found.known) == (stage.vault.blind(ALIX.ref).hex(), ())


async def test_what_was_ordered_is_written_down_with_who_did() -> None:
    """Also where nobody's words are known, so that no case says it."""
    stage = staffed()

    await told(stage, "/purge 50 2 assez")

    (entry,) = await stage.look(lambda books: books.audit.about(of_place(ACCOUNT, DEBATES)))
    assert (entry.deed.who, entry.deed.act, entry.deed.at, entry.deed.content) == (CHLOE, Act.PURGE, NOON, "2")
