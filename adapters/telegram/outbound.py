"""A post as the calls that put it into a Telegram chat: pure, so that what is previewed is what is sent.

| post                              | calls                                                                       |
|-----------------------------------|-----------------------------------------------------------------------------|
| text                              | ``sendMessage``; several, each in reply to the one before, when it is long  |
| one picture, text that fits 1024  | ``sendPhoto`` with the text as caption                                      |
| one picture, longer text          | ``sendPhoto``, then ``sendMessage`` as above                                |
| 2 to 10 pictures                  | ``sendMediaGroup``, the text as caption of the first when it fits           |
| more                              | the rest in further groups; a last single one as ``sendPhoto``              |
| a poll of the network             | ``sendPoll``, the text as its description; before it when it is longer     |
| pinned                            | ``pinChatMessage`` last, of the first message                               |
| in reply to one of ours           | the first call says so; the reply stands also when that one is gone         |

Buttons stand under the last message. An album cannot carry any: its text then follows as a message. Descriptions of
pictures are words that everybody gets, in square brackets, with their picture when they fit there.

Parameters are those of the Bot API, ready for JSON, but for three words of ours: ``path`` stands for a file to upload,
``follows`` for the message of the part before (for a pin: the first message), known only once that is sent, and
``closes_at`` for how long a poll is open, counted from the call.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from adapters.telegram import limits
from adapters.telegram.identity import Identity
from adapters.telegram.keyboard import Keyboard, keyboard_of
from adapters.telegram.markup import fit, html, width
from core.errors import Rejected
from core.folding import clean
from core.identifiers import Address
from core.post import Part, Picture, Post, Receipt
from core.richtext import RichText, Span, join

_PHOTOGRAPHS = frozenset({".jpg", ".jpeg", ".png", ".webp"})


@dataclass(frozen=True, slots=True)
class _Group:
    """Pictures that go out in one call, and the words under them."""

    pictures: tuple[Picture, ...]
    caption: RichText

    @property
    def call(self) -> str:
        return "sendMediaGroup" if len(self.pictures) > 1 else "sendPhoto"


def parts(post: Post, address: Address, *, topic: int | None, me: Identity) -> tuple[Part, ...]:
    """The calls, in order.

    Raises Rejected for an empty post, pictures or buttons that Telegram cannot take, private words that others would
    read.
    """
    if post.private and address.startswith(limits.CROWDS):
        raise Rejected("nobody is alone in this chat")
    keyboard = keyboard_of(post.buttons, me)
    groups, text = _laid_out(post, buttons=keyboard.markup is not None)
    written = [*map(_picture_part, groups), *_asked(post, text)]
    if not written:
        raise Rejected("there is nothing to say in this post")
    common: dict[str, object] = {"chat_id": address}
    if topic is not None:
        common["message_thread_id"] = topic
    if post.silent:
        common["disable_notification"] = True
    made = [_placed(part, common, first=index == 0) for index, part in enumerate(written)]
    made[0] = _answering(made[0], post)
    made[-1] = _with_keyboard(made[-1], keyboard)
    if post.pinned:
        made.append(_pin(address))
    return tuple(made)


def change(post: Post, receipt: Receipt, me: Identity) -> Part:
    """The call that makes a sent message show the post. Raises Rejected when it cannot."""
    shown = [part for part in parts(post, receipt.address, topic=None, me=me) if part.call != "pinChatMessage"][-1]
    where: dict[str, object] = {"chat_id": receipt.address, "message_id": int(receipt.message)}
    field = "text" if receipt.call == "sendMessage" else "caption"
    call = "editMessageText" if field == "text" else "editMessageCaption"
    kept = {name: shown.parameters[name] for name in (field, "parse_mode") if name in shown.parameters}
    if field not in kept:
        call, kept = "editMessageReplyMarkup", {}
    if "reply_markup" in shown.parameters:
        kept["reply_markup"] = shown.parameters["reply_markup"]
    return Part(call=call, parameters=where | kept, text=shown.text, repeatable=True, degraded=shown.degraded)


def _asked(post: Post, text: RichText) -> list[Part]:
    """The text, and the poll with it where there is one: in its description, or before it when it is too long."""
    if post.poll is None:
        return _text_parts(text)
    described = width(text.plain) <= limits.LONGEST_DESCRIPTION
    words: dict[str, object] = {}
    if described and text.spans:
        words = {"description": html(text), "description_parse_mode": "HTML"}
    asked: dict[str, object] = {
        "question": clean(post.poll.question),
        "options": [{"text": clean(option)} for option in post.poll.options],
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": post.poll.several,
        "allows_revoting": True,
        "hide_results_until_closes": post.poll.hides,
        "closes_at": post.poll.closes_at.isoformat(),
    }
    said = "\n".join([post.poll.question, *(f"( ) {option}" for option in post.poll.options)])
    shown = f"{said}\n\n{text.plain}" if words else said
    poll = Part(call="sendPoll", parameters=asked | words, text=shown, asks=True)
    return [poll] if described else [*_text_parts(text), poll]


def _laid_out(post: Post, *, buttons: bool) -> tuple[list[_Group], RichText]:
    """The groups of pictures with their captions, and the text that is left for messages."""
    text = fit(post.text)
    if not text.plain.strip():
        text = RichText()
    bundles = _bundles(post.pictures)
    described = [_descriptions(bundle, post.pictures) for bundle in bundles]
    if bundles and not (buttons and len(post.pictures) > 1):
        whole = _paragraphs(text, described[0])
        if _fits(whole):
            described[0], text = whole, RichText()
    homeless = [words for words in described if not _fits(words)]
    captions = [words if _fits(words) else RichText() for words in described]
    groups = [_Group(bundle, caption) for bundle, caption in zip(bundles, captions, strict=True)]
    return groups, _paragraphs(text, *homeless)


def _bundles(pictures: Sequence[Picture]) -> list[tuple[Picture, ...]]:
    for picture in pictures:
        if picture.path.suffix.lower() not in _PHOTOGRAPHS:
            raise Rejected(f"{picture.path.name} is no photograph to Telegram: give JPEG, PNG or WebP")
    most = limits.MOST_PICTURES_TOGETHER
    return [tuple(pictures[start : start + most]) for start in range(0, len(pictures), most)]


def _descriptions(bundle: tuple[Picture, ...], pictures: tuple[Picture, ...]) -> RichText:
    lines = [_description(picture, pictures) for picture in bundle if picture.alt.strip()]
    return RichText((Span("\n".join(lines), emphasis=True),)) if lines else RichText()


def _description(picture: Picture, pictures: tuple[Picture, ...]) -> str:
    alt = fit(RichText.of(picture.alt.strip())).plain
    return f"[{alt}]" if len(pictures) == 1 else f"[{pictures.index(picture) + 1}/{len(pictures)}: {alt}]"


def _paragraphs(*texts: RichText) -> RichText:
    said = [text for text in texts if text.spans]
    return join(text if index == 0 else RichText.of("\n\n") + text for index, text in enumerate(said))


def _fits(text: RichText) -> bool:
    return width(text.plain) <= limits.LONGEST_CAPTION


def _picture_part(group: _Group) -> Part:
    words: dict[str, object] = {}
    if group.caption.spans:
        words = {"caption": html(group.caption), "parse_mode": "HTML"}
    if group.call == "sendMediaGroup":
        media: list[dict[str, object]] = [_item(picture) for picture in group.pictures]
        media[0] |= words
        return Part(call=group.call, parameters={"media": media}, text=group.caption.plain)
    photo: dict[str, object] = {"photo": {"path": str(group.pictures[0].path)}}
    return Part(call=group.call, parameters=photo | words, text=group.caption.plain)


def _item(picture: Picture) -> dict[str, object]:
    return {"type": "photo", "media": {"path": str(picture.path)}}


def _text_parts(text: RichText) -> list[Part]:
    return [
        Part(call="sendMessage", parameters={"text": html(piece), "parse_mode": "HTML"}, text=piece.plain)
        for piece in text.split(limits.LONGEST_TEXT, width)
        if piece.plain.strip()
    ]


def _placed(part: Part, common: dict[str, object], *, first: bool) -> Part:
    chained: dict[str, object] = {} if first or part.call != "sendMessage" else {"follows": True}
    return replace(part, parameters={**common, **part.parameters, **chained})


def _answering(part: Part, post: Post) -> Part:
    if post.answers is None:
        return part
    reply = {"message_id": int(post.answers), "allow_sending_without_reply": True}
    return replace(part, parameters={**part.parameters, "reply_parameters": reply})


def _with_keyboard(part: Part, keyboard: Keyboard) -> Part:
    markup: dict[str, object] = {} if keyboard.markup is None else {"reply_markup": keyboard.markup}
    return replace(part, parameters={**part.parameters, **markup}, degraded=keyboard.degraded)


def _pin(address: Address) -> Part:
    parameters: dict[str, object] = {"chat_id": address, "follows": True, "disable_notification": True}
    return Part(call="pinChatMessage", parameters=parameters, text="", repeatable=True)
