"""Bot accounts that are refused, out of reach or without rights: one sentence with the cure, and the rest goes on."""

import asyncio
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.accounts import Reception, introduction, places
from bots.catalogue import find
from core.errors import PlatformError, Rejected, Rival, Unauthorised, Unavailable
from core.identifiers import Address
from core.ports.platform import Finding
from sandbox.faults import Fault, Harm
from sandbox.telegram.server import TelegramServer
from sandbox.telegram.world import World
from storage.memory import MemoryStore
from storage.vault import MemoryVault
from tests.app.conftest import Ears
from tests.app.town import (
    ANNE,
    CHANNELS,
    LONGEST,
    MARKET,
    TOWN,
    account,
    announce,
    appears,
    configured,
    ledger,
    serving,
    stopped,
    world,
)
from tests.bots.town import CHANNEL, DEBATES
from tests.bots.town import TOWN as SAINT_AUBIN
from tests.fakes import ACCOUNT, FakeWords, ScriptedPlatform, StoppedClock

# ── a refused token ────────────────────────────────────────────────────────────────────────────────────────

NEW_TOKEN = "the platform refuses the token; put the right one where the configuration says, then restart"


async def test_a_wrong_token_is_said_once_with_its_cure_and_other_accounts_go_on(tmp_path: Path, ears: Ears) -> None:
    """A token revoked at @BotFather must not silence the other channels of the town."""
    async with TelegramServer(town := world()) as server:
        both = account(server.url), account(server.url, MARKET, token_file="token-revoked")
        settings = await configured(tmp_path, *both)
        (tmp_path / "token-revoked").write_text("1000002:AAH-a-token-that-was-revoked", encoding="utf-8")
        await announce(settings)

        async with serving(settings) as work:
            refused = await ears.hears("lane_halted")
            await appears(town, TOWN)
            await stopped(work)

    assert (refused["lane"], refused["detail"]) == ("listen:marche", f"Unauthorized: {NEW_TOKEN}")
    troubles = {record.getMessage() for record in ears.records if record.levelname not in {"INFO", "DEBUG"}}
    assert (len(ears.about("lane_halted")), troubles - {"staff_alerted"}) == (1, {"lane_halted"})
    assert await ledger(settings) == {TOWN: "sent", MARKET: "planned"}


async def test_a_token_that_is_refused_when_sending_is_said_with_the_same_cure(tmp_path: Path, ears: Ears) -> None:
    """Revoked while the town runs: the sending lane may meet it first."""
    async with TelegramServer(world()) as server:
        settings = await configured(tmp_path, account(server.url))
        await announce(settings)
        server.faults.add(Fault(harm=Harm.REFUSED, method="sendMessage", status=401))

        async with serving(settings) as work:
            refused = await ears.hears("lane_halted")
            await stopped(work)

    assert (refused["lane"], str(refused["detail"]).endswith(NEW_TOKEN)) == ("send:telegram", True)
    assert await ledger(settings) == {TOWN: "planned"}


# ── out of reach ───────────────────────────────────────────────────────────────────────────────────────────


def free_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        return int(nobody.getsockname()[1])


async def test_a_town_begins_by_itself_once_the_platform_can_be_reached(tmp_path: Path, ears: Ears) -> None:
    """The machine started before its network did."""
    port = free_port()
    settings = await configured(tmp_path, account(f"http://127.0.0.1:{port}"))
    await announce(settings)

    async with serving(settings) as work:
        await ears.hears("platform_out_of_reach")
        async with TelegramServer(town := world(), port=port):
            await appears(town, TOWN)
            await stopped(work)

    assert (len(ears.about("platform_out_of_reach")), len(ears.about("platform_reached"))) == (1, 1)


@dataclass(kw_only=True)
class Place(ScriptedPlatform):
    """An account that may be told that nobody is at an address, and what is wrong in its chats."""

    unknown: frozenset[Address] = frozenset()
    wrong: tuple[Finding, ...] = ()
    checked: list[tuple[Address, ...]] = field(default_factory=list)

    async def resolve(self, address: Address) -> Address:
        """Itself, or nobody."""
        if address in self.unknown:
            raise Rejected("Chat not found")
        return address

    async def check(self, addresses: Sequence[Address]) -> tuple[Finding, ...]:
        """What is wrong."""
        self.checked.append(tuple(addresses))
        return self.wrong


