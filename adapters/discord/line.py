"""The line to Discord's gateway: what happens comes in here; whatever breaks it, it is opened again.

discord.py keeps the session, the heartbeats and the resuming. Its event parsers are wrapped: one malformed event would
end the connection (2.7.1 lets the exception out of ``connect``), and the events we hear are taken as they came, before
any object is made of them. Both touch ``_connection.parsers``, which is private: ``tests/adapters/discord`` holds it.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from typing import Any

import aiohttp
import discord

from adapters.discord.inbound import HEARD

log = logging.getLogger("parvis.adapters.discord")

Hear = Callable[[str, dict[str, Any]], None]
_LONGEST_PAUSE = 60.0
_REFUSED = frozenset({4004, 4010, 4011, 4012, 4013})  # close codes that no new attempt cures
_CONNECTIONS = 8


class Line:
    """One connection after another. ``hear`` gets each event; ``began`` is called when a new session has begun."""

    def __init__(self, token: str, *, hear: Hear, began: Callable[[], None]) -> None:
        self._token = token
        self._hear = hear
        self._began = began
        self._reads_messages = True
        self.client: discord.Client | None = None
        self.refusal = ""

    async def keep(self) -> None:
        """Hold the line; returns when Discord refuses the account, with ``refusal`` saying why."""
        failures = 0
        while not self.refusal:
            client = self.client = self._client()
            try:
                async with client:
                    await client.login(self._token)
                    await client.connect(reconnect=True)
                failures = 0
            except discord.PrivilegedIntentsRequired:
                self._without_messages()
            except discord.LoginFailure:
                self.refusal = "Discord refuses the token"
            except discord.ConnectionClosed as error:
                if error.code in _REFUSED:
                    self.refusal = f"Discord closed the line ({error.code})"
                failures += 1
            except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError, AttributeError) as error:
                failures += 1  # AttributeError: discord.py 2.7.1, when the very first connection fails
                if failures == 1:
                    log.warning("line_lost", extra={"error": type(error).__name__})
            await asyncio.sleep(min(2.0**failures - 1, _LONGEST_PAUSE) * random.uniform(0.5, 1))

    def _without_messages(self) -> None:
        if not self._reads_messages:
            self.refusal = "Discord refuses the intents"
        self._reads_messages = False
        log.warning(
            "messages_unread",
            extra={
                "cure": "Developer Portal, Bot, Message Content Intent: without it, replies in channels stay unread"
            },
        )

    def _client(self) -> discord.Client:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, guild_polls=True)
        intents.message_content = self._reads_messages
        client = discord.Client(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            connector=None,
            max_ratelimit_timeout=60,
        )
        parsers = client._connection.parsers  # noqa: SLF001  see above
        for event, parse in list(parsers.items()):
            parsers[event] = self._guarded(event, self._heard(event) if event in HEARD else parse)
        return client

    def _heard(self, event: str) -> Callable[[Any], None]:
        def hear(data: Any) -> None:
            self._hear(event, data)

        return hear

    def _guarded(self, event: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
        def guarded(data: Any) -> None:
            try:
                parse(data)
            except Exception:
                log.exception("event_unreadable", extra={"event_kind": event})
            if event == "READY":
                self._began()

        return guarded
