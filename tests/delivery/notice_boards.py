"""A town with a poll whose messages are out, and what edits they get."""

import asyncio

from core.audience import Recipient
from core.citizen import Person
from core.delivery import DeliveryState, claimed, completed, progressed
from core.identifiers import Address, DeliveryId, Locale, MessageId
from core.messages import Delivered
from core.poll import Choose, PollState
from core.post import Post, Receipt
from delivery.boards import MOST, Boards
from tests.core.examples import BRIDGE, poll, vote
from tests.delivery.post_office import PostOffice, board
from tests.fakes import ACCOUNT, NOON, TELEGRAM, ScriptedPlatform


def boards_of(office: PostOffice, *, most: int = MOST) -> Boards:
    """The boards of the office's account; see ``Boards`` for ``most``."""
    return Boards(
        store=office.store,
        words=office.words,
        directory=office.directory,
        platforms={ACCOUNT: office.platform},
        most=most,
    )


async def town(
    *recipients: Recipient, office: PostOffice | None = None, message: Delivered | None = None
) -> PostOffice:
    """A town with an open poll, shown to these recipients, or in the square."""
    office = office or PostOffice()
    await office.memory.write(lambda books: books.polls.add(poll(state=PollState.PLANNED)))
    await office.memory.write(lambda books: books.polls.open(BRIDGE))
    for number in await office.plan(message or board(), *recipients):
        await send(office, number)
    return office


async def send(office: PostOffice, number: DeliveryId) -> None:
    """Say that a planned delivery is out."""
    mine = claimed(await office.get(number), NOON)
    where = Receipt(address=Address(f"@{mine.recipient.name}"), message=MessageId(str(number)), call="text")
    await office.change(completed(progressed(mine, where)), expected=DeliveryState.PLANNED)


async def votes(office: PostOffice, name: str = "a") -> None:
    """Somebody votes."""
    person = Person(platform=TELEGRAM, account=name, locale=Locale.FR)
    office.vault.create_poll_key(BRIDGE)
    voter = office.vault.voter(BRIDGE, person.ref)
    await office.memory.cast([vote(Choose(0), voter=voter)])


async def close(office: PostOffice) -> None:
    """The poll closes."""
    await office.memory.write(lambda books: books.polls.close(BRIDGE, at=NOON))


class Paused(ScriptedPlatform):
    """An account that was told to pause in the square."""

    def __init__(self) -> None:
        super().__init__()
        self.resumed = asyncio.Event()

    async def edit(self, receipt: Receipt, post: Post) -> None:
        """Wait for the square's turn."""
        if receipt.address == "@square":
            await self.resumed.wait()
        await super().edit(receipt, post)


async def everybody_waits() -> None:
    """Let everybody go as far as they can."""
    for _ in range(20):
        await asyncio.sleep(0)


def shown(office: PostOffice) -> list[str]:
    """The edits made, in order: which message, and what it then said."""
    return [f"{receipt.message}: {post.text.plain}" for receipt, post in office.platform.edited]
