"""What was written in the discussions while nobody listened, in the channels and in their threads.

The history of a channel does not hold what stands in its threads: those that are awake are asked for by server. It does
not say either who its authors are among the staff: their roles are looked up, once for each.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from adapters.discord import limits, standing
from adapters.discord.calls import Calls
from adapters.discord.grounds import Ground
from core.errors import Rejected
from core.identifiers import AccountName, Address

log = logging.getLogger("parvis.adapters.discord")

Tell = Callable[[dict[str, Any], str | None, bool | None], None]


class History:
    """``tell`` gets each message, the oldest of its place first, the channel of its thread, and whether it is official.

    One is made for each time that something is caught up with.
    """

    def __init__(self, calls: Calls, account: AccountName, tell: Tell) -> None:
        self._calls = calls
        self._account = account
        self._tell = tell
        self._guilds: dict[str, Any] = {}
        self._official: dict[tuple[str, str], bool | None] = {}

    async def read(self, discussions: Mapping[Address, Ground], after: int) -> None:
        """Read what came after this number. Raises PlatformError, but for places that may not be read."""
        for channel, ground in discussions.items():
            if not ground.forum:
                await self._read(channel, ground.guild, after, parent=None)
        for guild in sorted({ground.guild for ground in discussions.values() if ground.guild}):
            for thread in await self._awake(guild, discussions, after):
                await self._read(str(thread["id"]), guild, after, parent=str(thread["parent_id"]))

    async def _awake(self, guild: str, discussions: Mapping[Address, Ground], after: int) -> list[dict[str, Any]]:
        try:
            listed = await self._calls.repeatable("GET", "/guilds/{guild_id}/threads/active", guild_id=guild)
        except Rejected as error:
            self._unread(error)
            return []
        ours = [thread for thread in listed["threads"] if Address(str(thread.get("parent_id"))) in discussions]
        return [thread for thread in ours if int(thread.get("last_message_id") or thread["id"]) > after]

    async def _read(self, place: str, guild: str, after: int, *, parent: str | None) -> None:
        while True:
            path = "/channels/{channel_id}/messages"
            query = {"after": str(after), "limit": str(limits.HISTORY)}
            try:
                page = await self._calls.repeatable("GET", path, query=query, channel_id=place)
            except Rejected as error:
                self._unread(error)
                return
            for message in sorted(page, key=lambda each: int(each["id"])):
                after = max(after, int(message["id"]))
                official = await self._is_official(guild, str((message.get("author") or {}).get("id", "")))
                self._tell({**message, "guild_id": guild, "channel_id": place}, parent, official)
            if len(page) < limits.HISTORY:
                return

    async def _is_official(self, guild: str, author: str) -> bool | None:
        """Whether no rule touches this author; None when nobody can tell."""
        if (guild, author) not in self._official:
            try:
                if guild not in self._guilds:
                    self._guilds[guild] = await self._calls.repeatable("GET", "/guilds/{guild_id}", guild_id=guild)
                where = {"guild_id": guild, "user_id": author}
                member = await self._calls.repeatable("GET", "/guilds/{guild_id}/members/{user_id}", **where)
                self._official[guild, author] = standing.watches_over(self._guilds[guild], member, author)
            except Rejected:  # they left
                self._official[guild, author] = None
        return self._official[guild, author]

    def _unread(self, error: Rejected) -> None:
        log.warning("history_unread", extra={"account": self._account, "detail": error.detail})
