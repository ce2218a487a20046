"""What a moderator does, while others do the same."""

import asyncio
from pathlib import Path

import pytest

from app.moderation import NoSuchCase, restore
from app.office import Office, opened
from core.identifiers import Address, CaseNumber, MessageId
from core.moderation import Case, CaseState
from core.ports.store import Books
from tests.app.town import account, configured, prepared
from tests.fakes import ACCOUNT, NOON


def removed(books: Books) -> Case:
    """A message was taken out."""
    return books.cases.open(
        article="1",
        charter="2027-1",
        account=ACCOUNT,
        chat=Address("-1002"),
        message=MessageId("7"),
        author=b"a" * 16,
        sealed=b"sealed",
        state=CaseState.REMOVED,
        at=NOON,
    )


async def given_back(office: Office, case: CaseNumber) -> str:
    """What a moderator who gives it back is told."""
    try:
        await restore(office, case)
    except NoSuchCase as refusal:
        return str(refusal)
    return "restored"


async def test_two_moderators_give_a_message_back_once(tmp_path: Path) -> None:
    """It would stand twice in the debate."""
    settings = await configured(tmp_path, account("http://127.0.0.1:9"))
    await prepared(settings)
    async with opened(settings) as office:
        case = await office.store.write(removed)

        told = await asyncio.gather(given_back(office, case.number), given_back(office, case.number))

        planned = await office.store.read(lambda books: books.deliveries.all())
    assert (sorted(told)[1], len(planned)) == ("restored", 1)
    assert "there is nothing to restore" in min(told)


@pytest.mark.parametrize("state", [CaseState.OBSERVED, CaseState.RESTORED], ids=str)
async def test_what_was_never_removed_or_is_back_is_not_given_back(tmp_path: Path, state: CaseState) -> None:
    """There is nothing to give."""
    settings = await configured(tmp_path, account("http://127.0.0.1:9"))
    await prepared(settings)
    async with opened(settings) as office:
        case = await office.store.write(removed)
        await office.store.write(lambda books: books.cases.move(case.number, expected=case.state, state=state))

        with pytest.raises(NoSuchCase, match=f"case {case.number} is {state.value}"):
            await restore(office, case.number)
