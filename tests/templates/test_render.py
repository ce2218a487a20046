"""From a message to a post: every message, every language, every field."""

import asyncio
import re
import shutil
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest
from jinja2 import UndefinedError, meta

from core.announcement import Announcement, Image
from core.case_messages import MessageRestored
from core.errors import Misconfigured
from core.identifiers import AnnouncementId, CaseNumber, Locale
from core.messages import AnnouncementPublished, BallotRefused, BallotWithdrawn, Message, PollOpened
from core.post import Picture
from core.richtext import Span
from templates.environment import FOLDER, environment
from templates.officers import OfficersText
from templates.render import JinjaWords, template_name
from tests.templates.examples import HOSTILE, HOSTILE_POLL, MASTODON, ORDINARY, POLL, TELEGRAM, TOWN, WORST, ZONE, both

KINDS: tuple[type[Message], ...] = get_args(Message)
EVERY = ORDINARY + WORST


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the templates, to spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "templates", ignore=shutil.ignore_patterns("*.py", "__pycache__")))


@pytest.mark.parametrize("examples", [ORDINARY, WORST], ids=["ordinary", "worst case"])
def test_the_examples_show_every_message(examples: tuple[Message, ...]) -> None:
    """A new message without an example would escape these tests."""
    assert {type(example) for example in examples} == set(KINDS)


@pytest.mark.parametrize("locale", Locale)
def test_every_message_is_said_in_every_language(words: JinjaWords, locale: Locale) -> None:
    """Ordinary or hostile, it has words."""
    assert [m for m in EVERY if not words.post(m, locale, TELEGRAM).text.plain.strip()] == []


@pytest.mark.parametrize("locale", Locale)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_template_asks_for_nothing_its_message_lacks(kind: type[Message], locale: Locale) -> None:
    """Also in branches that no example takes."""
    source = (FOLDER / locale.value / f"{template_name(kind)}.j2").read_text("utf-8")

    asked = meta.find_undeclared_variables(environment(locale, OfficersText({})).parse(source))

    assert asked <= {field.name for field in fields(kind)} | {"network", "presses", "hears", "native"}


def test_no_template_is_left_over() -> None:
    """A file that no message uses would be translated for nothing."""
    known = {f"{template_name(kind)}.j2" for kind in KINDS} | {
        "_calendar.j2",
        "_cases.j2",
        "_filters.j2",
        "_commands.j2",
        "_labels.j2",
        "_moderation.j2",
        "_phrases.j2",
        "_places.j2",
        "_preflight.j2",
        "_privacy.j2",
        "_rehearsal.j2",
        "_signs.j2",
    }

    assert {file.name for locale in Locale for file in (FOLDER / locale.value).iterdir()} == known


def test_no_template_marks_a_value_as_safe() -> None:
    """Escaping has no exception: what a value says is never markup."""
    sources = [file.read_text("utf-8") for file in FOLDER.rglob("*.j2")]

    assert not any("|safe" in source.replace(" ", "") or "autoescape" in source for source in sources)


def test_a_missing_value_is_an_error_not_a_hole(folder: Path) -> None:
    """« Bonjour  » to nine thousand people is worse than no message."""
    (folder / "fr" / "ballot_withdrawn.j2").write_text("Bonjour {{ name }}", encoding="utf-8")

    with pytest.raises(UndefinedError):
        JinjaWords(town=TOWN, folder=folder).post(BallotWithdrawn(), Locale.FR, TELEGRAM)


def test_an_unknown_reason_is_an_error_not_a_hole(words: JinjaWords) -> None:
    """Each key that code uses needs its sentence."""
    with pytest.raises(UndefinedError):
        words.post(BallotRefused(reason="it_rains"), Locale.FR, TELEGRAM)


def test_a_missing_language_is_noticed_before_anything_is_said(folder: Path) -> None:
    """Nobody is answered in another language silently."""
    shutil.rmtree(folder / "en")

    with pytest.raises(Misconfigured) as refused:
        JinjaWords(town=TOWN, folder=folder)

    assert len(refused.value.findings) == len(KINDS) + 1


def test_a_missing_message_is_named(folder: Path) -> None:
    """The operator reads which file is gone."""
    gone = folder / "en" / "poll_opened.j2"
    gone.unlink()

    with pytest.raises(Misconfigured) as refused:
        JinjaWords(town=TOWN, folder=folder)

    assert [finding.file for finding in refused.value.findings] == [gone]


@pytest.mark.parametrize("locale", Locale)
def test_citizens_are_told_to_press_only_where_there_are_buttons(words: JinjaWords, locale: Locale) -> None:
    """Elsewhere they answer in words, and read how."""
    pressed = words.post(PollOpened(poll=POLL, zone=ZONE), locale, TELEGRAM).text.plain
    answered = words.post(PollOpened(poll=POLL, zone=ZONE), locale, MASTODON).text.plain

    assert re.search("bouton|button", pressed)
    assert not re.search("bouton|button", answered)
    assert "Mastodon" in answered


async def test_writing_a_message_never_waits_for_a_disk() -> None:
    """BlockBuster refuses file reads inside the event loop; votes are answered there."""
    words = await asyncio.to_thread(JinjaWords, town=TOWN)

    posts = [words.post(message, locale, TELEGRAM) for message in ORDINARY for locale in Locale]

    assert all(post.text.plain for post in posts)


def test_an_announcement_keeps_its_pictures_and_its_loudness(words: JinjaWords) -> None:
    """Each picture with its description in the language of the post."""
    post = words.post(ORDINARY[0], Locale.EN, TELEGRAM)

    assert post.pictures == (Picture(path=Path("travaux.png"), alt="Map of the bus 4 detour"),)
    assert (post.silent, post.pinned) == (True, True)


def test_what_a_citizen_wrote_is_quoted_to_the_character(words: JinjaWords) -> None:
    """Markup, mentions, right-to-left marks, NUL and lone surrogates are only characters here."""
    message = next(message for message in WORST if isinstance(message, MessageRestored))

    post = words.post(message, Locale.FR, TELEGRAM)

    assert HOSTILE in post.text.plain
    assert Span(message.text, quote=True) in post.text.spans


def test_a_citizen_fills_no_placeholder(words: JinjaWords) -> None:
    """Who writes {{ town }} has written just that."""
    message = MessageRestored(case=CaseNumber(1), author="{{ town }}", text="{{ town }}")

    post = words.post(message, Locale.FR, TELEGRAM)

    assert post.text.plain.count("{{ town }}") == 2


def test_an_officer_may_name_the_town(words: JinjaWords) -> None:
    """In title, body and the descriptions of pictures."""
    named = both("À {{ town }}")
    image = Image(path=Path("a.png"), alt=named)
    told = Announcement(id=AnnouncementId("a"), title=named, body=named, images=(image,))

    post = words.post(AnnouncementPublished(announcement=told), Locale.FR, TELEGRAM)

    assert post.text.plain == "À Saint-Aubin-sur-Loire\n\nÀ Saint-Aubin-sur-Loire"
    assert post.pictures[0].alt == "À Saint-Aubin-sur-Loire"


def test_hostile_options_stand_whole_in_the_text(words: JinjaWords) -> None:
    """Apart from white space at the ends of lines."""
    post = words.post(WORST[1], Locale.FR, TELEGRAM)

    assert all(option.fr.strip() in post.text.plain for option in HOSTILE_POLL.options[:4])
