"""Posts as calls."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram.identity import Identity
from adapters.telegram.markup import fit, width
from adapters.telegram.outbound import change, parts
from core.errors import Rejected
from core.events import Choice, Command
from core.identifiers import Address, MessageId, PollId
from core.post import Button, InPrivate, Link, Part, Picture, Post, Receipt, for_one_person
from core.richtext import RichText, Span

ME = Identity(id=1, username="ville_bot", key=b"k")
PLACE = Address("-1001")
BUTTON = Button("Oui", Choice(PollId("pont"), 0))


def plan(post: Post, topic: int | None = None, me: Identity = ME) -> tuple[Part, ...]:
    return parts(post, PLACE, topic=topic, me=me)


def pictures(count: int, alt: str = "Vue") -> tuple[Picture, ...]:
    return tuple(Picture(Path(f"{number}.jpg"), alt) for number in range(count))


def keyboard(part: Part) -> list[list[Mapping[str, str]]]:
    markup = part.parameters["reply_markup"]
    assert isinstance(markup, dict)
    rows = markup["inline_keyboard"]
    assert isinstance(rows, list)
    return rows


@given(st.text(st.characters(codec=None), max_size=9000), st.integers(0, 12), st.booleans())
def test_every_part_fits_and_no_word_is_lost(words: str, count: int, asked: bool) -> None:  # noqa: FBT001  a strategy
    """Whatever the text: cases 4 to 7 hold for all of them."""
    post = Post(text=RichText.of(words), pictures=pictures(count), buttons=((BUTTON,),) if asked else ())
    try:
        planned = plan(post)
    except Rejected:
        assert not words.strip()
        return

    assert all(width(part.text) <= (4096 if part.call == "sendMessage" else 1024) for part in planned)
    said = "".join("".join(part.text for part in planned).split())
    assert said.count("[") >= count
    assert "".join(fit(RichText.of(words)).plain.split()) in said
    assert ["reply_markup" in part.parameters for part in planned] == [False] * (len(planned) - 1) + [asked]


def test_an_album_with_buttons_is_followed_by_its_text() -> None:
    """An album cannot carry buttons: they stand under the words."""
    album, words = plan(Post(text=RichText.of("Bonjour"), pictures=pictures(2), buttons=((BUTTON,),)))

    assert (album.call, words.call) == ("sendMediaGroup", "sendMessage")
    assert words.text == "Bonjour"
    assert words.parameters["follows"] is True


def test_descriptions_too_long_for_a_caption_follow_as_text() -> None:
    """Nobody loses the words of a picture."""
    planned = plan(Post(text=RichText.of("Bonjour"), pictures=pictures(10, "v" * 200)))

    assert [part.call for part in planned] == ["sendMediaGroup", "sendMessage"]
    assert planned[1].text.count("v" * 200) == 10


def test_a_pin_comes_last_and_may_be_repeated() -> None:
    """It changes nothing the second time, so a doubt about it needs no human."""
    *_, pin = plan(Post(text=RichText.of("Bonjour"), pinned=True))

    assert (pin.call, pin.repeatable) == ("pinChatMessage", True)


def test_a_post_without_words_or_pictures_is_refused() -> None:
    """Telegram takes no empty message."""
    with pytest.raises(Rejected):
        plan(Post(text=RichText.of(" \n")))


@pytest.mark.parametrize("place", ["-1001000000001", "@ville"])
def test_private_words_are_not_said_where_others_read(place: str) -> None:
    """Whoever speaks as a channel has a number like any other."""
    post = for_one_person(Post(text=RichText.of("Votre message a été retiré.")))

    with pytest.raises(Rejected, match="nobody is alone"):
        parts(post, Address(place), topic=None, me=ME)
    assert parts(post, Address("711"), topic=None, me=ME)


def test_a_file_that_is_no_photograph_is_refused() -> None:
    """When the campaign is planned, not when it is due."""
    with pytest.raises(Rejected, match="JPEG"):
        plan(Post(text=RichText.of("Plan"), pictures=(Picture(Path("plan.svg"), "Plan"),)))


def test_long_rows_are_broken_at_eight_buttons() -> None:
    """Telegram shows no more in a row."""
    (part,) = plan(Post(text=RichText.of("?"), buttons=((BUTTON,) * 10,)))

    assert [len(row) for row in keyboard(part)] == [8, 2]


def test_more_than_a_hundred_buttons_are_refused() -> None:
    """Telegram takes no more."""
    with pytest.raises(Rejected):
        plan(Post(text=RichText.of("?"), buttons=((BUTTON,),) * 101))


def test_a_label_too_long_for_a_button_is_cut_and_says_so() -> None:
    """The preview shows what was changed."""
    (part,) = plan(Post(text=RichText.of("?"), buttons=((Button("x" * 100, Command("help")),),)))

    assert keyboard(part)[0][0]["text"] == "x" * 63 + "…"
    assert part.degraded == ("label shortened: " + "x" * 63 + "…",)


def test_buttons_open_pages_and_private_chats() -> None:
    """A web address, and a link to the bot."""
    row = (Button("Site", Link("https://ville.example")), Button("En privé", InPrivate(Command("start"))))
    (part,) = plan(Post(text=RichText.of("?"), buttons=(row,)))

    site, private = keyboard(part)[0]
    assert site["url"] == "https://ville.example"
    assert private["url"].startswith("https://t.me/ville_bot?start=")


def test_a_button_to_nowhere_is_left_out_and_says_so() -> None:
    """Telegram would refuse the whole message."""
    (part,) = plan(Post(text=RichText.of("?"), buttons=((Button("Site", Link("javascript:x")),),)))

    assert "reply_markup" not in part.parameters
    assert part.degraded == ("button without a web address left out: Site",)


def test_no_link_to_the_bot_is_written_before_its_name_is_known() -> None:
    """It would lead to somebody else."""
    with pytest.raises(Rejected):
        plan(Post(text=RichText.of("?"), buttons=((Button("x", InPrivate(Command("start"))),),)), me=Identity(key=b"k"))


@pytest.mark.parametrize(
    ("call", "post", "expected"),
    [
        ("sendMessage", Post(text=RichText.of("Bonjour")), ("editMessageText", "text")),
        ("sendPhoto", Post(text=RichText.of("Bonjour"), pictures=pictures(1)), ("editMessageCaption", "caption")),
        ("sendPhoto", Post(text=RichText.of("x" * 2000), pictures=pictures(1)), ("editMessageReplyMarkup", None)),
    ],
)
def test_a_change_is_made_where_the_words_stand(call: str, post: Post, expected: tuple[str, str | None]) -> None:
    """Text in a text, caption under a picture, else the buttons alone."""
    part = change(post, Receipt(address=PLACE, message=MessageId("5"), call=call), ME)

    assert part.call == expected[0]
    assert {"text", "caption"} & set(part.parameters) == ({expected[1]} if expected[1] else set())


def test_a_change_of_a_long_post_is_made_to_the_message_with_the_buttons() -> None:
    """The one whose receipt is kept for it."""
    words = RichText((Span("mot " * 2000),))
    part = change(
        Post(text=words, buttons=((BUTTON,),)), Receipt(address=PLACE, message=MessageId("5"), call="sendMessage"), ME
    )

    assert part.text == plan(Post(text=words))[-1].text
    assert keyboard(part)