class Desk:
    """A reception over fakes, with the pauses it made."""

    def __init__(self, platform: Place) -> None:
        self.pauses: list[float] = []
        self.store = MemoryStore()
        self.reception = Reception(
            platform=platform,
            store=self.store,
            heard_into=self.store,
            vault=MemoryVault(),
            clock=StoppedClock(),
            town=SAINT_AUBIN,
            words=FakeWords(),
            wake=lambda: None,
            pause=self.pause,
        )

    async def pause(self, seconds: float) -> None:
        """Wait for nothing."""
        self.pauses.append(seconds)

    async def opens(self) -> None:
        """Listen until the account is open."""
        listening = asyncio.create_task(self.reception.listen())
        async with asyncio.timeout(LONGEST):
            await self.reception.opened.wait()
        listening.cancel()
        await asyncio.wait([listening])


async def test_a_platform_out_of_reach_is_asked_less_and_less_often_and_said_once(ears: Ears) -> None:
    """A night without network is one line in the log."""
    desk = Desk(platform := Place())
    platform.fails("open", Unavailable("no route to host"), times=7)

    await desk.opens()

    assert desk.pauses == [1, 2, 4, 8, 16, 30, 30]
    assert [record.getMessage() for record in ears.records] == ["platform_out_of_reach", "platform_reached"]


async def test_a_platform_that_says_when_to_come_back_is_asked_then() -> None:
    """It refuses longer those who come earlier."""
    desk = Desk(platform := Place())
    platform.fails("open", Unavailable("too many requests", retry_after=timedelta(seconds=42)))

    await desk.opens()

    assert desk.pauses == [42]


async def test_an_account_that_another_program_uses_is_not_asked_again() -> None:
    """Trying would only disturb the other: a human must act."""
    desk = Desk(platform := Place())
    platform.fails("open", Rival("terminated by other getUpdates request"))

    with pytest.raises(Rival):
        await desk.reception.listen()

    assert desk.pauses == []


async def test_an_account_that_is_heard_again_is_not_looked_at_again() -> None:
    """A lane that failed starts anew; what is wrong in a chat was said."""
    desk = Desk(platform := Place())
    for _ in range(2):
        await desk.opens()
        desk.reception.opened.clear()

    assert platform.checked == [(CHANNEL, DEBATES)]


async def test_an_account_is_busy_while_it_is_opened_and_not_while_it_is_out_of_reach() -> None:
    """The clock of a demonstration must not jump before it listens, nor stand still while there is no network."""
    desk = Desk(platform := Place())
    platform.fails("open", Unavailable("no route to host"))
    states: list[bool] = []

    async def noted(_seconds: float) -> None:
        states.append(desk.reception.busy)

    desk.reception.pause = noted
    with platform.slow("open"):
        listening = asyncio.create_task(desk.reception.listen())
        await asyncio.sleep(0)
        states.append(desk.reception.busy)
    await desk.reception.opened.wait()
    listening.cancel()
    await asyncio.wait([listening])

    assert states == [True, False]


class Held(Place):
    """An account whose listening depends on something that is held, and may be refused."""

    refused: PlatformError | None = None
    let_go: bool = False

    async def keep(self) -> None:
        """Hold it until told otherwise, or be refused."""
        if self.refused is not None:
            raise self.refused
        try:
            await asyncio.Event().wait()
        finally:
            self.let_go = True


async def test_what_is_held_while_people_are_heard_is_let_go_with_the_account() -> None:
    """A gateway that stays open would take what the next one should hear."""
    desk = Desk(platform := Held())
    platform.fails("fetch", Unauthorised("the token was revoked"))

    with pytest.raises(Unauthorised, match="the token was revoked: the platform refuses the token"):
        await desk.reception.listen()

    assert platform.let_go


@pytest.mark.parametrize("refusal", [Unauthorised("intents refused"), Rival("another session")], ids=["token", "rival"])
async def test_a_refusal_of_what_is_held_ends_the_listening_as_itself(refusal: PlatformError) -> None:
    """The lane's owner tells these two from a fault that is worth another try."""
    platform = Held()
    platform.refused = refusal

    with pytest.raises(type(refusal), match=refusal.detail):
        await Desk(platform).reception.listen()


def test_the_menu_tells_which_commands_are_followed_by_something() -> None:
    """A network with forms asks for the rest."""
    assert introduction().worded == {"vote", "withdraw", "language", "link", "opinion", "appeal"}


def test_a_name_that_a_menu_shows_in_french_is_understood() -> None:
    """Who types what the menu of somebody else shows is served as well."""
    shown = introduction().names

    assert shown == {"fr": {"opinion": "avis"}, "en": {}}
    assert [getattr(find(name), "name", None) for name in shown["fr"].values()] == list(shown["fr"])


