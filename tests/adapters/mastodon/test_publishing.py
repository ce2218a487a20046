"""The acceptance cases of Mastodon about what goes out: 1 to 10, 21."""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

import pytest

from core.delivery import Urgency
from core.errors import Rejected, Unavailable, Uncertain
from core.events import Choice, Command
from core.identifiers import Address, Locale, MessageId, PollId
from core.post import Button, InPrivate, Link, Part, Picture, Post
from core.richtext import RichText
from sandbox.faults import Harm
from sandbox.mastodon.profiles import GOTOSOCIAL
from sandbox.mastodon.values import Status
from tests.adapters.mastodon.conftest import POST, PUBLIC, Town, picture, publish, text, town_on

ADDRESS = "https://ville.fr/" + "pont-" * 56 + "neuf"
MEDIA = "POST /api/v2/media"


async def test_an_announcement_is_public_in_its_language_and_has_a_key(either: Town) -> None:
    """Case 1: as JSON with right types, which GoToSocial insists on."""
    await publish(either, Post(text=RichText.of("Bonjour"), locale=Locale.FR))

    (call,) = either.calls(POST, "done")
    assert call["parameters"] == {"status": "Bonjour", "visibility": "public", "language": "fr"}
    assert call["idempotency"]
    assert (either.posts[0].visibility, either.posts[0].language) == ("public", "fr")


@pytest.mark.parametrize("harm", [Harm.CUT_AFTER, Harm.HALF])
async def test_a_post_whose_answer_was_lost_is_repeated_with_its_key_and_out_once(town: Town, harm: Harm) -> None:
    """Case 2: Mastodon remembers the key for an hour, and we count on less."""
    town.misbehave(harm)
    with pytest.raises(Uncertain):
        await publish(town, text("Bonjour"))

    (receipt,) = await publish(town, text("Bonjour"))

    assert [post.id for post in town.posts] == [receipt.message]
    assert len({str(call["idempotency"]) for call in town.calls(POST)}) == 1
    assert town.adapter.capabilities.dedupes_for == timedelta(minutes=50)


async def test_where_keys_are_not_known_a_post_whose_answer_was_lost_is_looked_for(social: Town) -> None:
    """Case 3: and its id adopted."""
    social.misbehave(Harm.CUT_AFTER)

    (receipt,) = await publish(social, text("Le *pont* & vous : https://ville.fr/pont?a=1 @anne #pont"))

    assert [post.id for post in social.posts] == [receipt.message]
    assert social.adapter.capabilities.dedupes_for == timedelta(0)


async def test_a_private_post_whose_answer_was_lost_is_found_by_whom_it_is_for(social: Town) -> None:
    """Case 3: everybody is told in the same words."""
    await publish(social, text("Merci"), Address("@bilal"))
    social.misbehave(Harm.CUT_AFTER)

    (receipt,) = await publish(social, text("Merci"), Address("@chloe@ailleurs.example"))

    assert (receipt.message, receipt.address) == (social.posts[-1].id, "@chloe@ailleurs.example")


async def test_a_post_that_is_not_found_leaves_a_doubt(social: Town) -> None:
    """Case 3: what said the same before is another post, and nobody knows what a 502 did."""
    await publish(social, text("Bonjour"))
    social.misbehave(Harm.STATUS, status=502)

    with pytest.raises(Uncertain):
        await publish(social, text("Bonjour"), key="2")

    assert social.texts == ["Bonjour"]


async def test_a_post_from_before_the_attempt_is_not_adopted(social: Town) -> None:
    """Case 3: a reminder says each week the same, and the one of last week was made by another process."""
    social.world.publish(Status(account=social.bot.id, text="Bonjour"))
    social.clock.forward(timedelta(days=7))
    social.misbehave(Harm.CUT_BEFORE)

    with pytest.raises(Uncertain):
        await publish(social, text("Bonjour"))


async def test_a_doubt_stays_when_nobody_can_look(social: Town) -> None:
    """Case 3: the server is away altogether."""
    social.misbehave(Harm.CUT_AFTER)
    social.misbehave(Harm.STATUS, "GET /api/v1/accounts/:id/statuses")

    with pytest.raises(Uncertain):
        await publish(social, text("Bonjour"))


