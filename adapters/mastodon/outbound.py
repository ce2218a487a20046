"""A post as the calls that put it on Mastodon: pure, so that what is previewed is what is sent.

| post                         | calls                                                                             |
|------------------------------|-----------------------------------------------------------------------------------|
| text                         | ``POST /api/v1/statuses``; several, each in reply to the one before, when long    |
| pictures                     | uploaded with their description, then the post; what one post cannot hold follows |
| a poll of the server's own   | in the first post, which begins with its question                                 |
| pinned                       | ``POST …/pin`` last, of the first post                                            |
| to one person                | the same, ``direct``, beginning with their name                                   |
| in reply to one of ours      | the first post says so                                                            |

Only the first post of a thread is as public as the place says: the others are unlisted, so that they fill nobody's
timeline. There are no buttons: the words say how to answer, and links stand in the text.

Parameters are those of the API, ready for JSON, but for two words of ours: ``pictures`` are files to upload,
``follows`` stands for the post of the part before (for a pin: the first one), known only once that is sent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from adapters.mastodon import polls
from adapters.mastodon.limits import Limits
from adapters.mastodon.text import length, split, written
from core.errors import Rejected
from core.identifiers import Address
from core.native import NativeBallot
from core.post import Button, InPrivate, Link, Part, Picture, Post
from core.richtext import RichText

EVERYBODY = Address("public")  # where all public posts of the account stand
PUBLIC = {EVERYBODY: "public", Address("unlisted"): "unlisted"}
POST, PIN = "post", "pin"
_PHOTOGRAPHS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif"})
_LEAST = 50  # characters of a part, whatever the name it begins with


def parts(post: Post, address: Address, limits: Limits, *, calling: str = "") -> tuple[Part, ...]:
    """The calls, in order. ``calling`` is who is answered in public: that is unlisted, and begins with their name.

    Raises Rejected for an empty post, or one that Mastodon cannot take.
    """
    visibility = "direct" if address.startswith("@") else PUBLIC.get(address)
    if visibility is None:
        raise Rejected(f"«{address}» is no place on Mastodon: write public, unlisted, or @name@server")
    bundles = list(_bundles(post.pictures, limits))
    said = texts(post, limits, name=address if visibility == "direct" else calling)
    if not said and not bundles:
        raise Rejected("there is nothing to say in this post")
    made: list[Part] = []
    for rank, (text, pictures) in enumerate(_side_by_side(said, bundles)):
        quiet = visibility == "public" and (rank or calling)
        name = address if visibility == "direct" else calling if not rank else ""
        made.append(_part(post, name, "unlisted" if quiet else visibility, text, pictures, rank=rank))
    if post.poll is not None:
        made[0] = _with_poll(made[0], post.poll)
    if post.pinned:
        made.append(Part(call=PIN, parameters={"follows": True}, text="", repeatable=True))
    return tuple(made)


def texts(post: Post, limits: Limits, *, name: str = "", warning: int = 0) -> tuple[str, ...]:
    """The texts of the posts, each as long as the server takes beside a name and the characters of a warning."""
    links = "".join(f"\n{each.label}: {each.action.url}" for each in _buttons(post) if isinstance(each.action, Link))
    whole = written(post.text + RichText.of(f"\n{links}" if links else "")).strip()
    room = max(limits.longest - warning - (len(name) + 1 if name else 0), _LEAST)
    if post.poll is None:
        return _fitting(whole, room, limits)
    question = written(RichText.of(post.poll.question))
    together = _fitting(f"{question}\n\n{whole}".strip(), room, limits)
    return together if len(together) == 1 else (question, *_fitting(whole, room, limits))


def _fitting(text: str, room: int, limits: Limits) -> tuple[str, ...]:
    if length(text, per_link=limits.per_link) <= room:
        return (text,) if text else ()
    return split(text, room, per_link=limits.per_link)


def _with_poll(part: Part, ballot: NativeBallot) -> Part:
    """The post that asks. Raises Rejected beside pictures, which servers before 4.6 refuse there."""
    if "pictures" in part.parameters:
        raise Rejected("on Mastodon a post has pictures or a poll, not both")
    choices = "\n".join(f"( ) {option}" for option in ballot.options)
    parameters = {**part.parameters, "poll": polls.asked(ballot)}
    return replace(part, parameters=parameters, text=f"{part.text}\n{choices}".strip(), asks=True)


def _part(post: Post, name: str, visibility: str, text: str, pictures: Sequence[Picture], *, rank: int) -> Part:
    parameters: dict[str, Any] = {"status": f"{name} {text}".strip(), "visibility": visibility}
    if post.locale is not None:
        parameters["language"] = post.locale.value
    if pictures:
        parameters["pictures"] = [{"path": str(each.path), "description": each.alt} for each in pictures]
    if rank:
        parameters["follows"] = True
    elif post.answers is not None:
        parameters["in_reply_to_id"] = post.answers
    return Part(call=POST, parameters=parameters, text=text, degraded=() if rank else tuple(_degraded(post)))


def _bundles(pictures: tuple[Picture, ...], limits: Limits) -> Iterator[tuple[Picture, ...]]:
    for picture in pictures:
        if picture.path.suffix.lower() not in _PHOTOGRAPHS:
            raise Rejected(f"{picture.path.name} is no picture to Mastodon: give JPEG, PNG or WebP")
        if not picture.alt.strip():
            raise Rejected(f"{picture.path.name} has no description for those who do not see it")
        if len(picture.alt) > limits.longest_description:
            raise Rejected(f"the description of {picture.path.name} is longer than {limits.longest_description} signs")
    for start in range(0, len(pictures), limits.most_pictures):
        yield pictures[start : start + limits.most_pictures]


def _side_by_side(
    texts: Sequence[str], bundles: list[tuple[Picture, ...]]
) -> Iterator[tuple[str, tuple[Picture, ...]]]:
    for rank in range(max(len(texts), len(bundles))):
        yield (
            texts[rank] if rank < len(texts) else "",
            bundles[rank] if rank < len(bundles) else (),
        )


def _degraded(post: Post) -> Iterator[str]:
    if any(not isinstance(each.action, Link | InPrivate) for each in _buttons(post)):
        yield "Mastodon has no buttons: people answer in words"
    if post.silent:
        yield "Mastodon has no silent posts"


def _buttons(post: Post) -> Iterator[Button]:
    return (button for row in post.buttons for button in row)
