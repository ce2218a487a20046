"""What Discord remembers of us: whether a message whose answer was lost is out.

History does not show the nonce that a message was sent with, so it is known by its author, its words, its poll and the
number of its pictures. Without the right to read it, history is empty and not refused: the right is looked at first.
"""

from datetime import datetime, timedelta
from typing import Any

from adapters.discord import doctor, ids, limits, outbound
from adapters.discord.calls import Calls
from core.errors import Rejected
from core.identifiers import Address, MessageId, NativePollId
from core.post import Part, Receipt

_SKEW = timedelta(minutes=1)  # ours: between our clock and Discord's


class Memory:
    """Of one application, whose user is ``me``."""

    def __init__(self, calls: Calls, me: str) -> None:
        self._calls = calls
        self._me = me

    async def messages(self, part: Part, address: Address, place: str, since: datetime) -> tuple[Receipt, ...]:
        """Those in a channel or thread that this part may have made, oldest first. Raises PlatformError."""
        await self._may_look(address)
        found: list[Receipt] = []
        after = ids.given_at(since - _SKEW)
        while True:
            query = {"after": str(after), "limit": str(limits.HISTORY)}
            page = await self._calls.looked_up("/channels/{channel_id}/messages", query=query, channel_id=place)
            for message in sorted(page, key=lambda each: int(each["id"])):
                after = max(after, int(message["id"]))
                if self._is(message, part):
                    number = str(message["id"])
                    written = MessageId(number) if place == address else ids.in_thread(place, number)
                    found.append(_receipt(address, written, message, outbound.MESSAGE))
            if len(page) < limits.HISTORY:
                return tuple(found)

    async def conversations(self, part: Part, address: Address, guild: str, since: datetime) -> tuple[Receipt, ...]:
        """Those in a forum that this part may have begun. Raises PlatformError."""
        await self._may_look(address)
        listed = await self._calls.looked_up("/guilds/{guild_id}/threads/active", guild_id=guild)
        after = ids.given_at(since - _SKEW)
        found: list[Receipt] = []
        for thread in sorted(listed["threads"], key=lambda each: int(each["id"])):
            ours = str(thread.get("parent_id")) == address and str(thread.get("owner_id")) == self._me
            if not ours or int(thread["id"]) < after or thread.get("name") != part.parameters["name"]:
                continue
            where = {"channel_id": str(thread["id"]), "message_id": str(thread["id"])}
            first = await self._calls.looked_up("/channels/{channel_id}/messages/{message_id}", **where)
            if self._is(first, part):
                found.append(_receipt(address, MessageId(str(thread["id"])), first, outbound.FORUM))
        return tuple(found)

    async def _may_look(self, address: Address) -> None:
        _, held = await doctor.held(self._calls.asked, self._me, address)
        if not (held.administrator or held.read_message_history):
            raise Rejected("the bot may not read the history of the channel")

    def _is(self, message: dict[str, Any], part: Part) -> bool:
        files: Any = part.parameters.get("files", ())
        poll: Any = part.parameters.get("poll") or {}
        return (
            str(message["author"]["id"]) == self._me
            and str(message.get("content", "")).strip() == str(part.parameters.get("content", "")).strip()
            and len(message.get("attachments", ())) == len(files)
            and (message.get("poll") or {}).get("question") == poll.get("question")
        )


def _receipt(address: Address, message: MessageId, shown: dict[str, Any], call: str) -> Receipt:
    poll = NativePollId(str(shown["id"])) if shown.get("poll") else None
    return Receipt(address=address, message=message, call=call, poll=poll)
