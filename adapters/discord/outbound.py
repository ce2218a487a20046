"""A post as the calls that put it into a Discord channel: pure, so that what is previewed is what is sent.

| post                        | calls                                                                              |
|-----------------------------|------------------------------------------------------------------------------------|
| text                        | ``POST …/messages``; several when it is long                                       |
| pictures                    | files of the first message, with their descriptions; more than ten follow          |
| up to five options          | a row with a button for each; more: a list to choose from                          |
| a poll of the network       | ``poll`` of the last message, which then holds no pictures; it cannot be changed   |
| pinned                      | ``PUT …/messages/pins/…``, of the first message                                    |
| in an announcement channel  | ``POST …/crosspost`` of each message, so that servers that follow it get it        |
| with a discussion           | ``POST …/threads``, of the last message                                            |
| in a forum                  | ``POST …/threads``, with the first message; the others in that thread              |
| in reply to one of ours     | the first message says so; in the thread of that one                               |

Nobody is ever mentioned (``allowed_mentions`` is empty in every call). Parameters are those of the API, ready for
JSON, but for five words of ours: ``channel`` is where, or a ``thread`` of it, ``files`` are pictures to upload,
``about`` is the rank of the message that a later call is about, known only once that is sent, ``closes_at`` is when a
poll ends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from adapters.discord import ids, limits, polls
from adapters.discord.grounds import Ground
from adapters.discord.markup import escaped, markdown, width
from core.errors import Rejected
from core.events import Choice
from core.identifiers import Address, MessageId
from core.post import Button, InPrivate, Link, Part, Picture, Post

MESSAGE, PIN, CROSSPOST, THREAD, FORUM = "message", "pin", "crosspost", "thread", "forum"
MESSAGES = frozenset({MESSAGE, FORUM})  # the calls that put words into a channel
NOBODY: dict[str, list[str]] = {"parse": []}
_SILENT = 1 << 12  # SUPPRESS_NOTIFICATIONS
_ROW, _BUTTON, _LIST = 1, 2, 3
_GREY, _OPENS = 2, 5
_PHOTOGRAPHS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif"})


def parts(post: Post, address: Address, ground: Ground) -> tuple[Part, ...]:
    """The calls, in order. Raises Rejected for an empty post, or what Discord cannot take."""
    texts = _texts(post)
    files = list(_bundles(post.pictures))
    if not texts and not files and post.poll is None:
        raise Rejected("there is nothing to say in this post")
    components, degraded = _components(post)
    last = max(len(texts), len(files) + (post.poll is not None), 1) - 1
    made: list[Part] = []
    for rank in range(last + 1):
        text = texts[rank] if rank < len(texts) else ""
        body: dict[str, Any] = {"channel": address, "allowed_mentions": NOBODY}
        body |= {"content": text} if text else {}
        body |= {"files": files[rank]} if rank < len(files) else {}
        body |= _asking(post, components) if rank == last else {}
        body |= {"flags": _SILENT} if post.silent else {}
        made.append(Part(call=MESSAGE, parameters=body, text=text))
    made[last] = replace(made[last], degraded=degraded, asks=post.poll is not None)
    if post.answers is not None:
        made = [_answering(part, post.answers, ground, first=part is made[0]) for part in made]
    elif ground.forum:
        return (_begun(made[0], post, ground), *made[1:])
    return (*made, *_afterwards(post, address, ground, last))


def _asking(post: Post, components: list[dict[str, Any]]) -> dict[str, Any]:
    """What people can press, or the poll: in the last message."""
    asking: dict[str, Any] = {"components": components} if components else {}
    if post.poll is not None:
        asking |= {"poll": polls.asked(post.poll), "closes_at": post.poll.closes_at.isoformat()}
    return asking


def change(post: Post) -> dict[str, Any]:
    """What a message that is out is changed to: its text and buttons; its pictures stay. Raises Rejected."""
    texts = _texts(post)
    if not texts:
        raise Rejected("there is nothing to say in this post")
    components, _ = _components(post)
    return {"content": texts[-1], "components": components, "allowed_mentions": NOBODY}


def reply_to(number: str) -> dict[str, Any]:
    """What makes a message a reply: it stands also when the other one is gone, and calls nobody."""
    reference = {"message_id": number, "fail_if_not_exists": False}
    return {"message_reference": reference, "allowed_mentions": {**NOBODY, "replied_user": False}}


@lru_cache(maxsize=512)  # few sentences, said many times
def whole(text: str) -> str:
    """An answer of a few words, in which nothing is markup."""
    return _short(escaped(text), limits.LONGEST_TEXT) if width(escaped(text)) > limits.LONGEST_TEXT else escaped(text)


def _answering(part: Part, answers: MessageId, ground: Ground, *, first: bool) -> Part:
    """The part where the message it answers stands; only the first says which that is."""
    thread, _, number = answers.rpartition("/")
    where = {"thread": thread or number} if thread or ground.forum else {}
    return replace(part, parameters={**part.parameters, **where, **(reply_to(number) if first else {})})


def _begun(part: Part, post: Post, ground: Ground) -> Part:
    """The same message as the beginning of a conversation in a forum. Raises Rejected without a tag it asks for."""
    known = ground.tags or {}
    applied = [known[tag] for tag in ground.wanted if tag in known]
    if ground.needs_tag and not applied:
        raise Rejected("this forum asks for a tag: name one of its own in the configuration")
    lost = tuple(f"the forum has no tag «{tag}»" for tag in ground.lacking)
    pinned = ("a forum pins none of its posts",) if post.pinned else ()
    about = {"name": _title(post), "applied_tags": applied, "auto_archive_duration": limits.THREAD_SLEEPS_AFTER}
    parameters = {**part.parameters, **about}
    return replace(part, call=FORUM, parameters=parameters, degraded=(*part.degraded, *lost, *pinned))


def _title(post: Post) -> str:
    """The first line of a post, as the name of its conversation."""
    lines = (" ".join(line.split()) for line in post.text.plain.splitlines())
    return _short(next((line for line in lines if line), "…"), limits.LONGEST_THREAD_NAME)


def _afterwards(post: Post, address: Address, ground: Ground, last: int) -> Iterator[Part]:
    if post.pinned:
        yield Part(call=PIN, parameters={"channel": address, "about": 0}, text="", repeatable=True)
    if ground.debated and post.answers is None:
        parameters = {
            "channel": address,
            "about": last,
            "name": _title(post),
            "auto_archive_duration": limits.THREAD_SLEEPS_AFTER,
        }
        yield Part(call=THREAD, parameters=parameters, text="", repeatable=True)
    if ground.followed:  # last, and apart: Discord allows about ten an hour
        for rank in range(last + 1):
            about = {"channel": address, "about": rank}
            yield Part(call=CROSSPOST, parameters=about, text="", repeatable=True, apart=True)


def _texts(post: Post) -> list[str]:
    whole = markdown(post.text).strip()
    if width(whole) <= limits.LONGEST_TEXT:
        return [whole] if whole else []
    pieces = post.text.split(limits.LONGEST_TEXT * 3 // 4, width)  # room for what escaping and emphasis add
    written = [markdown(piece).strip() for piece in pieces]
    return [text for piece in written for text in _cut(piece) if text]


def _cut(text: str) -> Iterator[str]:
    """A piece that is nearly all signs to escape is cut where it must be."""
    while width(text) > limits.LONGEST_TEXT:
        end = limits.LONGEST_TEXT // 2
        yield text[:end]
        text = text[end:]
    yield text


def _bundles(pictures: Sequence[Picture]) -> Iterator[list[dict[str, str]]]:
    for picture in pictures:
        if picture.path.suffix.lower() not in _PHOTOGRAPHS:
            raise Rejected(f"{picture.path.name} is no picture to Discord: give JPEG, PNG or WebP")
        if len(picture.alt) > limits.LONGEST_DESCRIPTION:
            raise Rejected(f"the description of {picture.path.name} is longer than {limits.LONGEST_DESCRIPTION} signs")
    for start in range(0, len(pictures), limits.MOST_FILES):
        bundle = pictures[start : start + limits.MOST_FILES]
        yield [{"path": str(picture.path), "description": picture.alt} for picture in bundle]


def _components(post: Post) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """The rows of buttons, or the list, and what had to be left out."""
    choices = [button for row in post.buttons for button in row if isinstance(button.action, Choice)]
    if len(choices) > limits.MOST_ROWS:
        return _list(choices, several=post.several)
    rows = [[each for each in map(_button, row) if each is not None] for row in _in_rows(post, choices)]
    kept = [row[: limits.MOST_BUTTONS_IN_A_ROW] for row in rows if row][: limits.MOST_ROWS]
    lost = sum(map(len, post.buttons)) - sum(map(len, kept))
    return [{"type": _ROW, "components": row} for row in kept], (
        f"{lost} buttons left out: what they do can be typed",
    ) if lost else ()


def _in_rows(post: Post, choices: Sequence[Button]) -> list[tuple[Button, ...]]:
    """Options stand side by side: there are five rows at most, and a phone breaks them where it must."""
    others = [tuple(each for each in row if not isinstance(each.action, Choice)) for row in post.buttons]
    return [tuple(choices), *(row for row in others if row)]


def _list(choices: Sequence[Button], *, several: bool) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    if len(choices) > limits.MOST_OPTIONS:
        raise Rejected(f"Discord takes {limits.MOST_OPTIONS} options at most, this poll has {len(choices)}")
    polls = {button.action.poll for button in choices if isinstance(button.action, Choice)}
    options = [
        {"label": _short(button.label, limits.LONGEST_OPTION), "value": str(button.action.option)}
        for button in choices
        if isinstance(button.action, Choice)
    ]
    most = len(options) if several else 1
    menu = {
        "type": _LIST,
        "custom_id": ids.list_of(polls.pop()),
        "options": options,
        "min_values": 1,
        "max_values": most,
    }
    return [{"type": _ROW, "components": [menu]}], ()


def _button(button: Button) -> dict[str, Any] | None:
    label = _short(button.label, limits.LONGEST_LABEL)
    if isinstance(button.action, Link):
        return {"type": _BUTTON, "style": _OPENS, "label": label, "url": button.action.url}
    # What is pressed is answered to the presser alone: no other chat has to be opened for it.
    action = button.action.command if isinstance(button.action, InPrivate) else button.action
    custom_id = ids.written(action)
    return {"type": _BUTTON, "style": _GREY, "label": label, "custom_id": custom_id} if custom_id else None


def _short(label: str, longest: int) -> str:
    """The label on one line, cut to so many UTF-16 units."""
    line = " ".join(label.split()) or "…"
    while width(line) > longest:
        line = line.removesuffix("…")[:-1].rstrip() + "…"
    return line
