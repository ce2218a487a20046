"""The crowd: it reacts to what it sees, as people do, and the same plan gives the same crowd."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from sandbox.crowd import CrowdPlan, Remark, Typist
from sandbox.inhabitants import people
from sandbox.telegram.poll import Poll
from sandbox.telegram.values import Json, Message
from tests.sandbox.towns import NINE, TOWN, LittleTown, playing

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ALONE = CrowdPlan(turnout=0, subscribers=0, typists=(), late=0, reminded=0)
EVERYBODY = CrowdPlan(turnout=1, several=0, changing=0, doubling=0, subscribers=0, typists=(), late=0, reminded=0)


def presses(town: LittleTown) -> list[tuple[object, object]]:
    """Who pressed what, in order."""
    return [(entry["user"], entry["data"]) for entry in town.world.journal.of("press")]


def written(town: LittleTown) -> list[object]:
    """What was said, in order."""
    return [entry["text"] for entry in town.world.journal.of("written")]


async def test_everybody_who_takes_part_presses_one_option() -> None:
    """The plain case: one citizen, one press."""
    async with playing(EVERYBODY) as town:
        town.asks()

        await town.plays(30 * DAY)

        assert Counter(user for user, _ in presses(town)) == {person.id: 1 for person in town.people}


async def test_people_arrive_quickly_at_first_and_then_ever_more_slowly() -> None:
    """The curve of every consultation: half the answers in the first hours, a tail of days."""
    async with playing(EVERYBODY, 100) as town:
        town.asks()

        await town.plays(30 * DAY)

        arrivals = [datetime.fromisoformat(str(entry["at"])) - NINE for entry in town.world.journal.of("press")]
        early = sum(arrival <= 3 * HOUR for arrival in arrivals)
        assert 40 < early < 80
        assert max(arrivals) > 12 * HOUR


async def test_the_same_plan_gives_the_same_crowd() -> None:
    """A demo that fails can be played again."""
    runs = []
    for _ in range(2):
        async with playing(CrowdPlan(seed=7)) as town:
            town.asks()
            await town.plays(30 * DAY)
            runs.append(presses(town))

    assert runs[0] == runs[1]


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_copy_in_private_changes_nothing_about_who_votes_what(when: str) -> None:
    """In which order a bot posts in its chats is left to chance."""
    plan = CrowdPlan(turnout=0, reminded=0.5, subscribers=0, typists=(), late=0, spread=0)
    runs = []
    for with_copy in (False, True):
        async with playing(plan) as town:
            person = town.people[0].id
            town.world.start(person)
            town.asks()
            await town.plays(HOUR)
            for chat in [person, TOWN.channel] if when == "before" else [TOWN.channel, person]:
                if chat == TOWN.channel or with_copy:
                    town.asks(chat=chat)
            await town.plays(30 * DAY)
            runs.append(sorted(map(str, presses(town))))

    assert len(runs[0]) > 5
    assert runs[0] == runs[1]


async def test_another_seed_gives_another_crowd() -> None:
    """Rehearsals must not all be alike."""
    runs = []
    for seed in (1, 2):
        async with playing(CrowdPlan(seed=seed)) as town:
            town.asks()
            await town.plays(30 * DAY)
            runs.append(presses(town))

    assert runs[0] != runs[1]


@pytest.mark.parametrize(
    "plan",
    [replace(EVERYBODY, several=1), replace(EVERYBODY, changing=1), replace(EVERYBODY, doubling=1)],
    ids=["several", "changing", "doubling"],
)
async def test_some_press_more_than_once(plan: CrowdPlan) -> None:
    """People hesitate, change their minds, and press twice when nothing seems to happen."""
    async with playing(plan) as town:
        town.asks()

        await town.plays(60 * DAY)

        assert set(Counter(user for user, _ in presses(town)).values()) == {2}


async def test_the_silent_vote_when_the_poll_is_recalled() -> None:
    """What a reminder is for."""
    async with playing(CrowdPlan(turnout=0, reminded=1, subscribers=0, typists=(), late=0)) as town:
        town.asks()
        await town.plays(HOUR)

        town.asks()
        await town.plays(30 * DAY)

        assert len(presses(town)) == len(town.people)


async def test_nobody_presses_a_button_that_is_gone() -> None:
    """A phone shows no button after closing."""
    async with playing(EVERYBODY) as town:
        poll = town.asks()
        await town.plays(HOUR)
        before = presses(town)

        town.closes(poll)
        await town.plays(30 * DAY)

        assert presses(town) == before


async def test_a_late_citizen_tries_a_button_that_was_forgotten() -> None:
    """The other message of the same poll may still show its buttons for a moment."""
    async with playing(CrowdPlan(turnout=0, reminded=0, late=1, subscribers=0, typists=())) as town:
        poll, _ = town.asks(), town.asks()
        await town.plays(HOUR)

        town.closes(poll)
        await town.plays(2 * HOUR)

        assert len(presses(town)) == 1


async def test_typists_write_to_the_bot_in_private_naming_the_poll_as_its_message_does() -> None:
    """Every button also exists as a command, and some people prefer those."""
    typist = Typist(((HOUR, "/vote {poll} 2"), (2 * HOUR, "/withdraw {poll}")))
    async with playing(CrowdPlan(turnout=0, reminded=0, subscribers=0, typists=(typist,))) as town:
        town.asks("valmont_halles")

        await town.plays(DAY)

        assert written(town) == ["/vote valmont_halles 2", "/withdraw valmont_halles"]


async def test_subscribers_start_the_bot_and_ask_for_news_by_button_or_by_typing() -> None:
    """Both ways must lead to the same place."""
    async with playing(CrowdPlan(subscribers=2, typists=())) as town:
        await town.plays(HOUR / 4)
        button: Json = {"inline_keyboard": [[{"text": "Recevoir les nouvelles ici", "callback_data": "v1:subscribe"}]]}
        for chat in list(town.world.private.values()):
            town.says("Bonjour", chat=chat.id, markup=button)

        await town.plays(HOUR)

        assert [data for _, data in presses(town)] == ["v1:subscribe"]
        assert sorted(map(str, written(town))) == ["/start", "/start", "/subscribe"]


async def test_remarks_are_said_under_the_mirrored_post_in_the_speakers_language() -> None:
    """Comments on a channel's post are replies to its copy in the group."""
    plan = CrowdPlan(subscribers=0, remarks=((), (Remark("Good idea", HOUR, "en"),)))
    async with playing(plan) as town:
        town.says("Une nouvelle")
        town.says("Une autre")
        second = max(town.world.chat(TOWN.group).messages)

        await town.plays(DAY)

        (said,) = town.world.journal.of("written")
        assert (said["chat"], said["text"], said["reply_to"]) == (TOWN.group, "Good idea", second)
        assert town.world.user(int(str(said["user"]))).language_code == "en"


