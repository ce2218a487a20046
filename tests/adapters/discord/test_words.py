"""Pure parts: markdown, custom ids, and a post as calls."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import ids, limits
from adapters.discord.commands import digest, gives, menu
from adapters.discord.grounds import Ground
from adapters.discord.markup import escaped, markdown, width
from adapters.discord.outbound import CROSSPOST, FORUM, MESSAGE, PIN, THREAD, change, parts, whole
from core.errors import Rejected
from core.events import Choice, Command
from core.identifiers import Address, MessageId, PollId
from core.ports.platform import Introduction
from core.post import Button, InPrivate, Link, Part, Picture, Post
from core.richtext import RichText, Span

HERE = Address("811")
POLL = PollId("halle_usage")
PICTURE = Picture(Path("pont.png"), "Un pont de bois")


def text(words: str) -> Post:
    """A post of a few words."""
    return Post(text=RichText.of(words))


def rows_of(part: Part) -> list[dict[str, Any]]:
    """Its rows of buttons."""
    rows: Any = part.parameters["components"]
    return list(rows)


def poll(options: int, *, several: bool = False) -> Post:
    """A question with so many options, each a row."""
    rows = tuple((Button(f"{rank + 1}. Réponse", Choice(POLL, rank)),) for rank in range(options))
    return Post(text=RichText.of("Que faire ?"), buttons=rows, several=several)


# ── words ──


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("*gras* _souligné_ ~barré~ `code` |caché|", r"\*gras\* \_souligné\_ \~barré\~ \`code\` \|caché\|"),
        ("<@123> <#4> <t:0>", r"\<@123> \<#4> \<t:0>"),
        ("# Titre\n> citation\n- un\n1. deux", "\\# Titre\n\\> citation\n\\- un\n1. deux"),
        ("https://valmont.fr/a_b_c et a_b", r"https://valmont.fr/a_b_c et a\_b"),
        ("C:\\temp", r"C:\\temp"),
    ],
)
def test_nothing_that_was_typed_is_markup(words: str, expected: str) -> None:
    """Words are read as they were written; addresses stay whole."""
    assert escaped(words) == expected


def test_emphasis_is_discords() -> None:
    """With spaces outside the signs, where Discord would not read them otherwise."""
    spans = (
        Span("Gras ", strong=True),
        Span("penché", emphasis=True),
        Span("\n"),
        Span("cité\ndeux fois", quote=True),
        Span("\n"),
        Span("/vote 2", code=True),
        Span(" "),
        Span("la page", link="https://valmont.fr"),
        Span(" ", strong=True),
    )

    assert markdown(RichText(spans)) == (
        "**Gras** *penché*\n> cité\n> deux fois\n`/vote 2` [la page](<https://valmont.fr>) "
    )


@given(st.text(max_size=3000))
def test_a_post_of_any_words_fits_and_loses_none(words: str) -> None:
    """Hostile ones too: each message is within the limit, and nobody is mentioned."""
    try:
        planned = parts(text(words), HERE, Ground())
    except Rejected:
        assert not markdown(RichText.of(words)).strip()
        return

    assert all(width(part.text) <= limits.LONGEST_TEXT for part in planned)
    assert all(part.parameters["allowed_mentions"] == {"parse": []} for part in planned)


@given(st.text(max_size=4000))
def test_an_answer_of_any_words_fits(words: str) -> None:
    """Whoever pressed sees something."""
    assert width(whole(words)) <= limits.LONGEST_TEXT


# ── custom ids ──


@pytest.mark.parametrize(
    "action",
    [Choice(POLL, 0), Choice(POLL, 24), Command("help"), Command("vote", ("halle_usage", "1")), Command("stop")],
)
def test_an_action_survives_its_custom_id(action: Choice | Command) -> None:
    """No button depends on the memory of a process."""
    custom_id = ids.written(action)

    assert custom_id is not None
    assert ids.read(custom_id, ()) == action


def test_what_is_chosen_in_a_list_is_a_whole_ballot() -> None:
    """Numbers count from 1 where people type them."""
    assert ids.read(ids.list_of(POLL), ("0", "2")) == Command("vote", ("halle_usage", "1", "3"))


@pytest.mark.parametrize(
    ("custom_id", "values"),
    [
        ("", ()),
        ("v1:x", ()),
        ("v1:x:y", ()),
        ("s1:x", ()),
        ("s1:x", ("a",)),
        ("c1:", ()),
        ("v9:x:1", ()),
        ("ç" * 101, ()),
    ],
)
def test_what_is_none_of_ours_means_nothing(custom_id: str, values: tuple[str, ...]) -> None:
    """Anybody can make a custom id."""
    assert ids.read(custom_id, values) is None


@pytest.mark.parametrize("action", [Command("x" * 120), Command("vote", ("a b",)), Choice(PollId("a:b"), 0)])
def test_an_action_that_cannot_be_written_has_no_button(action: Choice | Command) -> None:
    """What cannot be read again is not sent."""
    assert ids.written(action) is None


def test_a_message_in_a_thread_is_found_again() -> None:
    """It stands, for the rest of Parvis, in the channel of the thread."""
    assert ids.place_of("811", ids.in_thread("900", "901")) == ("900", "901")
    assert ids.place_of("811", MessageId("5")) == ("811", "5")


def test_snowflakes_tell_when_they_were_given() -> None:
    """docs/Reference, snowflakes: the example of the documentation."""
    number = ids.at(175928847299117063)

    at = datetime.fromtimestamp(((number >> 22) + 1420070400000) / 1000, UTC)
    assert at.isoformat(timespec="milliseconds") == "2016-04-30T11:18:25.796+00:00"
    assert ids.at(number, earlier=1000) == number - (1000 << 22)
    assert ids.at(0, earlier=1) == 0


# ── a post as calls ──


def test_up_to_five_options_are_a_row_of_buttons() -> None:
    """Case 17."""
    (part,) = parts(poll(3), HERE, Ground())

    (row,) = rows_of(part)
    assert [button["custom_id"] for button in row["components"]] == [f"v1:{POLL}:{rank}" for rank in range(3)]
    assert part.degraded == ()


@pytest.mark.parametrize(("several", "most"), [(False, 1), (True, 12)])
def test_more_options_are_a_list(several: bool, most: int) -> None:  # noqa: FBT001  a parameter of the test
    """Case 18."""
    (part,) = parts(poll(12, several=several), HERE, Ground())

    (row,) = rows_of(part)
    (menu_of_options,) = row["components"]
    assert (menu_of_options["custom_id"], menu_of_options["max_values"]) == (f"s1:{POLL}", most)
    assert [option["value"] for option in menu_of_options["options"]] == [str(rank) for rank in range(12)]


def test_more_options_than_a_list_holds_are_refused() -> None:
    """Case 18: before anything is sent."""
    with pytest.raises(Rejected, match="25 options at most, this poll has 26"):
        parts(poll(26), HERE, Ground())


def test_buttons_that_find_no_room_are_counted() -> None:
    """What they do can be typed, and an officer reads that they are missing."""
    rows = tuple((Button(f"Page {rank}", Link(f"https://valmont.fr/{rank}")),) for rank in range(7))

    (part,) = parts(Post(text=RichText.of("x"), buttons=rows), HERE, Ground())

    assert part.degraded == ("2 buttons left out: what they do can be typed",)


def test_a_way_to_a_private_chat_is_an_answer_to_the_presser_alone() -> None:
    """No chat has to be opened for that here."""
    post = Post(text=RichText.of("x"), buttons=((Button("En privé", InPrivate(Command("myvote"))),),))

    (part,) = parts(post, HERE, Ground())

    (row,) = rows_of(part)
    assert row["components"][0]["custom_id"] == "c1:myvote"


def test_a_post_with_everything_makes_its_calls_in_order() -> None:
    """Cases 6 and 8: pinned, in a channel that others follow, with a discussion."""
    post = Post(text=RichText.of("Réunion " * 20), pictures=(PICTURE,), pinned=True, silent=True)

    planned = parts(post, HERE, Ground(followed=True, debated=True))

    assert [part.call for part in planned] == [MESSAGE, PIN, THREAD, CROSSPOST]
    assert planned[0].parameters["files"] == [{"path": "pont.png", "description": "Un pont de bois"}]
    assert planned[0].parameters["flags"] == 1 << 12
    assert len(str(planned[2].parameters["name"])) <= limits.LONGEST_THREAD_NAME
    assert planned[2].parameters["auto_archive_duration"] in {60, 1440, 4320, 10080}
    assert all(part.repeatable for part in planned[1:])
    assert [part.apart for part in planned] == [False, False, False, True]


FORUM_GROUND = Ground(forum=True, wanted=("Travaux", "Voirie"), tags={"Travaux": "71", "Ponts": "72"}, needs_tag=True)


def test_a_post_of_a_forum_is_a_conversation_with_its_tags() -> None:
    """Case 9: a tag that the forum does not have is told to the officer."""
    post = Post(text=RichText.of("Le pont\n\nIl est vieux."), pinned=True)

    (begun,) = parts(post, HERE, FORUM_GROUND)

    assert (begun.call, begun.parameters["name"], begun.parameters["applied_tags"]) == (FORUM, "Le pont", ["71"])
    assert begun.degraded == ("the forum has no tag «Voirie»", "a forum pins none of its posts")


def test_a_forum_that_asks_for_a_tag_gets_no_post_without_one() -> None:
    """Discord would refuse it, at night."""
    with pytest.raises(Rejected, match="asks for a tag"):
        parts(text("x"), HERE, replace(FORUM_GROUND, wanted=()))


def test_more_pictures_than_a_message_holds_follow() -> None:
    """Ten and two."""
    planned = parts(Post(text=RichText.of("x"), pictures=(PICTURE,) * 12), HERE, Ground())

    assert [len(part.parameters["files"]) for part in planned] == [10, 2]  # type: ignore[arg-type]  # JSON


@pytest.mark.parametrize(
    ("post", "why"),
    [
        (text(" "), "nothing to say"),
        (Post(text=RichText.of("x"), pictures=(Picture(Path("a.pdf"), "x"),)), "no picture"),
        (Post(text=RichText.of("x"), pictures=(Picture(Path("a.png"), "x" * 1025),)), "longer than 1024"),
    ],
)
def test_what_discord_cannot_take_is_refused_before_it_is_sent(post: Post, why: str) -> None:
    """With its reason."""
    with pytest.raises(Rejected, match=why):
        parts(post, HERE, Ground())


def test_a_long_text_is_cut_between_words_and_keeps_its_order() -> None:
    """Case 3."""
    words = " ".join(f"mot{number}" for number in range(900))

    planned = parts(text(words), HERE, Ground())

    assert len(planned) > 1
    assert " ".join(part.text for part in planned) == words


def test_a_message_that_is_changed_says_its_text_and_buttons() -> None:
    """Its pictures stay; one that loses its buttons says so."""
    assert change(text("Fini")) == {"content": "Fini", "components": [], "allowed_mentions": {"parse": []}}
    with pytest.raises(Rejected):
        change(text(""))


# ── the menu ──


def test_the_menu_is_english_with_french_beside_it() -> None:
    """Discord shows each person their own language."""
    told = Introduction(
        commands={"en": (("vote", "Vote"), ("help", "Help")), "fr": (("vote", "Voter"), ("help", "Aide"))},
        worded=frozenset({"vote"}),
        names={"fr": {"vote": "voter"}},
    )

    vote, help_ = menu(told)

    assert (vote["name"], vote["description"], vote["description_localizations"]) == ("vote", "Vote", {"fr": "Voter"})
    assert (vote["name_localizations"], help_.get("name_localizations")) == ({"fr": "voter"}, None)
    assert (len(vote["options"]), "options" in help_) == (1, False)
    assert digest(menu(told)) == digest(menu(told)) != digest([vote])


def test_what_moderators_are_offered_is_hidden_from_others() -> None:
    """It only hides: the right is looked at when the command is given."""
    told = Introduction(
        report={"en": "Report", "fr": "Signaler"},
        staff={"en": (("lock", "Close"),), "fr": (("lock", "Fermer"),)},
        menus={"warn": {"en": "Warn the author", "fr": "Avertir l’auteur"}},
    )

    lock, report, warn = menu(told)

    needed = 1 << 40
    assert (lock["type"], lock["name"], lock["default_member_permissions"], lock["contexts"]) == (
        1,
        "lock",
        needed,
        [0],
    )
    assert [option["name"] for option in lock["options"]] == ["text"]
    assert "default_member_permissions" not in report
    assert (warn["type"], warn["name"], warn["default_member_permissions"]) == (3, "Warn the author", needed)
    assert gives(told) == {"Warn the author": "warn"}
