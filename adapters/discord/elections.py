"""Discord's own polls: what one says, and how it ends.

docs.discord.com, «Poll Resource», 2026-08-06. Everybody may look up who chose what; Parvis counts those it looks up and
forgets them within the same call. While a poll is open the counts beside it «may not be perfectly accurate», so voters
are counted; once ``is_finalized`` is set, some time after the end, the counts are exact.
"""

from typing import Any

from adapters.discord.calls import Calls
from core.errors import Rejected
from core.native import NativeTally

_PAGE = 100
_LOOKED_UP = 1000  # ours: of more voters than this, Discord's own counts are taken until they are exact


async def tally(calls: Calls, channel: str, message: str) -> NativeTally:
    """How it stands; in totals only. Raises PlatformError; Rejected when there is no such poll any more."""
    where = {"channel_id": channel, "message_id": message}
    shown = await calls.looked_up("/channels/{channel_id}/messages/{message_id}", **where)
    poll = shown.get("poll")
    if poll is None:
        raise Rejected("there is no poll in this message")
    answers = [int(answer["answer_id"]) for answer in poll["answers"]]
    results = poll.get("results")
    counts = _counts(results, answers)
    final = bool(results and results["is_finalized"])
    several = bool(poll["allow_multiselect"])
    if (final and not several) or (counts is not None and sum(counts) > _LOOKED_UP):
        return NativeTally(counts=counts, voters=None if several or counts is None else sum(counts), final=final)
    voters = [await _voters(calls, where, answer) for answer in answers]
    looked_up = tuple(len(each) for each in voters)
    return NativeTally(counts=counts if final else looked_up, voters=len(set().union(*voters)), final=final)


async def end(calls: Calls, channel: str, message: str) -> None:
    """Let nobody vote any more; well when it is over already. Raises PlatformError."""
    path = "/channels/{channel_id}/polls/{message_id}/expire"
    await calls.repeatable("POST", path, channel_id=channel, message_id=message)


def _counts(results: dict[str, Any] | None, answers: list[int]) -> tuple[int, ...] | None:
    """Discord's own counts; without any they are unknown, and an answer that is not named has none."""
    if not results:
        return None
    named = {int(each["id"]): int(each["count"]) for each in results["answer_counts"]}
    return tuple(named.get(answer, 0) for answer in answers)


async def _voters(calls: Calls, where: dict[str, str], answer: int) -> set[str]:
    path = "/channels/{channel_id}/polls/{message_id}/answers/{answer_id}"
    found: set[str] = set()
    after = "0"
    while True:
        query = {"after": after, "limit": str(_PAGE)}
        page = (await calls.looked_up(path, query=query, answer_id=str(answer), **where))["users"]
        found.update(str(user["id"]) for user in page)
        if len(page) < _PAGE:
            return found
        after = str(max(int(user["id"]) for user in page))
