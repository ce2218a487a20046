"""What the chat page shows: the chats as a phone would, in two languages, with nothing from elsewhere."""

import asyncio
import re
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from aiohttp import FormData

from sandbox import pages
from sandbox.pages.words import preferred, words
from sandbox.telegram.marked import marked
from sandbox.telegram.values import Json
from tests.sandbox.visitor import NINE, Visitor, picture

CSS = Path(pages.__file__).parent / "static" / "page.css"

# ── looking ──


@pytest.mark.parametrize(
    ("accept", "language"),
    [("", "fr"), ("en-GB,en;q=0.9,fr;q=0.5", "en"), ("de,fr;q=0.3,en;q=0.2", "fr"), ("de", "fr"), ("en;q=x", "fr")],
)
def test_the_browsers_language_is_chosen_french_when_it_is_neither(accept: str, language: str) -> None:
    """French first, English always."""
    assert preferred(accept) == language


async def test_the_page_is_french_unless_english_is_asked(visitor: Visitor) -> None:
    """The switch wins over the browser."""
    french = await visitor.looks()
    english = await visitor.looks(headers={"Accept-Language": "en"})
    switched = await visitor.looks(headers={"Accept-Language": "en"}, lang="fr")

    assert '<html lang="fr">' in french
    assert "Qui êtes-vous ?" in french
    assert "Who are you?" in english
    assert "Qui êtes-vous ?" in switched


def test_both_languages_say_the_same_things() -> None:
    """A sentence that is missing in one would break the page there."""
    assert set(words("fr").sentences) == set(words("en").sentences)


async def test_the_phone_shows_the_channel_the_square_and_the_bot(visitor: Visitor) -> None:
    """The list of chats."""
    page = await visitor.looks()

    tabs = re.search(r'<nav class="tabs".*?</nav>', page, re.DOTALL)
    assert tabs is not None
    assert all(name in tabs[0] for name in ("Valmont-sur-Orge", "Place de Valmont", "Parvis de Valmont"))


async def test_a_poll_shows_its_buttons(visitor: Visitor) -> None:
    """They can be pressed without any script: each is in a form."""
    message = await visitor.asks()

    page = await visitor.looks()

    assert f'<input type="hidden" name="message" value="{message}">' in page
    assert 'name="data" value="v1:val_pont:1"' in page


async def test_a_private_chat_is_seen_by_its_citizen_only(visitor: Visitor) -> None:
    """Looking as somebody else shows somebody else's phone."""
    visitor.stage.world.start(visitor.me.id)
    await visitor.bot("sendMessage", chat_id=visitor.me.id, text="Rien que pour vous")
    visitor.chat = visitor.me.id
    mine = await visitor.looks()

    other = await visitor.looks(who=visitor.stage.people[1].id)

    assert "Rien que pour vous" in mine
    assert "Rien que pour vous" not in other


async def test_a_removed_message_is_gone_and_the_page_tells(visitor: Visitor) -> None:
    """A phone shows nothing; a visitor should see that something happened."""
    visitor.chat = visitor.stage.town.group
    await visitor.does("write", text="Sapristi !")
    await visitor.bot("deleteMessage", chat_id=visitor.chat, message_id=max(visitor.square))

    page = await visitor.looks()

    assert "Sapristi" not in page
    assert "Votre message retiré par le robot" in page


async def test_edits_pins_and_pictures_show(visitor: Visitor) -> None:
    """With the description of the picture where screen readers look for it."""
    form = FormData({"chat_id": str(visitor.chat), "caption": "Le pont\n\n[Un pont de bois]"})
    form.add_field("photo", picture(), filename="pont.png")
    async with visitor.session.post(f"{visitor.stage.url}/bot{visitor.stage.token}/sendPhoto", data=form) as sent:
        assert sent.status == 200, await sent.text()
    where = {"chat_id": visitor.chat, "message_id": max(visitor.stage.world.chat(visitor.chat).messages)}
    await visitor.bot("pinChatMessage", **where)
    await visitor.bot("editMessageCaption", **where, caption="Le pont neuf\n\n[Un pont de bois]")

    page = await visitor.looks()

    assert 'alt="Un pont de bois"' in page
    assert "Message épinglé" in page
    assert "modifié" in page
    photo = re.search(r'src="(/telegram/picture/[^"]+)"', page)
    assert photo is not None
    async with visitor.session.get(visitor.stage.url + photo[1]) as answer:
        assert (answer.status, answer.content_type) == (200, "image/png")


async def test_a_post_says_how_many_answers_it_has_on_the_square(visitor: Visitor) -> None:
    """And leads there."""
    await visitor.asks()
    mirror = max(visitor.square)
    visitor.chat = visitor.stage.town.group
    await visitor.does("write", text="Le gué !", reply=mirror)

    page = await visitor.looks(telegram=visitor.stage.town.channel)

    assert "1 réponse sur la place" in page


