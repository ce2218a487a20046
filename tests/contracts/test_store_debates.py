"""Replies and cases: what people wrote, where it stands, and when it is forgotten."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from core.audience import Recipient, RecipientKind
from core.delivery import DeliveryState
from core.identifiers import Address, CaseNumber, DeliveryId, MessageId, ReplyId
from core.moderation import Case, CaseState, Joined
from core.ports.store import Books, Store
from core.reply import Reply, Triage
from tests.contracts.doings import ACCOUNT, LATER, OTHER, SQUARE, planned, settled
from tests.core.examples import NOON

GROUP = Address("-100300")
ALIX, BILAL = b"a" * 16, b"b" * 16
SOON = NOON + timedelta(microseconds=1)


async def _reply(
    store: Store, message: str = "1", *, text: str = "Oui !", author: bytes = ALIX, about: DeliveryId | None = None
) -> ReplyId:
    return await store.write(
        lambda books: books.replies.add(
            about=about, account=ACCOUNT, chat=GROUP, message=MessageId(message), author=author, text=text, at=NOON
        )
    )


async def _replies(store: Store) -> list[tuple[str, str]]:
    return [(each.message, each.text) for each in await store.read(lambda books: books.replies.all())]


async def _case(
    store: Store,
    message: str = "1",
    *,
    author: bytes = ALIX,
    at: datetime = NOON,
    state: CaseState = CaseState.TO_REMOVE,
    sealed: bytes = b"sealed",
    note: str = "",
) -> Case:
    return await store.write(
        lambda books: books.cases.open(
            article="2",
            charter="2027-1",
            account=ACCOUNT,
            chat=GROUP,
            message=MessageId(message),
            author=author,
            sealed=sealed,
            state=state,
            at=at,
            note=note,
        )
    )


# ── replies ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text", ["Oui !", "", "«œuf» 👩‍👩‍👧 \u202e", "a" * 4096], ids=["plain", "empty", "odd", "long"]
)
async def test_a_reply_comes_back_as_it_was_written(store: Store, text: str) -> None:
    """To the character."""
    number = await _reply(store, text=text)

    assert await store.read(lambda books: books.replies.all()) == (
        Reply(
            id=number,
            about=None,
            account=ACCOUNT,
            chat=GROUP,
            message=MessageId("1"),
            author=ALIX,
            text=text,
            at=NOON,
            state=Triage.NEW,
        ),
    )


async def test_an_edited_message_replaces_its_text(store: Store) -> None:
    """It stays one reply, and stands where it stood."""
    number = await _reply(store)
    await store.write(lambda books: books.replies.move(number, Triage.WITH_AN_OFFICIAL))

    assert await _reply(store, text="Non !") == number
    (reply,) = await store.read(lambda books: books.replies.all())
    assert (reply.text, reply.state) == ("Non !", Triage.WITH_AN_OFFICIAL)


async def test_replies_are_listed_the_newest_first_by_state(store: Store) -> None:
    """So many and no more."""
    first, second, third = [await _reply(store, number) for number in "123"]

    assert await store.write(lambda books: books.replies.move(second, Triage.ANSWERED)) is True
    assert await store.read(lambda books: [each.id for each in books.replies.all(limit=2)]) == [third, second]
    assert await store.read(lambda books: [each.id for each in books.replies.all(state=Triage.NEW)]) == [third, first]
    assert await store.write(lambda books: books.replies.move(ReplyId(0), Triage.ANSWERED)) is False


async def test_a_person_sees_and_erases_their_own_replies(store: Store) -> None:
    """Nobody else's."""
    for message, author in (("1", ALIX), ("2", BILAL), ("3", ALIX)):
        await _reply(store, message, author=author)

    assert await store.read(lambda books: [each.message for each in books.replies.of(ALIX)]) == ["1", "3"]
    assert await store.write(lambda books: books.replies.forget(ALIX)) == 2
    assert await _replies(store) == [("2", "Oui !")]


async def test_a_reply_is_found_by_its_message(store: Store) -> None:
    """Of that account and chat."""
    await _reply(store, "1")

    found = await store.read(lambda books: books.replies.at(ACCOUNT, GROUP, MessageId("1")))

    assert found == (await store.read(lambda books: books.replies.all()))[0]
    assert await store.read(lambda books: books.replies.at(OTHER, GROUP, MessageId("1"))) is None


async def test_a_message_taken_out_of_the_debate_is_no_reply(store: Store) -> None:
    """Only the message itself, of that account and chat."""
    await _reply(store, "1")
    await _reply(store, "2")

    removed = [
        await store.write(lambda books: books.replies.remove_message(OTHER, GROUP, MessageId("1"))),
        await store.write(lambda books: books.replies.remove_message(ACCOUNT, GROUP, MessageId("1"))),
    ]

    assert removed == [0, 1]
    assert await _replies(store) == [("2", "Oui !")]


