"""Who and what exists: accounts, tokens, posts, polls, media, and who follows, blocks or mutes whom."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sandbox.journal import Entry, Journal
from sandbox.mastodon.errors import NobodyThere
from sandbox.mastodon.ids import Ids
from sandbox.mastodon.posts import Posts
from sandbox.mastodon.profiles import MASTODON, Profile
from sandbox.mastodon.values import (
    Account,
    Change,
    Media,
    Mute,
    Notification,
    Poll,
    Report,
    Scheduled,
    Status,
    Token,
    Violation,
)
from sandbox.real_clock import Clock

LONG_AGO = timedelta(days=400)
SCOPES = ("profile", "read", "write", "follow")


class Places:
    """The state of the imitation, without what happens in it. ``domain`` is the server's name in addresses.

    ``banned`` is a text that makes posts to strangers vanish (``antispam.rb``). ``looks`` says how often a video must
    be asked for before it is ready, ``damaged`` makes processing fail.
    """

    def __init__(  # noqa: PLR0915  what there is, one kind a line
        self, *, clock: Clock, journal: Journal, profile: Profile = MASTODON, domain: str
    ) -> None:
        self.clock = clock
        self.journal = journal
        self.profile = profile
        self.domain = domain
        self.ids = Ids(profile.ids, clock)
        self.accounts: dict[str, Account] = {}
        self.tokens: dict[str, Token] = {}
        self.statuses = Posts()
        self.polls: dict[str, Poll] = {}
        self.media: dict[str, Media] = {}
        self.contents: dict[str, bytes] = {}
        self.notifications: dict[str, list[Notification]] = {}
        self.favourites: dict[str, dict[str, datetime]] = {}
        self.follows: set[tuple[str, str]] = set()
        self.staff: set[str] = set()
        self.requested: set[tuple[str, str]] = set()
        self.blocks: set[tuple[str, str]] = set()
        self.mutes: dict[tuple[str, str], Mute] = {}
        self.pins: dict[str, list[str]] = {}
        self.scheduled: dict[str, Scheduled] = {}
        self.reports: list[Report] = []
        self.violations: list[Violation] = []
        self.flooded = 0
        self.activity = 0
        self.banned: str | None = None
        self.looks = 2
        self.damaged = False
        self.on_plan: Callable[[datetime], None] = _nothing
        self._listeners: list[Callable[[Change], None]] = []
        self._plans: list[tuple[datetime, int, Callable[[], None]]] = []
        self._planned = 0

    # ── who is there ──

    def account(self, number: str) -> Account:
        """An account. Raises ``NobodyThere``."""
        found = self.accounts.get(number)
        if found is None:
            raise NobodyThere(f"no account {number}")
        return found

    def status(self, number: str) -> Status:
        """A post. Raises ``NobodyThere``."""
        found = self.statuses.get(number)
        if found is None:
            raise NobodyThere(f"no post {number}")
        return found

    def find(self, name: str) -> Account | None:
        """The account that is called so: ``@anne``, ``anne@elsewhere.example``, ``anne@`` this domain."""
        username, _, domain = name.removeprefix("@").lower().partition("@")
        local = domain in {"", self.domain.lower()}
        for account in self.accounts.values():
            if account.username.lower() == username and (account.domain is None if local else account.domain == domain):
                return account
        return None

    def bots(self) -> list[Account]:
        """The accounts that programs act for, each once."""
        return [self.accounts[number] for number in dict.fromkeys(token.account for token in self.tokens.values())]

    def the_bot(self, number: str | None = None) -> Account:
        """The bot with this id; the first one when none is named. Raises ``NobodyThere``."""
        for bot in self.bots():
            if number is None or bot.id == number:
                return bot
        raise NobodyThere(f"no bot {number}")

    def add_account(self, acct: str, display_name: str = "", **more: Any) -> Account:
        """Somebody moves in; ``acct`` with a domain makes them an inhabitant of another server.

        ``more`` are fields of ``Account``; without ``id`` they get the next one.
        """
        username, _, domain = acct.partition("@")
        fields = {"id": self.ids.next(), "created_at": self.clock.now() - LONG_AGO, **more}
        account = Account(username=username, domain=domain or None, display_name=display_name, **fields)
        self.accounts[account.id] = account
        return account

    def add_bot(
        self, token: str, *, username: str, display_name: str = "Parvis", scopes: tuple[str, ...] = SCOPES
    ) -> Account:
        """An account that a program acts for; the program still has to say that it is a bot."""
        account = self.add_account(username, display_name, locked=self.profile.locked)
        self.add_token(token, account.id, scopes)
        return account

    def add_token(self, token: str, account: str, scopes: tuple[str, ...] = SCOPES) -> None:
        """One more application may act for an account."""
        self.tokens[token] = Token(value=token, account=account, scopes=frozenset(scopes))

    def revoke(self, token: str) -> None:
        """The account's owner takes the permission back."""
        self.tokens[token] = replace(self.tokens[token], revoked=True)

    def silence(self, account: str, *, silenced: bool = True) -> None:
        """Moderators limit an account, or no longer."""
        self.accounts[account] = replace(self.account(account), silenced=silenced)

    # ── who sees what ──

    def sees(self, viewer: str | None, status: Status) -> bool:
        """Whether a post is for these eyes (``status_policy.rb``)."""
        if viewer is not None and (status.account == viewer or viewer in status.mentions):
            return True
        if viewer is not None and (status.account, viewer) in self.blocks:
            return False
        if status.visibility == "private":
            return viewer is not None and (viewer, status.account) in self.follows
        return status.visibility != "direct"

    def mute_of(self, account: str, other: str) -> Mute | None:
        """How an account mutes another now."""
        mute = self.mutes.get((account, other))
        return None if mute is None or (mute.until is not None and mute.until <= self.clock.now()) else mute

    def boosts_of(self, status: str) -> list[Status]:
        """The boosts of a post."""
        return self.statuses.boosting(status)

    def replies_to(self, status: str) -> list[Status]:
        """The answers to a post, oldest first."""
        return self.statuses.answering(status)

    def place_of(self, status: Status) -> str:
        """Whose place a post stands in, for the journal: of direct posts, the person's; else the bot's concerned."""
        programs = {bot.id for bot in self.bots()}
        people = (status.account, *status.mentions)
        if status.visibility == "direct":
            return next((number for number in people if number not in programs), status.account)
        answered = self.statuses.get(status.reply_to or "")
        concerned = (*people, *((answered.account, *answered.mentions) if answered else ()))
        return next((number for number in concerned if number in programs), status.account)

    # ── what is going on ──

    def note(self, kind: str, **fields: object) -> Entry:
        """Write into the journal, with the network and the server."""
        return self.journal.write(kind, network="mastodon", server=self.domain, **fields)

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Have ``listener`` called, at once, with every change that people can see; the answer ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def announce(self, change: Change) -> None:
        """Tell the listeners."""
        self.activity += 1
        for listener in tuple(self._listeners):
            listener(change)

    def plan(self, at: datetime, act: Callable[[], None]) -> None:
        """Have something happen by itself at this instant, or when the world is next looked at after it."""
        self._planned += 1
        heapq.heappush(self._plans, (at, self._planned, act))
        self.on_plan(at)

    def planned(self) -> Iterator[datetime]:
        """The instants at which something is to happen."""
        return (at for at, _, _ in self._plans)

    def catch_up(self) -> None:
        """Let everything happen that is due."""
        while self._plans and self._plans[0][0] <= self.clock.now():
            heapq.heappop(self._plans)[2]()


def _nothing(_at: datetime) -> None:
    """Nobody watches the clock for this world: what is due happens when it is looked at."""
