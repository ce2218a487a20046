"""What goes out about a case: the ledger knows its number alone, and what was said is unsealed to be sent."""

from dataclasses import replace
from functools import partial

import pytest

from core.audience import Recipient, RecipientKind
from core.case_messages import AppealDecided, MessageRestored
from core.casefile import put_down
from core.delivery import DeliveryState
from core.identifiers import CaseNumber
from core.messages import Delivered
from core.ports.store import Books
from core.staff import CONSOLE, Act
from tests.core.examples import NOON
from tests.delivery.post_office import FIRST, PostOffice, notice, statement, text

DEBATE = Recipient(RecipientKind.CHAT, "@debate")


@pytest.mark.parametrize("private", [True, False], ids=["a notice", "a quotation"])
async def test_what_somebody_said_is_known_only_while_it_is_sent(*, private: bool) -> None:
    """The ledger has the number of the case; the words are made from what the case unseals."""
    office = PostOffice()
    author = await office.person("711")
    sent = notice() if private else MessageRestored(case=FIRST)
    (number,) = await office.plan(sent, author if private else DEBATE)

    await office.work()

    ((said, *_),) = office.words.asked
    assert "andouille" in str(said)
    assert "andouille" not in str(await office.get(number))


async def test_what_nobody_can_unseal_any_more_is_not_sent() -> None:
    """The case was forgotten before its time, or the keys are of another town."""
    office = PostOffice()
    await office.plan(MessageRestored(case=FIRST), DEBATE)

    await office.work()

    assert (await office.states(), office.texts()) == ([DeliveryState.FAILED], [])


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (notice(), replace(notice(), found="andouille")),
        (MessageRestored(case=FIRST), MessageRestored(case=FIRST, author="Alix", text="Quelle andouille !")),
        (text(), text()),
    ],
    ids=["a notice", "a quotation", "any other message"],
)
async def test_words_of_a_case_are_unsealed_at_the_last_moment(message: Delivered, said: Delivered) -> None:
    """The ledger keeps nobody's words."""
    office = PostOffice()
    await office.case()

    assert await office.memory.read(lambda books: office.directory.unsealed(books, message)) == said


async def test_reasons_are_those_that_were_written_last() -> None:
    """A moderator may have found better words since."""
    office = PostOffice()
    case = await office.case()
    for reason in ("one", "two"):
        await office.memory.write(partial(_explain, office, case, reason))

    unsealed = await office.memory.read(lambda books: office.directory.unsealed(books, statement()))

    assert unsealed == replace(statement(), reason="two")


@pytest.mark.parametrize(("explained", "reason"), [(True, "one"), (False, "")])
async def test_what_became_of_an_appeal_has_its_reasons_if_any(*, explained: bool, reason: str) -> None:
    """Never those of the decision before."""
    office = PostOffice()
    case = await office.case()
    await office.memory.write(partial(_explain, office, case, "one"))
    decided = AppealDecided(case=case, accepted=True, explained=explained)

    unsealed = await office.memory.read(lambda books: office.directory.unsealed(books, decided))

    assert unsealed == replace(decided, reason=reason)


def _explain(office: PostOffice, case: CaseNumber, reason: str, books: Books) -> None:
    put_down(books, office.vault, case, Act.EXPLAIN_CASE, reason, by=CONSOLE, at=NOON)


async def test_words_of_a_case_that_was_forgotten_are_gone() -> None:
    """Nothing is said instead."""
    office = PostOffice()

    assert await office.memory.read(lambda books: office.directory.unsealed(books, notice())) is None