async def test_old_replies_are_forgotten(store: Store) -> None:
    """Exclusive of the instant."""
    await _reply(store)

    assert await store.write(lambda books: books.replies.purge(before=NOON)) == 0
    assert await store.write(lambda books: books.replies.purge(before=SOON)) == 1


@pytest.mark.parametrize("forgotten", [True, False], ids=["forgotten", "kept"])
async def test_a_reply_outlives_what_it_was_about(store: Store, *, forgotten: bool) -> None:
    """A private delivery is forgotten long before the answer to it."""
    (delivery,) = await planned(store, SQUARE)
    await _reply(store, about=delivery.id)

    if forgotten:
        private = await _private(store)
        await _reply(store, "2", about=private)
        await store.write(lambda books: books.deliveries.purge(before=LATER))

    abouts = [each.about for each in await store.read(lambda books: books.replies.all())]
    assert abouts == ([None, delivery.id] if forgotten else [delivery.id])


async def _private(store: Store) -> DeliveryId:
    (delivery,) = await planned(store, Recipient(RecipientKind.PERSON, "c2VhbGVk"))
    await settled(store, delivery, DeliveryState.SENT)
    return delivery.id


# ── cases ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_case_comes_back_as_it_was_opened(store: Store) -> None:
    """All that an appeal needs."""
    case = await _case(store)

    assert case == Case(
        number=case.number,
        article="2",
        charter="2027-1",
        account=ACCOUNT,
        chat=GROUP,
        message=MessageId("1"),
        author=ALIX,
        sealed=b"sealed",
        state=CaseState.TO_REMOVE,
        at=NOON,
    )
    assert await store.read(lambda books: books.cases.get(case.number)) == case
    assert await store.read(lambda books: books.cases.get(CaseNumber(99))) is None


async def test_a_message_has_one_case(store: Store) -> None:
    """A replayed update must not accuse anyone twice."""
    first = await _case(store)
    await store.write(
        lambda books: books.cases.move(first.number, expected=CaseState.TO_REMOVE, state=CaseState.REMOVED)
    )

    again = await _case(store, author=BILAL)

    assert (again.number, again.author, again.state) == (first.number, ALIX, CaseState.REMOVED)


@pytest.mark.parametrize("before", [CaseState.OBSERVED, CaseState.REPORTED])
async def test_a_case_in_which_nothing_was_done_is_made_anew(store: Store, before: CaseState) -> None:
    """What is removed is what the message says now; it stays one case."""
    first = await _case(store, state=before)
    other = await _case(store, "2", state=CaseState.OBSERVED)

    again = await _case(store, sealed=b"worse", at=SOON, note="edited")

    assert again == replace(first, sealed=b"worse", at=SOON, note="edited", state=CaseState.TO_REMOVE)
    assert await store.read(lambda books: [books.cases.get(each.number) for each in (first, other)]) == [again, other]


async def test_a_case_number_is_never_given_twice(store: Store) -> None:
    """A citizen quotes it in an appeal, perhaps after others were forgotten."""
    first = await _case(store)
    await store.write(lambda books: books.cases.purge(before=SOON))

    assert (await _case(store, "2")).number > first.number


async def test_a_case_moves_only_from_where_it_is_thought_to_stand(store: Store) -> None:
    """Two moderators at once: the second is told that the first was there."""
    case = await _case(store)

    moved = [
        await store.write(
            lambda books: books.cases.move(
                case.number, expected=CaseState.TO_REMOVE, state=CaseState.NOT_REMOVED, note="no right to"
            )
        )
        for _ in range(2)
    ]

    found = await store.read(lambda books: books.cases.get(case.number))
    assert found is not None
    assert (moved, found.state, found.note) == ([True, False], CaseState.NOT_REMOVED, "no right to")


async def test_cases_are_listed_the_newest_first_by_state_and_person(store: Store) -> None:
    """So many and no more."""
    first, second, third = [
        (await _case(store, message, author=author)).number
        for message, author in (("1", ALIX), ("2", BILAL), ("3", ALIX))
    ]
    await store.write(lambda books: books.cases.move(second, expected=CaseState.TO_REMOVE, state=CaseState.REMOVED))

    assert await store.read(lambda books: [each.number for each in books.cases.all(limit=2)]) == [third, second]
    removed = await store.read(lambda books: [each.number for each in books.cases.all(state=CaseState.REMOVED)])
    assert removed == [second]
    assert await store.read(lambda books: [each.number for each in books.cases.of(ALIX)]) == [first, third]


MESSAGES = (("1", NOON), ("2", NOON), ("3", LATER))


