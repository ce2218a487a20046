"""What Discord remembers of us: whether a message whose answer was lost is out.

History does not show the nonce that a message was sent with, so it is known by its author, its words, its poll, its
buttons and the number of its pictures. Without the right to read it, history is empty and not refused: the right is
looked at first. Nor does it show what was removed; but a channel names what was written last in it, even when that is
gone (docs.discord.com, «Channel Object», 2026-08-06), and then nobody can tell whether it was ours.
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

    async def refuse_removed(self, place: str, since: datetime, *, forum: bool) -> None:
        """Raise Rejected when what was written last in a place since then, or begun in a forum, is gone."""
        shown = await self._calls.looked_up("/channels/{channel_id}", channel_id=place)
        last = shown.get("last_message_id")
        if last is None or int(last) < ids.given_at(since - _SKEW):
            return
        try:
            if forum:
                await self._calls.looked_up("/channels/{channel_id}", channel_id=str(last))
                return
            path = "/channels/{channel_id}/messages/{message_id}"
            await self._calls.looked_up(path, channel_id=place, message_id=str(last))
        except Rejected as error:
            raise Rejected("what was written last there is removed: nobody can tell whether it was this") from error

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
            and _answers(message.get("poll") or {}) == _answers(poll)
            and _pressed(message.get("components", ())) == _pressed(part.parameters.get("components", ()))
        )


def _answers(poll: dict[str, Any]) -> list[str]:
    return [str(answer["poll_media"].get("text")) for answer in poll.get("answers", ())]


def _pressed(components: Any) -> list[tuple[str, ...]]:
    """What can be pressed or chosen, with its words, from top to bottom; Discord adds numbers of its own to each."""
    found: list[tuple[str, ...]] = []
    for each in components:
        does = each.get("custom_id") or each.get("url") or each.get("value")
        if does:
            found.append((str(does), str(each.get("label", "")).strip()))
        found += _pressed((*each.get("components", ()), *each.get("options", ())))
    return found


def _receipt(address: Address, message: MessageId, shown: dict[str, Any], call: str) -> Receipt:
    poll = NativePollId(str(shown["id"])) if shown.get("poll") else None
    return Receipt(address=address, message=message, call=call, poll=poll)
