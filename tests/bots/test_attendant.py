"""Everything that is not a vote."""

import pytest

from core.errors import StorageError, Unreadable
from core.events import Incoming, Mirrored, Received
from core.identifiers import MessageId
from core.ports.store import Books
from tests.bots.listening import listening, quiet
from tests.bots.test_replies import publish
from tests.bots.town import (
    ALIX,
    BLAISE,
    CHANNEL,
    DEBATES,
    WENDY,
    Stage,
    presses,
    presses_command,
    private,
    public,
    types,
    writes,
)
from tests.fakes import Telling

FULL = StorageError("disk full")


def said(stage: Stage) -> list[str]:
    """What was said in chats."""
    return [post.text.plain for _, post in stage.platform.said]


async def aside(stage: Stage) -> int:
    """How many updates are set aside."""
    return await stage.look(lambda books: books.inbox.quarantined())


def cannot_be_read(_received: Received) -> tuple[Incoming, ...]:
    """An update of no known shape."""
    raise Unreadable("poll_answer without option_ids")


def says_nothing(_received: Received) -> tuple[Incoming, ...]:
    """An update that says nothing to us."""
    return ()


async def test_what_one_person_does_keeps_its_order(stage: Stage) -> None:
    """Who chooses English and then asks for help gets it in English."""
    stage.platform.hears(types(ALIX, "/langue en"), types(ALIX, "/help"), types(ALIX, "/langue fr"))

    async with listening(stage):
        assert said(stage) == ["<language_chosen en>", "<help_shown en>", "<language_chosen fr>"]


async def test_different_people_do_not_wait_for_each_other(stage: Stage) -> None:
    """Their changes share a commit."""
    stage.platform.hears(types(ALIX, "/help"), types(WENDY, "/help"))

    async with listening(stage):
        assert sorted(said(stage)) == ["<help_shown en>", "<help_shown fr>"]


async def test_an_unreadable_update_between_two_messages_stops_neither(stage: Stage) -> None:
    """It is set aside, sealed, and the rest go on."""
    stage.platform.hears(types(ALIX, "/help"), cannot_be_read, types(BLAISE, "/help"))

    async with listening(stage):
        assert (len(said(stage)), await aside(stage), await stage.pending()) == (2, 1, 0)


async def test_a_handler_that_fails_costs_its_update_only(stage: Stage) -> None:
    """Tried three times, then set aside."""
    stage.vault.breaks_for = BLAISE.ref
    stage.platform.hears(types(ALIX, "/help"), types(BLAISE, "/help"), types(WENDY, "/help"))

    async with listening(stage):
        assert (sorted(said(stage))[:2], await aside(stage), await stage.pending()) == (
            ["<help_shown en>", "<help_shown fr>"],
            1,
            0,
        )


async def test_an_update_waits_for_a_failing_store(stage: Stage) -> None:
    """It is in the inbox, and the fault is not its own."""
    async with listening(stage) as runner:
        stage.store.works("write")  # the one that takes it in
        stage.store.fails("write", FULL, times=6)
        stage.platform.hears(types(ALIX, "/help"))
        await quiet(stage, runner)

        assert (said(stage), stage.pauses, await aside(stage)) == (["<help_shown fr>"], [1, 2, 4, 5, 5, 5], 0)


async def test_a_store_that_comes_and_goes_costs_nobody_anything(stage: Stage) -> None:
    """A disk nearly full takes small changes; what was asked is done when it takes it."""
    async with listening(stage) as runner:
        for _ in range(4):
            stage.store.works("write")  # the one that takes it in, and then those that look whether the store works
            stage.store.fails("write", FULL)
        stage.platform.hears(types(ALIX, "/help"))
        await quiet(stage, runner)

        assert (said(stage), await aside(stage)) == (["<help_shown fr>"], 0)


async def test_an_update_that_a_working_store_refuses_is_set_aside(stage: Stage) -> None:
    """Else one of them could stop everything for ever."""
    async with listening(stage) as runner:
        for _ in range(10):
            stage.store.works("write")
            stage.store.fails("write", FULL)
        stage.platform.hears(types(ALIX, "/help"))
        await quiet(stage, runner)

        assert (await aside(stage), await stage.pending()) == (1, 0)


async def test_who_asked_in_vain_is_told(stage: Stage) -> None:
    """Silence would look like success; in a group nobody waits for an answer."""
    stage.vault.breaks_for = BLAISE.ref
    stage.platform.hears(
        types(BLAISE, "/stop"),
        presses_command(BLAISE, "stop", where=public(press="p")),
        writes(BLAISE, "andouille"),
        writes(BLAISE, "bonjour", edited=True, where=private(BLAISE)),
    )

    async with listening(stage):
        told = [post.text.plain for _, post in stage.platform.said] + [toast.text for toast in stage.platform.toasts]
        marks = [each.was_told for each in await stage.look(lambda books: books.inbox.aside(limit=9))]
        assert (told, marks) == (["<not_recorded fr>"] * 2, [False, False, True, True])


