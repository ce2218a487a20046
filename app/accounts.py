"""Bot accounts: the adapter for each, how it introduces itself, and what its listening lane does."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, TypeVar

from app.settings import Account, Settings
from bots.catalogue import COMMANDS, Name
from bots.desk import Desk
from bots.runner import Runner
from core.audience import Channel
from core.errors import PlatformError, Rejected, Rival, Unauthorised, Unavailable
from core.identifiers import AccountName, Address, Locale
from core.ports.clock import Clock
from core.ports.moderator import NO_POWERS, Moderator, Powers
from core.ports.platform import Finding, Form, Introduction, Platform
from core.ports.store import Books, Store
from core.ports.vault import Vault
from core.ports.words import Words
from core.rules.recent import Recent
from core.staff import Staff
from core.town import Town
from templates.commands import descriptions, for_staff, forms, menus, names, report

log = logging.getLogger("parvis.app")

T = TypeVar("T")

_LONGEST_PAUSE = 30  # seconds
_NEW_TOKEN = "the platform refuses the token; put the right one where the configuration says, then restart"  # noqa: S105  no token
_ONE_PROGRAM = (
    "another program listens with this bot, or did: stop it; if nobody knows of one, ask @BotFather for a new token"
    " (/revoke), put it where the configuration says, then restart"
)


class Moderated(Platform, Protocol):
    """An account that can also keep order."""

    @property
    def moderator(self) -> Moderator:
        """Who does."""
        ...


def platform_of(account: Account, settings: Settings, clock: Clock) -> Moderated:
    """The adapter of an account, not yet connected. Raises Misconfigured without a token."""
    return _ADAPTERS[account.platform](account, settings, clock, account.token())


def preview_platform(account: Account, settings: Settings, clock: Clock) -> Platform:
    """The adapter of an account for planning only: it needs no token and must not be opened."""
    return _ADAPTERS[account.platform](account, settings, clock, "0:preview")


def preview_moderator(account: Account, settings: Settings, clock: Clock) -> Moderator:
    """Who keeps order with an account, to be asked what can be done there; nothing is connected."""
    return _ADAPTERS[account.platform](account, settings, clock, "0:preview").moderator


def recalled(books: Books, settings: Settings) -> dict[AccountName, str]:
    """What each account learnt when it was last opened."""
    found = {account.name: books.town.fact(_introduced(account.name)) for account in settings.accounts}
    return {name: fact for name, fact in found.items() if fact is not None}


def _introduced(account: AccountName) -> str:
    return f"introduced:{account}"


def discussed(books: Books, channel: Channel) -> Address | None:
    """Where a channel is discussed, as the platform's updates call it, for those who never asked the platform."""
    found = books.town.fact(_placed(channel))
    return channel.discussion if found is None else Address(found)


def _placed(channel: Channel) -> str:
    return f"discussed:{channel.account}:{channel.discussion}"


def _telegram(account: Account, settings: Settings, clock: Clock, token: str) -> Moderated:
    from adapters.telegram.adapter import TelegramAdapter  # noqa: PLC0415  a network's library, only where it is used

    return TelegramAdapter(
        account=account.name,
        token=token,
        base_url=account.base_url,
        clock=clock,
        discussions=settings.town.discussions(account.name),
        ca_file=settings.ca_file,
    )


def _mastodon(account: Account, settings: Settings, clock: Clock, token: str) -> Moderated:
    from adapters.mastodon.adapter import MastodonAdapter  # noqa: PLC0415  a network's library, only where it is used

    return MastodonAdapter(
        account=account.name, token=token, base_url=account.base_url, clock=clock, ca_file=settings.ca_file
    )


def _discord(account: Account, settings: Settings, clock: Clock, token: str) -> Moderated:
    from adapters.discord.adapter import DiscordAdapter  # noqa: PLC0415  a network's library, only where it is used

    return DiscordAdapter(
        account=account.name,
        token=token,
        base_url=account.base_url,
        clock=clock,
        discussions=settings.town.discussions(account.name),
        channels={each.address: each.tags for each in settings.town.channels if each.account == account.name},
        automod=account.automod,
        ca_file=settings.ca_file,
    )


_ADAPTERS: dict[str, Callable[[Account, Settings, Clock, str], Moderated]] = {
    "telegram": _telegram,
    "discord": _discord,
    "mastodon": _mastodon,
}


