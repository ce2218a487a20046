"""The journal: enough to recompute, from it alone, who chose what last and what was published."""

import asyncio
from pathlib import Path

import pytest

from sandbox.journal import Entry, Journal, read
from sandbox.telegram.world import World
from tests.sandbox.conftest import ANNE, BILAL, CHANNEL, GROUP, Caller, HandClock
from tests.sandbox.pieces import button, rows, sent


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


@pytest.mark.parametrize("fsync", [False, True], ids=["without fsync", "with fsync"])
def test_what_is_written_can_be_read(path: Path, clock: HandClock, *, fsync: bool) -> None:
    """Line by line, numbered, at the sandbox's time."""
    journal = Journal(clock, path, fsync=fsync)
    journal.write("press", user=1, label="Forêt 🌳")
    journal.write("toast", user=1)
    journal.close()
    journal.close()

    assert read(path) == journal.entries
    assert [entry["n"] for entry in read(path)] == [0, 1]


def test_a_line_cut_short_is_left_out(path: Path, clock: HandClock) -> None:
    """A killed process may leave half a line."""
    journal = Journal(clock, path)
    journal.write("press", user=1)
    with path.open("a") as file:
        file.write('{"n": 1, "kin')

    assert len(read(path)) == 1


async def test_settling_waits_for_the_disk(path: Path, clock: HandClock) -> None:
    """And has nothing to wait for the second time."""
    journal = Journal(clock, path, fsync=True)
    journal.write("press", user=1)

    await journal.settle()
    await journal.settle()

    assert len(await asyncio.to_thread(read, path)) == 1


async def test_published_words_stand_there_as_people_read_them(world: World, caller: Caller) -> None:
    """After parsing, with chat and number."""
    number = await sent(caller, "<b>Résultat</b> : 12", parse_mode="HTML")

    (call,) = world.journal.calls("sendMessage", "done")
    assert call["result"] == {"chat": CHANNEL, "message": number, "text": "Résultat : 12"}
    assert isinstance(call["parameters"], dict)
    assert call["parameters"]["parse_mode"] == "HTML"


async def test_refusals_stand_there_with_their_reason(world: World, caller: Caller) -> None:
    """And their code."""
    await caller.call("sendMessage", chat_id=999, text="x")

    (call,) = world.journal.calls("sendMessage", "refused")
    assert (call["code"], call["error"]) == (400, "Bad Request: chat not found")


async def test_what_was_handed_out_and_confirmed_stands_there(world: World, caller: Caller) -> None:
    """To know what the program can have seen."""
    world.start(ANNE)
    (update,) = await caller.updates()
    number = update["update_id"]
    assert isinstance(number, int)
    await caller.updates(offset=number + 1)

    (out,) = world.journal.of("handed_out")
    (confirmed,) = world.journal.of("confirmed")
    assert (out["updates"], out["outcome"]) == ([number], "done")
    assert (confirmed["offset"], confirmed["count"]) == (number + 1, 1)


async def test_what_people_write_stands_there(world: World) -> None:
    """Written, corrected, joined, left, blocked."""
    number = world.write(ANNE, GROUP, "bonjour")
    world.edit_message(ANNE, GROUP, number, "bonsoir")
    world.leave(ANNE, GROUP)
    world.leave(ANNE, GROUP)
    world.join(ANNE, GROUP)
    world.join(ANNE, GROUP)
    world.block(ANNE)
    world.block(ANNE)

    kinds = [entry["kind"] for entry in world.journal.entries]

    assert kinds == ["written", "rewritten", "left", "joined", "blocked"]


def last_choices(entries: list[Entry]) -> dict[object, object]:
    """What a separate program would compute: each citizen's last press."""
    return {entry["user"]: entry["label"] for entry in entries if entry["kind"] == "press"}


async def test_the_last_press_of_everybody_follows_from_it(world: World, caller: Caller) -> None:
    """In the order of the file."""
    number = await sent(caller, reply_markup=rows(button("Oui"), button("Non", callback_data="2")))
    world.press(ANNE, CHANNEL, number, "1")
    world.press(BILAL, CHANNEL, number, "1")
    world.press(ANNE, CHANNEL, number, "2")

    assert last_choices(world.journal.entries) == {ANNE: "Non", BILAL: "Oui"}


async def test_mirrors_stand_there(world: World, caller: Caller) -> None:
    """With the post they come from."""
    world.link(CHANNEL, GROUP)
    number = await sent(caller, "Bienvenue")

    (mirrored,) = world.journal.of("mirrored")
    assert (mirrored["chat"], mirrored["from_chat"], mirrored["from_message"]) == (GROUP, CHANNEL, number)
