"""What stands in a ``custom_id``, so that no button depends on the memory of a process; and how places are written.

``v1:<poll>:<option>`` votes, ``s1:<poll>`` chooses in a list, ``c1:<command> <arguments>`` gives a command. People are
written ``@123`` to tell them from channels. A message in a thread is written ``<thread>/<message>``: it stands, for the
rest of Parvis, in the channel that the thread belongs to.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.discord.limits import LONGEST_ID
from core.events import Choice, Command
from core.identifiers import Address, MessageId, PollId

_CHOICE = re.compile(r"v1:([^:]+):(\d{1,3})")
_LIST = re.compile(r"s1:([^:]+)")
_COMMAND = re.compile(r"c1:(\w{1,32})((?: \S+)*)")
_THREADS = frozenset({10, 11, 12})  # types of channel: in announcements, public, private
_EPOCH = 1420070400000  # the first second of 2015, in milliseconds: docs/Reference, snowflakes
_TIME = 22  # bits below the milliseconds


def written(action: Choice | Command) -> str | None:
    """The ``custom_id`` of an action; None when it is too long for one."""
    if isinstance(action, Choice):
        custom_id = f"v1:{action.poll}:{action.option}"
    else:
        custom_id = " ".join((f"c1:{action.name}", *action.arguments))
    return custom_id if len(custom_id) <= LONGEST_ID and read(custom_id, ()) == action else None


def list_of(poll: PollId) -> str:
    """The ``custom_id`` of a list of options."""
    return f"s1:{poll}"


def read(custom_id: str, values: tuple[str, ...]) -> Choice | Command | None:
    """The action of a ``custom_id``, and of what was chosen in a list; None when it is none of ours."""
    if choice := _CHOICE.fullmatch(custom_id):
        return Choice(PollId(choice[1]), int(choice[2]))
    if (chosen := _LIST.fullmatch(custom_id)) and values and all(value.isdecimal() for value in values):
        return Command("vote", (chosen[1], *(str(int(value) + 1) for value in values)))
    if command := _COMMAND.fullmatch(custom_id):
        return Command(command[1], tuple(command[2].split()))
    return None


def person(number: str) -> Address:
    """Where somebody is written to."""
    return Address(f"@{number}")


def is_person(address: Address) -> bool:
    """Whether this is somebody, and no channel."""
    return address.startswith("@")


def in_thread(thread: str, message: str) -> MessageId:
    """A message in a thread."""
    return MessageId(f"{thread}/{message}")


def standing(channel: Mapping[str, Any], number: str) -> Address:
    """The channel that is written in: that of the thread, where it is one."""
    parent = channel.get("parent_id") if channel.get("type") in _THREADS else None
    return Address(str(parent or number))


def reported(event: Mapping[str, Any]) -> tuple[Address, MessageId]:
    """Where the message stands in whose menu a command was given."""
    message = event["data"]["resolved"]["messages"][event["data"]["target_id"]]
    channel, number = str(message["channel_id"]), str(message["id"])
    chat = standing(event.get("channel") or {}, channel)
    return chat, (MessageId(number) if chat == channel else in_thread(channel, number))


def place_of(channel: str, message: MessageId) -> tuple[str, str]:
    """The channel or thread, and the number, of a message that stands in this channel."""
    thread, _, number = message.rpartition("/")
    return thread or channel, number


def link(guild: str, channel: str, number: str) -> str:
    """Where everybody of the server can look at a message; empty in a private chat."""
    return f"https://discord.com/channels/{guild}/{channel}/{number}" if guild else ""


def at(number: int, earlier: int = 0) -> int:
    """The smallest number of so many milliseconds before this one was given."""
    return max((number >> _TIME) - earlier, 0) << _TIME


def given_at(instant: datetime) -> int:
    """The smallest number that is given at this instant."""
    return max(int(instant.timestamp() * 1000) - _EPOCH, 0) << _TIME