async def test_the_header_tells_the_hour_and_the_next_event(visitor: Visitor) -> None:
    """In the town's zone."""
    sleeper = asyncio.create_task(visitor.stage.clock.sleep_until(NINE + timedelta(hours=33)))
    await asyncio.sleep(0)

    page = await visitor.looks()
    sleeper.cancel()

    assert "<b>09:00</b> <span>lundi 1er mars</span>" in page
    assert re.search(r"Prochain évènement.*mardi 2 mars, 18:00", page)


@pytest.mark.parametrize("path", ["/telegram/picture/nothing", "/static/nothing.css", "/static/..%2Froutes.py"])
async def test_what_is_not_there_is_not_found(visitor: Visitor, path: str) -> None:
    """Nothing but the page's own files can be read."""
    async with visitor.session.get(visitor.stage.url + path) as answer:
        assert answer.status == 404


@pytest.mark.parametrize("name", ["page.css", "telegram.css", "discord.css", "mastodon.css", "page.js", "icon.svg"])
async def test_its_own_files_are_served(visitor: Visitor, name: str) -> None:
    """From this machine."""
    async with visitor.session.get(f"{visitor.stage.url}/static/{name}") as answer:
        assert answer.status == 200


# ── how it looks ──


@pytest.mark.parametrize(
    ("text", "entities", "expected"),
    [
        ("a<b", [], "a&lt;b"),
        ("un deux", [("bold", 0, 2)], "<strong>un</strong> deux"),
        ("😀 gras", [("bold", 3, 4)], "😀 <strong>gras</strong>"),
        ("abc", [("bold", 0, 3), ("italic", 1, 1)], "<strong>a<em>b</em>c</strong>"),
        ("abc", [("bold", 0, 2), ("italic", 1, 2)], "<strong>a<em>b</em></strong>c"),
        ("a b", [("bold", 5, 9)], "a b"),
        ("/vote", [("bot_command", 0, 5)], '<span class="tag">/vote</span>'),
        ("x", [("spoiler", 0, 1)], '<span class="spoiler" tabindex="0">x</span>'),
        ("x", [("custom_emoji", 0, 1)], "x"),
        ("a\n\nb", [("blockquote", 0, 1)], "<blockquote>a</blockquote>\nb"),
    ],
)
def test_entities_become_elements(text: str, entities: list[tuple[str, int, int]], expected: str) -> None:
    """Offsets count UTF-16 units; what overlaps is cut, what lies outside is left out."""
    given: list[Json] = [{"type": kind, "offset": start, "length": length} for kind, start, length in entities]

    assert marked(text, given) == expected


PAIRS = [
    ("ink", "card"), ("ink", "page"), ("soft", "card"), ("ink", "bubble"), ("soft", "bubble"), ("own-ink", "own"),
    ("own-soft", "own"), ("accent", "card"), ("accent", "key"), ("accent", "bubble"), ("accent-ink", "accent"),
    ("line", "card"), ("line", "chat"), ("line", "chat-end"), ("toast-ink", "toast"), ("ink", "key"), ("soft", "key"),
    *((f"c{hue}", "bubble") for hue in range(7)),
]  # fmt: skip


DISCORD = [
    ("ink", "card"), ("soft", "card"), ("ink", "bubble"), ("soft", "bubble"), ("ink", "rail"), ("soft", "rail"),
    ("soft", "side"), ("ink", "field"), ("soft", "field"), ("accent", "card"), ("accent-ink", "accent"), ("ink", "key"),
    ("line", "line-back"), ("toast-ink", "toast"), *((f"c{hue}", "card") for hue in range(7)),
]  # fmt: skip
MASTODON = [
    ("ink", "card"), ("soft", "card"), ("ink", "note"), ("soft", "note"), ("accent", "card"), ("accent", "key"),
    ("accent-ink", "accent"), ("star", "card"), ("shared", "card"), ("shared", "note"), ("ink", "key"), ("soft", "key"),
    ("line", "line-back"), *((f"c{hue}", "card") for hue in range(7)),
]  # fmt: skip
LOOKS = [
    (look, *pair) for look, pairs in (("page", PAIRS), ("discord", DISCORD), ("mastodon", MASTODON)) for pair in pairs
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("look", "ink", "paper"), LOOKS, ids=str)
def test_text_stands_out_from_what_it_is_written_on(scheme: str, look: str, ink: str, paper: str) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    colours = _colours(scheme)[look]

    lighter, darker = sorted((_luminance(colours[ink]), _luminance(colours[paper])), reverse=True)

    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


@cache
def _colours(scheme: str) -> dict[str, dict[str, str]]:
    """The colours of the page and of each network's phone on it, which changes some."""
    found: dict[str, dict[str, str]] = {}
    for look, selector in (("page", ":root"), ("discord", r"\.phone\.discord"), ("mastodon", r"\.phone\.mastodon")):
        css = (CSS.parent / f"{look}.css").read_text(encoding="utf-8")
        blocks = re.findall(rf"{selector} \{{(.*?)\}}", css, re.DOTALL)
        words = "".join(blocks if scheme == "dark" else blocks[:1])
        found[look] = found.get("page", {}) | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", words))
    return found


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