async def test_old_cases_are_forgotten(store: Store) -> None:
    """Exclusive of the instant."""
    await _case(store)
    await _case(store, "2", at=LATER)

    assert await store.write(lambda books: books.cases.purge(before=LATER)) == 1


async def test_old_cases_that_are_needed_are_kept(store: Store) -> None:
    """Those that somebody names."""
    kept, gone, _ = [(await _case(store, message, at=at)).number for message, at in MESSAGES]

    old = await store.read(lambda books: [each.number for each in books.cases.opened(before=LATER)])
    forgotten = await store.write(lambda books: books.cases.purge(before=LATER, keeping={kept}))

    assert (old, forgotten) == ([kept, gone], 1)
    assert await store.read(lambda books: books.cases.get(kept)) is not None


async def test_a_case_is_found_by_its_message_and_looked_after_by_somebody(store: Store) -> None:
    """Also after it was made anew."""
    first = await _case(store, state=CaseState.REPORTED)

    assigned = [await store.write(partial(_assign, number)) for number in (first.number, CaseNumber(99))]
    again = await _case(store, at=SOON)

    assert (assigned, again.assigned) == ([True, False], "amartin")
    assert await store.read(lambda books: books.cases.at(ACCOUNT, GROUP, MessageId("1"))) == again
    assert await store.read(lambda books: books.cases.at(OTHER, GROUP, MessageId("1"))) is None


async def test_what_is_written_in_a_case_is_forgotten_with_it(store: Store) -> None:
    """Nothing of another case."""
    first, second = [(await _case(store, message, at=at)).number for message, at in (("1", NOON), ("2", LATER))]
    for number, entry, sealed in ((first, 7, b"a"), (first, 9, b"b"), (second, 8, b"c")):
        await store.write(partial(_keep, number, entry, sealed))
    before = await store.read(lambda books: (books.cases.words(first), books.cases.words(second)))

    await store.write(lambda books: books.cases.purge(before=LATER))

    assert before == ({7: b"a", 9: b"b"}, {8: b"c"})
    assert await store.read(lambda books: (books.cases.words(first), books.cases.words(second))) == ({}, {8: b"c"})


async def test_messages_join_a_case_and_are_forgotten_with_it(store: Store) -> None:
    """Each is found by its message, and stands for itself."""
    case = await _case(store)
    more = [_joined(case, message, entry) for message, entry in (("8", 4), ("9", 5))]
    for each in more:
        await store.write(partial(_join, each))

    listed = await store.read(lambda books: books.cases.joined(case.number))
    found = await store.read(lambda books: books.cases.joining(ACCOUNT, GROUP, MessageId("9")))
    unknown = await store.read(lambda books: books.cases.joining(OTHER, GROUP, MessageId("9")))
    await store.write(lambda books: books.cases.purge(before=LATER))

    assert (listed, found, unknown) == (tuple(more), more[1], None)
    assert await store.read(lambda books: books.cases.joining(ACCOUNT, GROUP, MessageId("9"))) is None


async def test_what_joined_a_case_is_to_be_taken_out_until_it_moves(store: Store) -> None:
    """Only from where it is thought to stand; by the account that hears its place."""
    case = await _case(store)
    hidden, removed = _joined(case, "8", 4, CaseState.TO_HIDE), _joined(case, "9", 5)
    for each in (hidden, removed, _joined(case, "10", 6, CaseState.OBSERVED)):
        await store.write(partial(_join, each))

    waiting = await store.read(lambda books: books.cases.unremoved(ACCOUNT, limit=9))
    first = await store.read(lambda books: books.cases.unremoved(ACCOUNT, limit=1))
    elsewhere = await store.read(lambda books: books.cases.unremoved(OTHER, limit=9))
    moved = [await store.write(partial(_move_joined, removed)) for _ in range(2)]

    assert (waiting, first, elsewhere, moved) == ((hidden, removed), (hidden,), (), [True, False])
    assert await store.read(lambda books: books.cases.unremoved(ACCOUNT, limit=9)) == (hidden,)


def _joined(case: Case, message: str, entry: int, state: CaseState = CaseState.TO_REMOVE) -> Joined:
    return Joined(case=case.number, account=ACCOUNT, chat=GROUP, message=MessageId(message), entry=entry, state=state)


def _join(joined: Joined, books: Books) -> None:
    books.cases.join(joined)


def _move_joined(joined: Joined, books: Books) -> bool:
    return books.cases.move_joined(joined, state=CaseState.REMOVED)


def _assign(number: CaseNumber, books: Books) -> bool:
    return books.cases.assign(number, "amartin")


def _keep(number: CaseNumber, entry: int, sealed: bytes, books: Books) -> None:
    books.cases.keep(number, entry, sealed)