def introduction() -> Introduction:
    """The menu of commands in every language."""
    known = {entry.name.value for entry in COMMANDS}
    return Introduction(
        commands={
            locale.value: tuple((name, words) for name, words in descriptions(locale).items() if name in known)
            for locale in Locale
        },
        worded=frozenset({Name.VOTE, Name.WITHDRAW, Name.LANGUAGE, Name.LINK, Name.OPINION, Name.APPEAL}),
        forms=_forms(),
        report={locale.value: report(locale) for locale in Locale},
        staff={locale.value: tuple(for_staff(locale).items()) for locale in Locale},
        menus=_menus(),
        names={locale.value: names(locale) for locale in Locale},
    )


def _menus() -> dict[str, dict[str, str]]:
    said = {locale.value: menus(locale) for locale in Locale}
    return {name: {locale: words[name] for locale, words in said.items()} for name in said[Locale.FR.value]}


def _forms() -> dict[str, dict[str, Form]]:
    said = {locale.value: forms(locale) for locale in Locale}
    names = said[Locale.FR.value]
    return {name: {locale: Form(**words[name]) for locale, words in said.items()} for name in names}


def places(town: Town, account: AccountName) -> tuple[Address, ...]:
    """Every chat that an account is meant to serve, once, as the configuration names it; nobody's private one."""
    ours = [channel for channel in town.channels if channel.account == account]
    public = [place for channel in ours for place in (channel.address, channel.discussion) if place is not None]
    rooms = [each.address for each in town.staff_channels if each.account == account and not each.private]
    return tuple(dict.fromkeys((*public, *rooms)))


@contextmanager
def with_cure() -> Iterator[None]:
    """Say what to do about a token that is refused, or used elsewhere. Raises Unauthorised or Rival."""
    try:
        yield
    except Unauthorised as refusal:
        raise Unauthorised(f"{refusal.detail}: {_NEW_TOKEN}") from refusal
    except Rival as refusal:
        raise Rival(f"{refusal.detail}: {_ONE_PROGRAM}") from refusal


