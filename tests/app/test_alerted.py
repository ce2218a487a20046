"""Telegram cuts the line after it has posted: the staff learns of it on Discord, and one of them says what they see."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from adapters.mail.adapter import MAIL
from app.rooms import Mail
from app.settings import Settings
from core.audience import Recipient, RecipientKind, StaffChannel
from core.delivery import Delivery, DeliveryState, Urgency
from core.identifiers import AccountName, Address, Locale, MemberKey
from core.messages import AnnouncementPublished
from core.ports.store import Books
from core.staff import Act, Approval, Member, Role, Staff
from sandbox.discord.hands import DiscordHands
from sandbox.discord.texts import readable
from sandbox.discord.values import Kind, Message
from sandbox.discord.world import World
from sandbox.faults import Fault, Harm
from sandbox.telegram.hands import TelegramHands
from tests.adapters.mail.test_mail import PostOffice
from tests.adapters.mail.test_mail import opened as mail_server
from tests.app.networks import DISCORD, NAMES, TELEGRAM, Network, Square, square
from tests.core.examples import announcement

pytestmark = pytest.mark.usefixtures("socket_enabled")
ANNE, BILAL, CHLOE = range(3)
ROOM = 1_300_000_000_000_000_009
PLACE = Recipient(RecipientKind.CHANNEL, TELEGRAM)


def _world(network: Network) -> World:
    assert isinstance(network.hands, DiscordHands)
    return network.hands.world


def _staffed(settings: Settings, networks: Mapping[str, Network]) -> Settings:
    """Anne and Bilal work in the town hall; their channel is on Discord."""
    discord = networks[DISCORD]
    _world(discord).add_channel(NAMES.guild, ROOM, "mairie", Kind.TEXT)
    account = AccountName(DISCORD)
    members = tuple(
        Member(
            key=MemberKey(f"officer-{rank}"),
            name=discord.people[rank].name,
            role=Role.OFFICER,
            accounts={account: str(discord.people[rank].id)},
        )
        for rank in (ANNE, BILAL)
    )
    room = StaffChannel(name=DISCORD, account=account, address=Address(str(ROOM)), locale=Locale.FR)
    return replace(
        settings,
        staff=Staff(members=members, approval=Approval.FOUR_EYES),
        town=replace(settings.town, staff_channels=(room,)),
    )


def _said(town: Square) -> list[Message]:
    return list(_world(town.networks[DISCORD]).channels[ROOM].messages.values())


def _presses(town: Square, rank: int, words: str) -> None:
    """One of the people presses a button under the alert."""
    discord = town.networks[DISCORD]
    (alert,) = _said(town)
    world = _world(discord)
    (data,) = [str(each["custom_id"]) for each in world.buttons(ROOM, alert.id) if words in str(each["label"])]
    world.press(discord.people[rank].id, ROOM, alert.id, data)


def _letters(telegram: Network, rank: int) -> list[str]:
    """What stands in the chat that one of the people has with the bot on Telegram."""
    assert isinstance(telegram.hands, TelegramHands)
    number = telegram.people[rank].id
    return [each.text for each in telegram.hands.world.chat_of(number, number).messages.values()]


async def _publishes(town: Square) -> None:
    """An announcement for the Telegram channel, and the line that breaks once it is out."""
    town.networks[TELEGRAM].faults.add(Fault(harm=Harm.CUT_AFTER, method="sendMessage"))
    now = town.clock.now()

    def plan(books: Books) -> int:
        return books.deliveries.plan(
            occurrence=None,
            message=AnnouncementPublished(announcement=announcement()),
            recipients=[(AccountName(TELEGRAM), PLACE)],
            urgency=Urgency.CAMPAIGN,
            due_at=now,
            expires_at=now + timedelta(hours=12),
        )

    await town.service.store.write(plan)
    town.service.wake()


async def _delivery(town: Square) -> Delivery:
    (found,) = await town.service.store.read(lambda books: books.deliveries.to(PLACE))
    return found


async def _looked(town: Square, there: Callable[[], bool]) -> None:
    """Wait for it, looking at the ledger meanwhile as the metronome does every five seconds."""
    async with asyncio.timeout(20):
        while not there():
            await town.service.look_at_the_ledger()
            await asyncio.sleep(0.02)


async def test_one_tap_on_another_network_settles_what_nobody_knew_once(tmp_path: Path) -> None:
    """A stranger's press changes nothing, a second one says who was first, the alert shows the end."""
    async with square(tmp_path, TELEGRAM, DISCORD, furnish=_staffed) as town:
        telegram, discord = town.networks[TELEGRAM], town.networks[DISCORD]
        await town.opened(TELEGRAM, DISCORD)
        await _publishes(town)
        await _looked(town, lambda: bool(_said(town)))
        before = readable(_said(town)[0])

        _presses(town, CHLOE, "publi")
        refused = await discord.tells(CHLOE, "Seule une personne de la mairie")
        doubtful = await _delivery(town)
        _presses(town, ANNE, "publi")
        await discord.tells(ANNE, "est noté")
        await _looked(town, lambda: "Réglé" in readable(_said(town)[0]))
        settled = await _delivery(town)

        log = await town.service.store.read(lambda books: books.audit.last(limit=9))
        assert "Publié ou non" in before and "The footbridge" in before  # noqa: PT018  one message
        assert refused and doubtful.state is DeliveryState.UNCERTAIN  # noqa: PT018
        assert settled.state is DeliveryState.SENT
        assert [(each.deed.who, each.deed.act) for each in log] == [("officer-0", Act.SETTLE)]
        assert f"réglé par {discord.people[ANNE].name}" in readable(_said(town)[0])
        assert len(telegram.words()) == len(_said(town)) == 1


