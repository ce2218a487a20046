"""The line to Discord's gateway: what happens comes in here; whatever breaks it, it is opened again.

discord.py keeps the session, the heartbeats and the resuming. Its event parsers are wrapped: one malformed event would
end the connection (2.7.1 lets the exception out of ``connect``), and the events we hear are taken as they came, before
any object is made of them. Both touch ``_connection.parsers``, which is private: ``tests/adapters/discord`` holds it.
"""

import asyncio
import logging
import random
import ssl
import sys
from collections.abc import Callable
from typing import Any

import aiohttp
import discord
from discord.http import Route

from adapters.discord.inbound import HEARD, ROLE
from adapters.proxy import proxy_for

log = logging.getLogger("parvis.adapters.discord")

Hear = Callable[[str, dict[str, Any]], None]
_LONGEST_PAUSE = 60.0
_REFUSED = frozenset({4004, 4010, 4011, 4012, 4013})  # close codes that no new attempt cures
_INTENTS = 4014  # a privileged intent is not granted: the line is opened again without it
_OPENS = frozenset({"READY", "RESUMED"})
_MOST_DOUBLINGS = 6


class Line:
    """One connection after another. ``hear`` gets each event; ``began`` is called when a new session has begun."""

    def __init__(self, token: str, *, hear: Hear, began: Callable[[], None], tls: ssl.SSLContext | None = None) -> None:
        self._token = token
        self._tls = tls
        self._hear = hear
        self._began = began
        self._reads_messages = True
        self.meets_people = False  # whether Discord tells who comes: known once the account is open
        self._failures = 0
        self._lost = False
        self.client: discord.Client | None = None
        self.refusal = ""
        self.unread_is_known = False  # the doctor has said that messages stay unread

    def parent(self, data: dict[str, Any]) -> str | None:
        """Above which channel the thread of an event is, if it is in one that we know."""
        number = str(data.get("channel_id", ""))
        channel = self.client.get_channel(int(number)) if self.client is not None and number.isdecimal() else None
        return str(channel.parent_id) if isinstance(channel, discord.Thread) else None

    def guild(self, data: dict[str, Any]) -> discord.Guild | None:
        """The server of an event, if we know it."""
        number = str(data.get("guild_id") or "")
        return self.client.get_guild(int(number)) if self.client is not None and number.isdecimal() else None

    async def keep(self) -> None:
        """Hold the line; returns when Discord refuses the account, with ``refusal`` saying why."""
        while not self.refusal:
            client = self.client = self._client()
            try:
                async with client:
                    await client.login(self._token)
                    await client.connect(reconnect=True)
            except discord.PrivilegedIntentsRequired:
                if self.meets_people:  # it was taken from us meanwhile
                    self.meets_people = False
                else:
                    self._without_messages()
            except discord.LoginFailure:
                self.refusal = "Discord refuses the token"
            except discord.ConnectionClosed as error:
                if error.code in _REFUSED:
                    self.refusal = f"Discord closed the line ({error.code})"
                self._failures += 1
            except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError, AttributeError) as error:
                self._failures += 1  # AttributeError: discord.py 2.7.1, when the very first connection fails
                self._is_lost(error)
            pause = min(2.0 ** min(self._failures, _MOST_DOUBLINGS) - 1, _LONGEST_PAUSE)
            await asyncio.sleep(pause * random.uniform(0.5, 1))

    def _is_lost(self, error: BaseException | None) -> None:
        """Say so, once. A line that broke is opened again at once: only when that fails too is it lost."""
        unread = isinstance(error, discord.ConnectionClosed) and error.code == _INTENTS
        if not self._lost and not unread and not isinstance(error, discord.gateway.ReconnectWebSocket):
            self._lost = True
            log.warning("line_lost", extra={"error": type(error).__name__})

    def _is_open(self) -> None:
        self._failures = 0
        if self._lost:
            self._lost = False
            log.warning("line_back")

    def _without_messages(self) -> None:
        if not self._reads_messages:
            self.refusal = "Discord refuses the intents"
        self._reads_messages = False
        log.log(
            logging.DEBUG if self.unread_is_known else logging.WARNING,
            "messages_unread",
            extra={
                "cure": "Developer Portal, Bot, Message Content Intent: without it, replies in channels stay unread"
            },
        )

    def _client(self) -> discord.Client:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, guild_polls=True, moderation=True)
        intents.members = self.meets_people
        intents.message_content = self._reads_messages
        client = _Client(
            self._is_lost,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            connector=aiohttp.TCPConnector(ssl=self._tls if self._tls is not None else True),
            proxy=proxy_for(Route.BASE),
            max_ratelimit_timeout=60,
        )
        parsers = client._connection.parsers  # noqa: SLF001  see above
        for event, parse in list(parsers.items()):
            parsers[event] = self._guarded(event, self._heard(event, parse) if event in HEARD else parse)
        return client

    def _heard(self, event: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
        def hear(data: Any) -> None:
            if event == ROLE:  # discord.py tells who watches over a channel by the roles that it knows
                parse(data)
            self._hear(event, data)

        return hear

    def _guarded(self, event: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
        def guarded(data: Any) -> None:
            try:
                parse(data)
            except Exception:
                log.exception("event_unreadable", extra={"event_kind": event})
            if event in _OPENS:
                self._is_open()
            if event == "READY":
                self._began()

        return guarded


class _Client(discord.Client):
    """Tells of each loss, as soon as discord.py knows of it: it goes on by itself, and says so with a traceback."""

    def __init__(self, lost: Callable[[BaseException | None], None], **settings: Any) -> None:
        super().__init__(**settings)
        self._tell = lost

    def dispatch(self, event: str, /, *given: Any, **more: Any) -> None:
        """Pass it on. A loss is dispatched while its error is handled."""
        if event == "disconnect":
            self._tell(sys.exception())
        super().dispatch(event, *given, **more)
