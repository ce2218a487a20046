"""Messages that show a poll follow it: compared, edited when they differ, and final once the poll is closed.

What a board shows is remembered by its digest, so that a restart repeats nothing. Boards in public places follow the
count while the poll is open; those in private chats change once, at closing. An edit that fails, or a chat that was
told to pause, holds up no other: looks may overlap, and each leaves alone the chats in the hands of an earlier one. A
chat in which an edit failed is left alone for a while, longer each time; an account that is refused, for minutes.
While the town is held nothing is changed: what was restored may know less than what people read.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b
from typing import TypeAlias

from core.audience import Recipient
from core.capabilities import Capabilities, without_native_poll
from core.errors import PlatformError, Rejected, StorageError, Unauthorised
from core.identifiers import AccountName, PollId
from core.messages import Delivered, PollOpened, PollReminder
from core.native import NativePoll
from core.poll import Poll, PollState, Showing, Tally
from core.ports.books.deliveries import Board
from core.ports.platform import Platform
from core.ports.store import Books, Store
from core.ports.words import Words
from core.post import Post
from delivery.bells import Hands
from delivery.directory import Directory
from delivery.trouble import Trouble

MOST = 300  # chats in hand together: a few seconds of a platform's pace
_LONGEST_REST = 64  # looks: a few minutes

log = logging.getLogger("parvis.delivery")

_Chat: TypeAlias = tuple[AccountName, Recipient]


@dataclass(frozen=True, slots=True)
class _Rest:
    """A chat left alone until this look, and for how many looks that is."""

    until: int
    looks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A board that does not show what it should; no ``post`` when it need not, or cannot, be changed any more."""

    board: Board
    post: Post | None
    digest: bytes
    final: bool


