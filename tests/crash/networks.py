"""The networks on which the story is played, as data: what stands there, how people vote, what is written down.

Mastodon twice: on a server that knows a repeated post by its key, and on one (GoToSocial) where it must be looked for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.journal import Entry
from tests.crash import records
from tests.crash.records import Posted, Press

CITIZENS = (101, 102, 103, 104, 105, 106)
BOT = 1000001
PLACES = ("place", "marche")
TOKEN = "1000001:AAH-a_sandbox_token_of_the_usual_length"

World = Mapping[str, Any]
Act = tuple[str, dict[str, object]]  # what somebody does: its name, and what the sandbox is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """``calls`` are what the sandbox calls the calls of the story, and how many of these come before the first;
    ``public_calls`` are others where the network's own poll asks.

    ``insists``: a press that was lost with a process fails before the citizen's eyes, who presses again.
    ``elect`` votes in the network's own poll.
    ``recognises``: a call that is made again does nothing, so nobody needs to be asked. ``finds``: one whose answer was
    lost is looked for by the process that made it. ``pace`` is how many seconds of the story pass in one of ours.
    """

    name: str
    platform: str
    channels: Mapping[str, str | int]
    world: World
    calls: Mapping[str, tuple[str, int]]
    public_calls: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    person: str = "{}"
    insists: bool = False
    recognises: bool = False
    finds: bool = False
    pace: float = 1.0
    is_idle: Callable[[World], bool] = lambda world: bool(world["idle"])
    vote: Callable[[World, int, int, int], Act | None]
    elect: Callable[[World, Posted, int, int], Act]
    posted: Callable[[Sequence[Entry]], list[Posted]]
    presses: Callable[[Sequence[Entry], Mapping[str, int]], list[Press]]


def _press(world: World, rank: int, citizen: int, option: int) -> Act | None:
    """Press a button, spread over the channels where one stands."""
    posts = [
        (chat["id"], message["id"], [_named(button) for button in message["buttons"]])
        for chat in world["chats"]
        for message in chat["messages"]
        if message["buttons"]
    ]
    if not posts:
        return None
    chat, message, buttons = posts[rank % len(posts)]
    return "press", {"user": citizen, "chat": chat, "message": message, "data": buttons[option]}


def _named(button: Any) -> str:
    return str(button.get("callback_data", button.get("custom_id")) if isinstance(button, dict) else button)


def _say(world: World, rank: int, citizen: int, option: int) -> Act | None:
    """Answer one of the posts that Parvis knows to be out, or write to the town in private."""
    user, number = world["accounts"][f"c{citizen}"], str(option + 1)
    posts = [
        post["id"] for post in world["messages"] if post["id"] in world["known"] and post["visibility"] != "direct"
    ]  # fmt: skip
    if not posts:
        return None
    if rank % 3 == 0:
        return "message", {"user": user, "text": number}
    return "reply", {"user": user, "message": posts[rank % len(posts)], "text": number}


def _elect_on_telegram(_world: World, post: Posted, citizen: int, option: int) -> Act:
    return "vote", {"user": citizen, "chat": int(post.chat), "message": int(post.message), "options": [option]}


def _elect_on_discord(_world: World, post: Posted, citizen: int, option: int) -> Act:
    return "vote", {"user": citizen, "chat": int(post.chat), "message": int(post.message), "answers": [option + 1]}


def _elect_on_mastodon(world: World, post: Posted, citizen: int, option: int) -> Act:
    return "vote", {"user": world["accounts"][f"c{citizen}"], "message": post.message, "choices": [option]}


TELEGRAM = Network(
    name="telegram",
    platform="telegram",
    channels=dict(zip(PLACES, (-1001, -1002), strict=True)),
    world={
        "bots": [{"token": TOKEN, "username": "ville_bot"}],
        "users": [{"id": citizen, "name": f"Citoyen {citizen}", "language": "fr"} for citizen in CITIZENS],
        "chats": [
            {"id": number, "kind": "channel", "title": name, "administrators": [BOT], "members": list(CITIZENS)}
            for name, number in zip(PLACES, (-1001, -1002), strict=True)
        ],
    },
    calls={
        "open": ("getMe", 0),
        "send": ("sendMessage", 0),
        "toast": ("answerCallbackQuery", 0),
        "edit": ("editMessageText", 0),
        "end": ("stopPoll", 0),
        "fetch": ("getUpdates", 0),
    },
    public_calls={"send": ("sendPoll", 0)},
    vote=_press,
    elect=_elect_on_telegram,
    posted=records.posted_on_telegram,
    presses=records.presses,
)
DISCORD = Network(
    name="discord",
    platform="discord",
    channels=dict(zip(PLACES, (811, 812), strict=True)),
    world={
        "guild": {"id": 800, "name": "Ville", "owner": 101},
        "users": [{"id": citizen, "name": f"Citoyen {citizen}", "locale": "fr"} for citizen in CITIZENS],
        "bots": [{"token": TOKEN, "id": 900, "username": "ville-bot"}],
        "channels": [
            {"id": number, "kind": "text", "name": name} for name, number in zip(PLACES, (811, 812), strict=True)
        ],
    },
    calls={
        "open": ("get_my_user", 0),
        "send": ("create_message", 0),
        "toast": ("create_interaction_response", 0),
        "edit": ("update_message", 0),
        "end": ("poll_expire", 0),
    },
    person="@{}",
    insists=True,
    recognises=True,
    finds=True,
    vote=_press,
    elect=_elect_on_discord,
    posted=records.posted_on_discord,
    presses=records.presses,
)
MASTODON = Network(
    name="mastodon",
    platform="mastodon",
    channels=dict(zip(PLACES, ("public", "unlisted"), strict=True)),
    world={
        "bots": [{"token": TOKEN, "username": "ville"}],
        "users": [{"acct": f"c{citizen}", "name": f"Citoyen {citizen}", "language": "fr"} for citizen in CITIZENS],
    },
    calls={
        "open": ("GET /api/v1/accounts/verify_credentials", 0),
        "send": ("POST /api/v1/statuses", 0),
        "toast": ("POST /api/v1/statuses", 2 * len(PLACES)),  # the question takes two posts
        "edit": ("PUT /api/v1/statuses/:id", 0),
        "fetch": ("GET /api/v1/notifications", 0),
    },
    person="@c{}",
    recognises=True,
    finds=True,
    pace=4.0,  # between two looks at its notifications, seconds pass
    is_idle=lambda world: bool(world["idle"]) and not sum(world["pending"].values()),  # what was said is fetched
    vote=_say,
    elect=_elect_on_mastodon,
    posted=records.posted_on_mastodon,
    presses=records.said,
)
GOTOSOCIAL = Network(
    name="gotosocial",
    platform="mastodon",
    channels=MASTODON.channels,
    world=MASTODON.world,
    calls=MASTODON.calls,
    person=MASTODON.person,
    finds=True,
    pace=MASTODON.pace,
    is_idle=lambda world: bool(world["idle"]) and not sum(world["pending"].values()),  # what was said is fetched
    vote=_say,
    elect=_elect_on_mastodon,
    posted=records.posted_on_mastodon,
    presses=records.said,
)
NETWORKS = {network.name: network for network in (TELEGRAM, DISCORD, MASTODON, GOTOSOCIAL)}