async def test_one_citizen_says_what_should_not_be_said() -> None:
    """The words are the plan's: the sandbox knows no rule."""
    async with playing(CrowdPlan(turnout=0, subscribers=0, breach=Remark("Sapristi !", HOUR))) as town:
        town.says("Une nouvelle")

        await town.plays(DAY)

        assert written(town) == ["Sapristi !"]


async def test_buttons_that_are_no_options_are_left_alone() -> None:
    """A keyboard of languages is no poll."""
    async with playing(EVERYBODY) as town:
        rows = [[{"text": code, "callback_data": f"v1:language:{code}"} for code in ("fr", "en")]]
        town.says("Langue ?", markup={"inline_keyboard": rows})

        await town.plays(DAY)

        assert presses(town) == []


async def test_a_crowd_that_keeps_out_does_nothing() -> None:
    """A rehearsal may want an empty square."""
    async with playing(ALONE) as town:
        town.asks()

        await town.plays(DAY)

        assert not presses(town)
        assert not written(town)


def test_a_town_has_french_and_english_speakers_with_names_of_their_own() -> None:
    """Every name can be chosen on the page without doubt."""
    town = people(400)

    assert len({person.name for person in town}) == 400
    assert 20 <= sum(person.language == "en" for person in town) <= 40


async def test_the_crowd_votes_in_telegrams_own_poll_and_types_nothing_about_it() -> None:
    """Its message gives it no name to type."""
    typist = Typist(((HOUR, "/vote {poll} 2"),))
    async with playing(replace(EVERYBODY, typists=(typist,))) as town:
        poll = Poll(
            id="1",
            bot=TOWN.bot,
            question="Quel passage ?",
            options=("Pont", "Gué"),
            anonymous=True,
            several=False,
            revoting=True,
            hides=False,
        )
        town.world.polls["1"] = poll
        channel = town.world.chat(TOWN.channel)
        town.world.place(channel, Message(chat=TOWN.channel, author=TOWN.bot, sender_chat=TOWN.channel, poll="1"))
        await town.plays(DAY)
        town.world.close(poll)
        before = len(poll.votes)

        await town.plays(60 * DAY)

        assert (20 < before == len(poll.votes), written(town)) == (True, [])