@pytest.mark.parametrize(("letters", "posts"), [(476, 1), (477, 2)])
async def test_a_link_costs_what_the_server_says(town: Town, letters: int, posts: int) -> None:
    """Case 4: 500 characters with the blank, of which a link takes 23 however long it is."""
    words = "é" * (letters // 2) + " " + "e\u0301" * (letters - letters // 2 - 1)
    await publish(town, text(f"{words} {ADDRESS}"))

    assert len(town.posts) == posts
    assert town.texts[-1].endswith(ADDRESS)


async def test_a_long_text_is_a_thread_of_which_the_first_post_is_public(town: Town) -> None:
    """Case 5: in order, each in reply to the one before, under keys of their own."""
    words = " ".join(f"mot{n}" for n in range(230))
    receipts = await publish(town, text(words))

    posts = town.posts
    assert [post.id for post in posts] == [receipt.message for receipt in receipts]
    assert len(posts) == 4
    assert [post.reply_to for post in posts] == [None, *(post.id for post in posts[:-1])]
    assert [post.visibility for post in posts] == ["public", "unlisted", "unlisted", "unlisted"]
    assert " ".join(town.texts) == words
    assert len({str(call["idempotency"]) for call in town.calls(POST)}) == 4


async def test_a_picture_goes_up_with_its_description_and_then_out(either: Town, tmp_path: Path) -> None:
    """Case 7."""
    await publish(either, Post(text=RichText.of("Le pont"), pictures=(Picture(picture(tmp_path), "Vu de la rive"),)))

    (post,) = either.posts
    assert [either.world.media[number].description for number in post.media] == ["Vu de la rive"]


async def test_more_pictures_than_a_post_holds_go_on_in_the_thread(town: Town, tmp_path: Path) -> None:
    """Case 7: four on Mastodon."""
    pictures = tuple(Picture(picture(tmp_path, f"{n}.png"), f"Vue {n}") for n in range(6))
    await publish(town, Post(text=RichText.of("Six vues"), pictures=pictures))

    assert [(post.text, len(post.media)) for post in town.posts] == [("Six vues", 4), ("", 2)]
    assert town.posts[1].reply_to == town.posts[0].id


@pytest.mark.parametrize(("name", "alt"), [("a.png", " "), ("a.png", "x" * 1501), ("a.svg", "Le pont")])
async def test_what_mastodon_or_a_reader_could_not_take_is_refused_before_any_call(
    town: Town, tmp_path: Path, name: str, alt: str
) -> None:
    """Cases 7 and 8: no description, one that is too long, a file that is no picture."""
    with pytest.raises(Rejected):
        town.adapter.plan(Post(text=RichText.of("a"), pictures=(Picture(tmp_path / name, alt),)), PUBLIC)


async def test_a_file_that_is_worked_on_is_waited_for(town: Town, tmp_path: Path) -> None:
    """Case 9: 202, then 206 until it is ready; only then may it be posted."""
    film = tmp_path / "film.mp4"
    film.write_bytes(b"film")
    town.world.looks = 1
    part = Part(
        call="post",
        parameters={"status": "a", "visibility": "public", "pictures": [{"path": str(film), "description": "b"}]},
        text="a",
    )

    await town.adapter.send(part, key="1", before=())

    assert len(town.calls("GET /api/v1/media/:id", "done")) >= 1
    assert len(town.posts[0].media) == 1


async def test_pictures_wait_when_told_to_and_go_up_once(town: Town, tmp_path: Path) -> None:
    """Case 10: the second body is the first one, and what is up already is not sent again."""
    pictures = tuple(Picture(picture(tmp_path, f"{n}.png"), f"Vue {n}") for n in (1, 2))
    post = Post(text=RichText.of("Deux vues"), pictures=pictures)
    town.misbehave(Harm.FLOOD, MEDIA, nth=2, retry_after=90)

    with pytest.raises(Unavailable) as told:
        await publish(town, post)
    await publish(town, post)

    assert told.value.retry_after is not None
    assert told.value.retry_after.total_seconds() == pytest.approx(90, abs=3)
    assert len(town.calls(MEDIA, "done")) == 2
    assert [town.world.contents[number] for number in town.posts[0].media] == [
        each.path.read_bytes() for each in pictures
    ]


async def test_a_picture_whose_upload_was_cut_is_sent_again(town: Town, tmp_path: Path) -> None:
    """A picture that nobody posts is no post."""
    town.misbehave(Harm.CUT_AFTER, MEDIA)

    with pytest.raises(Unavailable):
        await publish(town, Post(text=RichText.of("a"), pictures=(Picture(picture(tmp_path), "b"),)))


async def test_a_picture_that_is_not_there_or_too_large_is_refused(town: Town, tmp_path: Path) -> None:
    """Sending it again would not help."""
    huge = tmp_path / "huge.png"
    with huge.open("wb") as file:
        file.truncate((16 << 20) + 1)

    for path, said in ((huge, "larger than"), (tmp_path / "lost.png", r"lost\.png")):
        with pytest.raises(Rejected, match=said):
            await publish(town, Post(text=RichText.of("a"), pictures=(Picture(path, "b"),)))


async def test_a_post_is_taken_back_and_a_second_time_is_no_error(either: Town) -> None:
    """Case 21: 404 is done."""
    (receipt,) = await publish(either, text("Bonjour"))

    for _ in range(2):
        await either.adapter.remove(PUBLIC, receipt.message)

    assert either.posts == []


async def test_what_others_wrote_cannot_be_removed(town: Town) -> None:
    """And a missing right is never taken for «it is gone»."""
    number = town.world.mention(town.anne, "zut")

    with pytest.raises(Rejected, match="report it"):
        await town.adapter.remove(PUBLIC, MessageId(number))
    town.world.add_token("token-that-opens-nothing-elsewhere", town.bot.id, ("read:accounts",))
    with pytest.raises(Rejected):
        await town.adapter.remove(PUBLIC, MessageId(number))

    assert number in town.world.statuses
    town.world.violations.clear()  # on purpose


async def test_a_pinned_post_stands_on_the_profile(town: Town) -> None:
    """Its first part, whatever follows."""
    first, *_ = await publish(town, Post(text=RichText.of("mot " * 200), pinned=True))

    assert town.world.pins[town.bot.id] == [first.message]


async def test_there_must_be_a_post_to_pin(town: Town) -> None:
    """A ledger that forgot its receipts is no reason to pin something else; a reply goes out on its own."""
    *_, second, pin = town.adapter.plan(Post(text=RichText.of("mot " * 200), pinned=True), PUBLIC)

    with pytest.raises(Rejected):
        await town.adapter.send(pin, key="1", before=())
    await town.adapter.send(second, key="2", before=())

    assert town.posts[0].reply_to is None


async def test_nobody_is_called_by_the_words_of_a_post(town: Town) -> None:
    """A citizen who is quoted could make the town call whole cities; addresses stay whole."""
    words = "@anne a écrit à contact@ville.fr, voir https://ville.fr/@bilal et .@bilal"
    await publish(town, text(words))

    assert town.posts[0].mentions == ()
    assert town.texts == [words]
    assert "contact@ville.fr" in town.posts[0].text
    assert "https://ville.fr/@bilal" in town.posts[0].text


async def test_a_limited_account_is_told(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """Further case: the server makes its posts unlisted without a word."""
    caplog.set_level(logging.WARNING)
    town.world.silence(town.bot.id)

    await publish(town, text("Bonjour"))

    assert "less_visible_than_asked" in caplog.text


async def test_links_stand_in_the_text_and_other_buttons_in_nobodys_way(town: Town) -> None:
    """There are no buttons; the plan says what is lost."""
    buttons = (
        (Button("Le dossier", Link("https://ville.fr/pont")),),
        (Button("Oui", Choice(PollId("p"), 0)), Button("Voter", InPrivate(Command("vote", ())))),
    )
    post = Post(text=RichText.of("Un pont ?"), buttons=buttons, silent=True)
    await publish(town, post)

    assert town.texts == ["Un pont ?\n\nLe dossier: https://ville.fr/pont"]
    assert len(town.adapter.plan(post, PUBLIC)[0].degraded) == 2


async def test_a_place_that_does_not_exist_is_refused(town: Town) -> None:
    """With what to write instead."""
    with pytest.raises(Rejected, match="unlisted"):
        town.adapter.plan(text("a"), Address("-100"))


async def test_an_unlisted_place_and_the_public_one_share_their_pace(town: Town) -> None:
    """And replies to either are heard in one place."""
    await publish(town, text("Bonjour"), Address("unlisted"))

    assert town.posts[0].visibility == "unlisted"
    assert await town.adapter.resolve(Address("unlisted")) == PUBLIC
    assert await town.adapter.resolve(Address("@anne")) == "@anne"


async def test_a_turn_and_a_call_are_work(town: Town) -> None:
    """The demonstration's clock must not leap over them."""
    async with town.adapter.turn(PUBLIC, Urgency.ANSWER):
        assert town.adapter.busy
    assert not town.adapter.busy
    call = asyncio.ensure_future(town.adapter.check(()))
    await asyncio.sleep(0)
    assert town.adapter.busy
    await call


async def test_two_adapters_are_told_apart_and_never_show_their_token(town: Town) -> None:
    """In logs and tracebacks."""
    assert repr(town.adapter) == "<MastodonAdapter mastodon>"
    assert (town.adapter.name, town.adapter.account) == ("mastodon", "mastodon")
    await asyncio.wait_for(town.adapter.keep(), 1)


async def test_a_larger_server_takes_more_in_one_post(socket_enabled: None) -> None:  # noqa: ARG001  opens loopback
    """Limits are the server's, never assumed."""
    async with town_on(GOTOSOCIAL) as social:
        await publish(social, text("mot " * 1200))

        assert len(social.posts) == 1
