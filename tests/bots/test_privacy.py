"""Seeing and erasing what is held about oneself."""

import json
from dataclasses import replace

import pytest

from core.errors import StorageError
from core.identifiers import Address, MessageId
from core.messages import Forgotten, Kept, MyData
from core.moderation import CaseState
from core.ports.store import Books
from tests.bots.town import (
    ALIX,
    ARBRES,
    BLAISE,
    DEBATES,
    JOURS,
    Stage,
    poll,
    presses,
    types,
    writes,
)
from tests.fakes import ACCOUNT, NOON


@pytest.fixture
async def known(stage: Stage) -> Stage:
    """Alix has done everything one can do."""
    await stage.opens(poll(), poll(JOURS))
    await stage.hears(types(ALIX, "/subscribe"))
    for name in (ARBRES, JOURS):
        await stage.hears(presses(ALIX, 1, name))
    await stage.closes(JOURS)
    await stage.look(lambda books: replies(stage, books))
    await stage.hears(writes(ALIX, "Quelle andouille"))
    return stage


def replies(stage: Stage, books: Books) -> None:
    """A reply of Alix is stored."""
    books.replies.add(
        about=None,
        account=ACCOUNT,
        chat=DEBATES,
        message=MessageId("8"),
        author=stage.vault.blind(ALIX.ref),
        text="Merci !",
        at=NOON,
    )


async def export(stage: Stage) -> dict[str, object]:
    """What Alix is given as JSON."""
    message = await stage.says(types(ALIX, "/mydata"))
    assert isinstance(message, MyData)
    return dict(json.loads(message.export))


async def test_everything_held_is_counted(known: Stage) -> None:
    """One line per kind, as the map of holdings names them."""
    message = await known.says(types(ALIX, "/mesdonnées"))

    assert isinstance(message, MyData)
    assert {line.purpose: line.entries for line in message.kept} == {
        "subscription": 1,
        "open_ballots": 2,
        "replies": 1,
        "cases": 1,
    }


async def test_the_export_holds_the_very_words(known: Stage) -> None:
    """Counting is not showing."""
    exported = await export(known)

    assert exported["subscription"] == {"language": "fr", "subscribed": True, "since": "2027-03-01T12:00:00+00:00"}
    assert exported["ballots"] == [
        {"poll": ARBRES, "options": ["Des cerisiers"]},
        {"poll": JOURS, "options": ["Des cerisiers"]},
    ]
    assert exported["replies"] == [{"at": "2027-03-01T12:00:00+00:00", "text": "Merci !"}]


async def test_the_export_holds_the_evidence_of_ones_cases(known: Stage) -> None:
    """It is about the person asking, and what an appeal needs."""
    (case,) = json.loads(json.dumps((await export(known))["cases"]))

    assert (case["article"], case["evidence"]["text"]) == ("2", "Quelle andouille")


async def test_evidence_nobody_can_open_is_left_out(stage: Stage) -> None:
    """A lost key must not cost a citizen the rest of the export."""
    await stage.look(
        lambda books: books.cases.open(
            article="2",
            charter="2027-1",
            account=ACCOUNT,
            chat=DEBATES,
            message=MessageId("9"),
            author=stage.vault.blind(ALIX.ref),
            sealed=b"altered",
            state=CaseState.REMOVED,
            at=NOON,
        )
    )

    (case,) = json.loads(json.dumps((await export(stage))["cases"]))

    assert case["evidence"] is None


async def test_a_stranger_has_no_data(known: Stage) -> None:
    """Nothing of Alix is shown to Blaise."""
    message = await known.says(types(BLAISE, "/mydata"))

    assert isinstance(message, MyData)
    assert (message.kept, json.loads(message.export)["subscription"]) == ((), None)


async def test_forgetting_says_what_is_erased_and_what_stays(known: Stage) -> None:
    """A closed count is frozen, a case must be answered for."""
    message = await known.says(types(ALIX, "/oubliemoi"))

    assert message == Forgotten(
        erased=(
            Kept(purpose="subscription", entries=1),
            Kept(purpose="open_ballots", entries=1),
            Kept(purpose="replies", entries=1),
        ),
        stays=(
            Kept(purpose="open_ballots", entries=1),
            Kept(purpose="closed_ballots", entries=0),
            Kept(purpose="cases", entries=1),
        ),
    )


async def test_forgetting_takes_the_votes_of_open_polls_back(known: Stage) -> None:
    """In the same go; the citizen need not think of it."""
    await known.hears(types(ALIX, "/forgetme"))

    assert (await known.tally(ARBRES), await known.tally(JOURS)) == ((0, 0, 0), (0, 1, 0))


async def test_after_forgetting_only_what_stays_is_held(known: Stage) -> None:
    """The citizen checks."""
    await known.hears(types(ALIX, "/forgetme"))

    exported = await export(known)

    assert (exported["subscription"], exported["replies"]) == (None, [])


async def test_after_forgetting_no_withdrawn_ballot_is_shown(voting: Stage) -> None:
    """Withdrawals go to every open poll: they would look like votes in polls that the citizen never answered."""
    await voting.hears(types(ALIX, "/forgetme"))

    message = await voting.says(types(ALIX, "/mydata"))

    assert isinstance(message, MyData)
    assert (message.kept, json.loads(message.export)["ballots"]) == ((), [])


async def test_an_older_press_still_on_its_way_brings_no_vote_back(voting: Stage) -> None:
    """Votes and commands are dealt with side by side."""
    pressed = presses(ALIX, 1)(await voting.receives())
    await voting.hears(types(ALIX, "/forgetme"))

    await voting.hears(lambda _received: pressed)

    assert await voting.tally() == (0, 0, 0)


async def test_a_vote_after_forgetting_counts(voting: Stage) -> None:
    """Being forgotten is not being banned."""
    await voting.hears(types(ALIX, "/forgetme"))

    await voting.hears(presses(ALIX, 1))

    assert await voting.tally() == (0, 1, 0)


async def test_forgetting_without_any_open_poll_settles_the_request(stage: Stage) -> None:
    """There is nothing to withdraw that would."""
    message = await stage.says(types(ALIX, "/forgetme"))

    assert (message, await stage.pending()) == (
        Forgotten(erased=(), stays=(Kept(purpose="closed_ballots", entries=0),)),
        0,
    )


async def test_forgetting_interrupted_between_its_commits_is_done_again(known: Stage) -> None:
    """The request stays in the inbox until the ballots are taken back too."""
    known.store.fails("cast", StorageError("disk full"))
    request = types(ALIX, "/forgetme")(await known.receives())
    with pytest.raises(StorageError):
        await known.hears(lambda _received: request)

    await known.hears(lambda _received: request)

    assert await known.tally(ARBRES) == (0, 0, 0)


async def test_updates_set_aside_are_mentioned(stage: Stage) -> None:
    """Nobody can tell whose they are, and they are told so."""
    received = await stage.receives()
    await stage.look(
        lambda books: books.inbox.quarantine(
            replace(books.inbox.pending(ACCOUNT, limit=1)[0], id=received.order), sealed=b"", reason="bug"
        )
    )

    message = await stage.says(types(ALIX, "/forgetme"))

    assert isinstance(message, Forgotten)
    assert Kept(purpose="quarantine", entries=1) in message.stays
    assert Address("711") not in str(message)