async def test_updates_that_say_nothing_are_let_go(stage: Stage) -> None:
    """They must not fill the inbox."""
    stage.platform.hears(says_nothing, says_nothing)

    async with listening(stage):
        assert await stage.pending() == 0


async def test_an_answer_to_a_copy_that_came_with_it_finds_its_post(stage: Stage) -> None:
    """The copy is dealt with first, whatever the order of arrival."""

    def copies(received: Received) -> tuple[Incoming, ...]:
        return (
            Mirrored(
                received=received, channel=CHANNEL, post=MessageId("1001"), group=DEBATES, message=MessageId("56")
            ),
        )

    await stage.look(publish)
    stage.platform.hears(writes(ALIX, "Merci", answers="56"), copies)

    async with listening(stage):
        assert len(await stage.look(lambda books: books.replies.all())) == 1


async def test_an_update_that_says_two_things_is_dealt_with_in_full(voting: Stage) -> None:
    """Both were said."""

    def says_two_things(received: Received) -> tuple[Incoming, ...]:
        return (*presses(ALIX, 0)(received), *types(ALIX, "/help")(received))

    voting.platform.hears(says_two_things)

    async with listening(voting):
        assert (await voting.tally(), said(voting)) == ((1, 0, 0), ["<help_shown fr>"])


@pytest.mark.parametrize("text", ["andouille", "ANDOUILLE"])
async def test_a_message_that_breaks_a_rule_is_taken_out(stage: Stage, text: str) -> None:
    """From the message to the removal."""
    stage.platform.hears(writes(ALIX, text))

    async with listening(stage):
        assert stage.platform.removed == [(DEBATES, MessageId("70"))]


def once_unreadable(telling: Telling) -> Telling:
    """An update that cannot be read before the fault is repaired."""
    faults = iter([Unreadable("a fault of ours")])

    def tells(received: Received) -> tuple[Incoming, ...]:
        for fault in faults:
            raise fault
        return telling(received)

    return tells


async def put_back(stage: Stage) -> None:
    """An operator puts back all that is set aside."""

    def work(books: Books) -> None:
        for each in books.inbox.aside(limit=9):
            books.inbox.put_back(each.id, body=stage.vault.unseal(each.sealed).encode())

    await stage.look(work)


async def test_what_is_put_back_is_dealt_with_while_the_service_runs(voting: Stage) -> None:
    """In its place among the arrivals: an older vote replaces no newer one, and a person is answered in order."""
    voting.platform.hears(
        once_unreadable(presses(ALIX, 0)),
        once_unreadable(types(BLAISE, "/langue en")),
        once_unreadable(types(BLAISE, "/help")),
        presses(ALIX, 2),
    )
    async with listening(voting) as runner:
        await put_back(voting)
        await runner.sweep()
        await quiet(voting, runner)

        assert said(voting) == ["<language_chosen en>", "<help_shown en>"]
        assert (await voting.tally(), await voting.pending()) == ((0, 0, 1), 0)


async def test_what_is_in_hand_is_not_taken_up_again(voting: Stage) -> None:
    """It waits in the inbox as well, and would be answered twice."""
    async with listening(voting) as runner:
        with voting.store.slow("cast"):
            voting.platform.hears(presses(ALIX, 0), types(BLAISE, "/help"))
            await quiet(voting, runner)
            await runner.sweep()
            await quiet(voting, runner)
        await quiet(voting, runner)

        assert ([toast.text for toast in voting.platform.toasts], said(voting)) == (
            ["<ballot_counted fr>"],
            ["<help_shown fr>"],
        )


async def test_what_is_put_back_waits_for_updates_that_are_being_stored(stage: Stage) -> None:
    """A sweep that waited would keep the other accounts from being looked at; the next one finds it."""
    stage.platform.hears(once_unreadable(types(ALIX, "/help")))
    async with listening(stage) as runner:
        await put_back(stage)
        with stage.store.slow("write"):
            stage.platform.hears(types(BLAISE, "/help"))
            await quiet(stage, runner)
            await runner.sweep()
        await quiet(stage, runner)
        before = await stage.pending()
        await runner.sweep()
        await quiet(stage, runner)

        assert (before, await stage.pending(), len(said(stage))) == (1, 0, 2)