@dataclass(slots=True, kw_only=True)
class Reception:
    """One account receiving people: opened first, then heard for ever. ``opened`` tells the sending lane to begin.

    ``heard_into`` is the store of the listening lane, ``store`` what is remembered of the account whoever listens.

    ``pause`` waits so many seconds of real time, which network troubles take.
    """

    platform: Platform
    store: Store
    heard_into: Store
    vault: Vault
    clock: Clock
    town: Town
    words: Words
    wake: Callable[[], None]
    staff: Staff = Staff()  # noqa: RUF009  a frozen value
    recent: Recent = field(default_factory=Recent)
    powers: Powers = NO_POWERS
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    runner: Runner | None = None
    _answered: asyncio.Event = field(default_factory=asyncio.Event)
    _refusal: Unauthorised | Rival | None = None
    _one_opens: asyncio.Lock = field(default_factory=asyncio.Lock)
    _reaching: int = 0

    @property
    def busy(self) -> bool:
        """Whether anything heard is not yet dealt with, or any call under way; an answer may wait for its turn.

        While the account is opened as well, but not in the pauses in which it is out of reach.
        """
        return self._reaching > 0 or self.platform.busy or (self.runner is not None and self.runner.busy)

    @property
    def votes_wait_since(self) -> datetime | None:
        """When the oldest vote that was promised and is not yet stored was heard."""
        return self.runner.votes_wait_since if self.runner is not None else None

    async def check(self, addresses: Sequence[Address]) -> tuple[Finding, ...]:
        """What the platform says of token and rights, without opening the account. Raises PlatformError."""
        if self.opened.is_set():
            return await self.platform.check(addresses)
        raise self._refusal or Unavailable("the account is not connected yet")

    async def listen(self) -> None:
        """The listening lane. Raises what the platform raises; may be run again."""
        try:
            with with_cure():
                self.runner = await self._reached()
                self.opened.set()
                self._answered.set()
                await self._hear(self.runner)
        except Unauthorised as refusal:
            self._refusal = refusal
            self._answered.set()
            raise

    async def _hear(self, runner: Runner) -> None:
        """Hear people, and hold what must be held meanwhile. Raises what either raises, alone."""
        try:
            async with asyncio.TaskGroup() as tasks:
                keeping = tasks.create_task(self.platform.keep())
                try:
                    await runner.listen()
                finally:
                    keeping.cancel()
        except ExceptionGroup as several:
            told = [error for error in several.exceptions if isinstance(error, PlatformError)]
            raise (told or several.exceptions)[0] from several

    async def leave(self) -> None:
        """Leave nobody with a promise that is not kept, once this lane is listened to no more, or elsewhere."""
        if self.runner is not None:
            await self.runner.leave()

    async def stand_by(self) -> None:
        """Open the account without listening, for those who send or look in this process; another one may listen."""
        while not self.opened.is_set():
            try:
                with with_cure():
                    await self._insisting(self._connected)
                self.opened.set()
            except (Unauthorised, Rival) as refusal:  # its lanes tell people, wherever they run
                self._refusal = refusal
                await self.pause(_LONGEST_PAUSE)

    async def first_answer(self) -> Unauthorised | Rival | None:
        """Wait until the platform has opened the account, then None, or has refused it."""
        await self._answered.wait()
        return self._refusal

    async def _reached(self) -> Runner:
        """The runner of an account that is open, however long the platform stays out of reach."""
        return await self._insisting(self._received)

    async def _received(self) -> Runner:
        await self._connected()
        return self.runner or await self._runner()

    async def _insisting(self, reach: Callable[[], Awaitable[T]]) -> T:
        """What it gives, however long the platform stays out of reach."""
        failures = 0
        while True:
            try:
                found = await self._trying(reach)
            except (Unauthorised, Rival):
                raise
            except PlatformError as error:
                await self._wait(error, failures)
                failures += 1
            else:
                if failures:
                    log.info("platform_reached", extra={"account": self.platform.account, "failures": failures})
                return found

    async def _trying(self, reach: Callable[[], Awaitable[T]]) -> T:
        self._reaching += 1
        try:
            return await reach()
        finally:
            self._reaching -= 1

    async def _wait(self, error: PlatformError, failures: int) -> None:
        """Pause; the first failure is told."""
        if not failures:
            log.warning("platform_out_of_reach", extra={"account": self.platform.account, "detail": error.detail})
        told = error.retry_after if isinstance(error, Unavailable) else None
        await self.pause(told.total_seconds() if told else min(1 << min(failures, 10), _LONGEST_PAUSE))

    async def _runner(self) -> Runner:
        await self._look_around()
        desk = Desk(
            store=self.heard_into,
            vault=self.vault,
            clock=self.clock,
            town=await self._town(),
            platform=self.platform.name,
            account=self.platform.account,
            wake=self.wake,
            staff=self.staff,
            recent=self.recent,
            powers=self.powers,
        )
        return Runner(desk=desk, platform=self.platform, words=self.words)

    async def _connected(self) -> None:
        async with self._one_opens:
            await self._open()

    async def _open(self) -> None:
        fact = _introduced(self.platform.account)
        known = await self.store.read(lambda books: books.town.fact(fact))
        now_known = await self.platform.open(await asyncio.to_thread(introduction), known=known)
        if now_known != known:
            await self.store.write(lambda books: books.town.set_fact(fact, now_known))

    async def _look_around(self) -> None:
        """Say what this account may not do in its chats, with the cure: before a campaign fails there."""
        named, account = places(self.town, self.platform.account), self.platform.account
        current = await self.store.read(lambda books: [books.town.address(account, place) for place in named])
        for found in await self.platform.check(current):
            if not found.ok:
                fields = {"account": account, "subject": found.subject, "detail": found.detail, "cure": found.cure}
                log.warning("not_ready", extra=fields)

    async def _town(self) -> Town:
        """The town with the addresses that the platform's updates use; a place that is not found keeps its name."""
        return replace(self.town, channels=tuple([await self._placed(channel) for channel in self.town.channels]))

    async def _placed(self, channel: Channel) -> Channel:
        if channel.account != self.platform.account or channel.discussion is None:
            return channel
        return replace(channel, discussion=await self._resolved(channel, channel.discussion))

    async def _resolved(self, channel: Channel, address: Address) -> Address:
        current = await self.store.read(lambda books: books.town.address(channel.account, address))
        try:
            found = await self.platform.resolve(current)
        except Rejected:  # said already, with its cure
            return current
        if await self.store.read(lambda books: discussed(books, channel)) != found:
            await self.store.write(lambda books: books.town.set_fact(_placed(channel), found))
        return found