async def test_an_account_that_is_not_connected_yet_cannot_be_checked() -> None:
    """Which is not yet a refusal; a refused token is one."""
    desk = Desk(platform := Place())
    with pytest.raises(Unavailable):
        await desk.reception.check([])
    platform.fails("open", Unauthorised("401"))

    with pytest.raises(Unauthorised):
        await desk.reception.listen()

    with pytest.raises(Unauthorised):
        await desk.reception.check([])


# ── without rights ─────────────────────────────────────────────────────────────────────────────────────────


def expelled(town: World) -> None:
    """The bot is thrown out of its channel."""
    town.expel(CHANNELS[MARKET], 1000002, ANNE)


def without_rights(town: World) -> None:
    """The bot may read and not write."""
    town.promote(CHANNELS[MARKET], 1000002, frozenset())


@pytest.mark.parametrize(
    ("happens", "cure"),
    [
        (expelled, "add @marche_bot to the chat as an administrator, and check its address"),
        (without_rights, "in the chat's settings, under Administrators, give the bot these rights"),
    ],
)
async def test_a_channel_where_the_bot_may_not_write_is_said_with_its_cure_and_the_rest_goes_on(
    tmp_path: Path, ears: Ears, happens: Callable[[World], None], cure: str
) -> None:
    """Before the campaign fails there, and again when it does."""
    happens(town := world())
    async with TelegramServer(town) as server:
        settings = await configured(tmp_path, account(server.url), account(server.url, MARKET))
        await announce(settings)

        async with serving(settings) as work:
            foreseen, failed = await ears.hears("not_ready"), await ears.hears("delivery_settled", state="failed")
            await appears(town, TOWN)
            await stopped(work)

    assert (foreseen["account"], foreseen["cure"], len(ears.about("not_ready"))) == (MARKET, cure, 1)
    assert (failed["to"], failed["cure"]) == (MARKET, "ask what is missing: parvis doctor")
    assert await ledger(settings) == {TOWN: "sent", MARKET: "failed"}


async def test_a_square_that_is_not_found_keeps_its_name_and_the_account_is_heard() -> None:
    """People may still vote in the channel."""
    desk = Desk(Place(unknown=frozenset({DEBATES})))

    await desk.opens()

    assert desk.reception.runner is not None


async def test_a_chat_that_moved_is_looked_at_where_it_is_now() -> None:
    """A group that became a supergroup is no trouble, whatever the configuration still says."""
    desk = Desk(platform := Place())
    await desk.store.write(lambda books: books.town.moved(ACCOUNT, CHANNEL, Address("-100999")))

    await desk.opens()

    assert platform.checked == [(Address("-100999"), DEBATES)]


def test_a_chat_that_is_debated_where_it_is_told_is_looked_at_once() -> None:
    """On Discord the debate stands below the announcement: what is wrong there is one thing to mend."""
    channel = replace(SAINT_AUBIN.channels[0], discussion=CHANNEL)

    found = places(replace(SAINT_AUBIN, channels=(channel,)), ACCOUNT)

    assert found == (CHANNEL,)


async def test_what_is_wrong_in_a_chat_holds_nobody_up(ears: Ears) -> None:
    """It is said, with everything a human needs, and the account is opened."""
    wrong = Finding("La place", ok=False, detail="the bot may not pin", cure="let it")
    desk = Desk(Place(wrong=(Finding("account", ok=True, detail="@ville_bot"), wrong)))

    await desk.opens()

    (said,) = ears.about("not_ready")
    assert (said["subject"], said["detail"], said["cure"]) == (wrong.subject, wrong.detail, wrong.cure)


# ── where others may listen ────────────────────────────────────────────────────────────────────────────────


async def test_an_account_is_open_for_those_who_send_although_nobody_listens_here() -> None:
    """Another host hears the people."""
    desk = Desk(Place())

    await desk.reception.stand_by()

    assert (desk.reception.opened.is_set(), desk.reception.runner) == (True, None)


async def test_an_account_that_is_refused_is_asked_again_later() -> None:
    """The lanes of the account tell people; whoever stands by waits."""
    place = Place()
    place.fails("open", Unauthorised("revoked"), times=2)
    desk = Desk(place)

    await desk.reception.stand_by()

    assert (desk.pauses, desk.reception.opened.is_set()) == ([30, 30], True)