class Boards:
    """Keeps the boards of all accounts up to date. Looks follow a tick of 3 s, so that edits are coalesced."""

    def __init__(
        self,
        *,
        store: Store,
        words: Words,
        directory: Directory,
        platforms: Mapping[AccountName, Platform],
        most: int = MOST,
    ) -> None:
        """``most`` chats at most are in hand, or left alone after a failure, at the same time."""
        self._store = store
        self._words = words
        self._directory = directory
        self._platforms = platforms
        self._most = most
        self._hands = Hands()
        self._one_reads = asyncio.Lock()
        self._in_hand: set[_Chat] = set()
        self._looks = 0
        self._resting: dict[_Chat, _Rest] = {}
        self._refused: dict[AccountName, int] = {}
        self._trouble = Trouble("boards")

    @property
    def busy(self) -> bool:
        """Whether something is compared or stored; an edit waiting for its turn is rest."""
        return self._hands.busy

    async def look(self) -> None:
        """Change what differs; returns when every edit was made or refused. Nothing while the store is away."""
        with self._hands.at_work():
            chats = await self._taken()
            with self._hands.at_rest():
                async with asyncio.TaskGroup() as group:
                    for chat, changes in chats.items():
                        task = group.create_task(self._follow(changes))
                        task.add_done_callback(partial(self._let_go, chat))  # called also when it never began

    async def _taken(self) -> Mapping[_Chat, Sequence[_Change]]:
        """The changes to make, by chat; these chats are in hand from now on."""
        async with self._one_reads:  # what is read later is never taken by an earlier look
            self._looks += 1
            resting = {chat for chat, rest in self._resting.items() if rest.until > self._looks}
            alone = self._in_hand | resting
            refused = {account for account, until in self._refused.items() if until > self._looks}
            try:
                changes = await self._store.read(partial(self._changes, frozenset(alone), frozenset(refused)))
            except StorageError as error:
                self._trouble.begins(error)
                return {}
            self._trouble.ends()
            chats: defaultdict[_Chat, list[_Change]] = defaultdict(list)
            for change in changes:
                chats[_chat(change.board)].append(change)
            self._in_hand |= chats.keys()
            return chats

    def _changes(self, alone: frozenset[_Chat], refused: frozenset[AccountName], books: Books) -> list[_Change]:
        if books.town.fact("held") is not None:
            return []
        polls: dict[PollId, tuple[Poll, Tally]] = {}
        changes = []
        room = max(0, self._most - len(alone))
        for board in books.deliveries.boards(limit=room, except_chats=alone, except_accounts=refused):
            if board.poll not in polls:
                poll = books.polls.get(board.poll)
                if poll is None:
                    continue
                polls[board.poll] = (poll, books.polls.tally(board.poll))
            change = self._change(books, board, *polls[board.poll])
            if change is not None:
                changes.append(change)
        return changes

    def _change(self, books: Books, board: Board, poll: Poll, tally: Tally) -> _Change | None:
        """What the board needs; None when it shows what it should."""
        final = poll.is_over
        platform = self._platforms.get(board.account)
        destination = self._directory.find(books, board.account, board.recipient)
        if platform is None or destination is None:
            return _Change(board=board, post=None, digest=b"", final=True)
        if board.native and not _stays_open(poll, platform.capabilities.native_poll):
            return _Change(board=board, post=None, digest=b"", final=True) if final else None
        if destination.private:
            board = replace(board, receipt=replace(board.receipt, address=destination.address))
        on = _as_sent(board, platform.capabilities, private=destination.private)
        post = self._words.post(shown_now(board.message, poll, tally), destination.locale, on)
        digest = digest_of(post)
        before = board.digest or digest_of(self._words.post(board.message, destination.locale, on))
        if digest != before:
            return _Change(board=board, post=post, digest=digest, final=final)
        return _Change(board=board, post=None, digest=digest, final=True) if final else None

    async def _follow(self, changes: Sequence[_Change]) -> None:
        for change in changes:
            await self._make(change)

    def _let_go(self, chat: _Chat, _: "asyncio.Task[None]") -> None:
        self._in_hand.discard(chat)

    async def _make(self, change: _Change) -> None:
        board, final = change.board, change.final
        if self._refused.get(board.account, 0) > self._looks:
            return
        try:
            if change.post is not None:
                await self._platforms[board.account].edit(board.receipt, change.post)
        except Rejected as error:
            log.warning("board_lost", extra={"delivery": board.delivery, "error": type(error).__name__})
            final = True
        except Unauthorised:  # its lanes find it too, and say what to do
            log.debug("boards_over", extra={"account": board.account})
            self._refused[board.account] = self._looks + _LONGEST_REST
            return
        except PlatformError as error:
            self._rest(_chat(board))
            log.debug("board_waits", extra={"delivery": board.delivery, "error": type(error).__name__})
            return
        except Exception:  # the supervisor of boards: those of other chats are in the middle of calls
            self._rest(_chat(board))
            log.exception("board_fault", extra={"delivery": board.delivery})
            return
        self._resting.pop(_chat(board), None)
        self._refused.pop(board.account, None)
        with self._hands.at_work():
            await self._remember(change, final=final)

    def _rest(self, chat: _Chat) -> None:
        before = self._resting.get(chat)
        looks = 1 if before is None else min(2 * before.looks, _LONGEST_REST)
        self._resting[chat] = _Rest(self._looks + looks, looks)

    async def _remember(self, change: _Change, *, final: bool) -> None:
        number, digest = change.board.delivery, change.digest
        try:
            await self._store.write(lambda books: books.deliveries.shown(number, digest, final=final))
        except StorageError as error:  # the next look edits it again, which changes nothing
            log.debug("board_waits", extra={"delivery": number, "error": type(error).__name__})


def _as_sent(board: Board, on: Capabilities, *, private: bool) -> Capabilities:
    """The network as it was when this was sent: what went out with our own ballot keeps it."""
    ours = isinstance(board.message, PollOpened) and not board.native
    return without_native_poll(on) if private or ours else on


def _stays_open(poll: Poll, native: NativePoll | None) -> bool:
    """Whether people could go on voting in the network's own poll, unless its words say that it was stopped.

    All else about its own poll the network keeps up itself.
    """
    return poll.state is PollState.STOPPED and native is not None and not native.ends_early


def _chat(board: Board) -> _Chat:
    return board.account, board.recipient


def shown_now(message: Delivered, poll: Poll, tally: Tally) -> Delivered:
    """The message as it should now read.

    Counts are shown when the poll shows them all along, or once it is closed; never of one that was stopped.
    """
    if isinstance(message, PollOpened):
        visible = poll.state is PollState.CLOSED or (poll.showing is Showing.LIVE and not poll.is_over)
        return replace(message, poll=poll, voters=tally.voters, tally=tally if visible else None)
    if isinstance(message, PollReminder):
        return replace(message, poll=poll, voters=tally.voters)
    return message


def digest_of(post: Post) -> bytes:
    """16 bytes, equal for posts that look the same."""
    return blake2b(repr(post).encode("utf-8", "surrogatepass"), digest_size=16).digest()