async def test_one_tap_on_telegram_settles_what_nobody_knew_there(tmp_path: Path) -> None:
    """An officer's own chat with the bot is a channel of the staff too."""

    def in_private(settings: Settings, networks: Mapping[str, Network]) -> Settings:
        anne, account = networks[TELEGRAM].people[ANNE], AccountName(TELEGRAM)
        key, number = MemberKey("officer-0"), str(anne.id)
        member = Member(key=key, name=anne.name, role=Role.OFFICER, accounts={account: number})
        room = StaffChannel(name="a", account=account, address=Address(number), locale=Locale.FR, private=True)
        town = replace(settings.town, staff_channels=(room,))
        return replace(settings, staff=Staff(members=(member,), approval=Approval.SOLO), town=town)

    async with square(tmp_path, TELEGRAM, furnish=in_private) as town:
        telegram = town.networks[TELEGRAM]
        await town.opened(TELEGRAM)
        telegram.hands.starts(telegram.people[ANNE])
        await telegram.tells(ANNE, "Bonjour")
        await _publishes(town)
        await _looked(town, lambda: any("Publié ou non" in text for text in _letters(telegram, ANNE)))

        pressed = telegram.hands.seeks(telegram.people[ANNE], ("publi",))
        await _looked(town, lambda: "réglé par Anne" in _letters(telegram, ANNE)[-1])

        assert pressed
        assert (await _delivery(town)).state is DeliveryState.SENT
        assert len(telegram.words()) == 1


async def test_who_types_second_learns_who_was_first(tmp_path: Path) -> None:
    """The same command, in private."""
    async with square(tmp_path, TELEGRAM, DISCORD, furnish=_staffed) as town:
        discord = town.networks[DISCORD]
        await town.opened(TELEGRAM, DISCORD)
        await _publishes(town)
        await _looked(town, lambda: bool(_said(town)))
        number = (await _delivery(town)).id

        _world(discord).write_to_bot(discord.people[BILAL].id, f"/settle {number} out")
        await discord.tells(BILAL, "est noté")
        _world(discord).write_to_bot(discord.people[ANNE].id, f"/regler {number} renvoyer")

        assert discord.people[BILAL].name in await discord.tells(ANNE, "Déjà réglé")
        assert len(town.networks[TELEGRAM].words()) == 1


async def test_with_one_network_the_staff_learns_of_it_by_mail(tmp_path: Path) -> None:
    """The mail says which command to give; nothing in it can settle anything."""
    office = PostOffice()
    async with mail_server(office) as port:

        def by_mail(settings: Settings, networks: Mapping[str, Network]) -> Settings:
            mail = Mail(
                host="127.0.0.1",
                port=port,
                security="none",
                user="",
                password_file=None,
                sender=f"{next(iter(networks))}@valmont.example",
                source=settings.file,
                ca_file=None,
            )
            room = StaffChannel(name=MAIL, account=MAIL, address=Address("a@b.example"), locale=Locale.FR, private=True)
            return replace(settings, mail=mail, town=replace(settings.town, staff_channels=(room,)))

        async with square(tmp_path, TELEGRAM, furnish=by_mail) as town:
            await town.opened(TELEGRAM)
            await _publishes(town)
            await _looked(town, lambda: bool(office.taken))

    content = office.taken[0].content
    assert isinstance(content, bytes)
    letter = message_from_bytes(content, policy=default)
    text = letter.get_content()
    assert "parvis deliveries --state uncertain" in text
    assert "/settle" not in text
