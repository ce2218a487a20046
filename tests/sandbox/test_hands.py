"""The hands of people on Discord and Mastodon: the same crowd as on Telegram, each in the form of its network."""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.clock import StageClock
from sandbox.crowd import Crowd, CrowdPlan
from sandbox.discord import scene as on_discord
from sandbox.discord.values import Answer, Change, Message, Poll
from sandbox.hands import Asked, Gone, Posted, Sight, Told
from sandbox.inhabitants import Person, doubles, guest, people
from sandbox.journal import Journal
from sandbox.mastodon import scene as on_mastodon
from sandbox.town import Town

NINE = datetime(2027, 3, 1, 9, tzinfo=UTC)
TOWN = Town()
ANNE = Person(id=7, name="Anne", language="fr", network="x")
OPTIONS = "1. Pont\n2. Gué\n3. Bac"
QUESTION = f"Quel passage ?\n\n{OPTIONS}\n\nExemple : /vote val_pont 2"


class Discord:
    """A guild, and what its bot does there, done by hand."""

    network = "discord"

    def __init__(self, inhabitants: tuple[Person, ...] = (ANNE,)) -> None:
        self.clock = StageClock(NINE, quiet=timedelta(milliseconds=1))
        self.scene = on_discord.staged(TOWN, inhabitants, self.clock, Journal(self.clock))
        self.world = self.scene.server.world
        self.hands = self.scene.hands

    def says(self, text: str, *, options: bool = False) -> tuple[int, int]:
        """The bot writes in the channel."""
        buttons = [{"type": 2, "label": f"{n}", "custom_id": f"v1:val_pont:{n}"} for n in range(3)] if options else []
        rows: tuple[dict[str, object], ...] = ({"type": 1, "components": buttons},) if buttons else ()
        message = Message(channel=TOWN.news, author=TOWN.bot, content=text, components=rows)
        return TOWN.news, self.world.place(self.world.channel(TOWN.news), message).id

    def chosen(self) -> list[object]:
        """What was pressed."""
        return [entry["data"] for entry in self.world.journal.of("press")]


class Mastodon:
    """A server, and what the town's account does there, done by hand."""

    network = "mastodon"

    def __init__(self, inhabitants: tuple[Person, ...] = (ANNE,)) -> None:
        self.clock = StageClock(NINE, quiet=timedelta(milliseconds=1))
        self.scene = on_mastodon.staged(TOWN, inhabitants, self.clock, Journal(self.clock))
        self.world = self.scene.server.world
        self.hands = self.scene.hands

    def says(self, text: str, *, options: bool = False) -> tuple[str, str]:
        """The town posts."""
        del options
        return "", self.world.write(self.world.the_bot().id, text)

    def chosen(self) -> list[object]:
        """What people wrote, without the name of the town."""
        mine = self.world.the_bot().id
        said = (entry for entry in self.world.journal.of("written") if entry["user"] != mine)
        return [str(entry["text"]).partition(" ")[2] for entry in said]


Network = Discord | Mastodon


@pytest.fixture(params=[Discord, Mastodon])
def network(request: pytest.FixtureRequest) -> Network:
    """Each of the two."""
    made: Network = request.param()
    return made


def watched(network: Network) -> list[Sight]:
    """What appears from now on."""
    seen: list[Sight] = []
    network.hands.watch(seen.append)
    return seen


def test_a_question_of_the_town_is_seen_and_can_be_chosen_from(network: Network) -> None:
    """By a button, or in words."""
    seen = watched(network)
    place = network.says(QUESTION, options=True)
    network.hands.chooses(ANNE, [place], 1)

    (asked,) = [sight for sight in seen if isinstance(sight, Asked)]
    assert (asked.place, asked.options, asked.public) == (place, 3, True)
    assert len(network.chosen()) == 1
    assert re.search(r"1$|2$|Gué", str(network.chosen()[0]))


def test_what_is_said_of_a_post_stands_below_it(network: Network) -> None:
    """Where everybody reads it."""
    seen = watched(network)
    place = network.says("Le pont rouvre.")

    network.hands.remarks(ANNE, place, "Enfin !")

    assert Posted(place) in seen


def test_nobody_chooses_what_is_not_there(network: Network) -> None:
    """The phone shows no such thing."""
    place = network.says("Le pont rouvre.")

    network.hands.chooses(ANNE, [place], 1)

    assert network.chosen() == []


def test_there_is_no_chat_to_open_and_nothing_to_look_for(network: Network) -> None:
    """These networks let the bot write first, and have no menu of buttons."""
    assert (network.hands.starts(ANNE), network.hands.seeks(ANNE, ("news",))) == (False, False)


def test_an_edit_that_takes_the_question_away_is_seen() -> None:
    """The poll is over."""
    network = Mastodon()
    place = network.says(QUESTION)
    seen = watched(network)

    network.world.rewrite(network.world.the_bot().id, place[1], "Close.")

    assert seen == [Gone(place)]


def test_a_private_post_of_the_bot_is_told_to_one_person() -> None:
    """And to nobody else."""
    network = Mastodon()
    seen, bot = watched(network), network.world.the_bot().id
    (anne,) = [account for account in network.world.accounts.values() if account.display_name == "Anne"]

    network.world.write(bot, f"@{anne.acct} C’est compté.", visibility="direct")

    assert seen == [Told(ANNE.id, f"@{anne.acct} C’est compté.")]


async def test_the_same_crowd_votes_on_every_network(network: Network) -> None:
    """One plan plays everywhere; where there is no chat to open, people subscribe at once."""
    plan = CrowdPlan(turnout=1, several=0, changing=0, doubling=0, subscribers=1, typists=(), late=0, reminded=0)
    network = type(network)(people(9))
    clock = network.clock
    crowd = Crowd(network.hands, clock.aside, people(9), plan)
    tasks = [asyncio.create_task(crowd.run()), asyncio.create_task(clock.run())]
    await asyncio.sleep(0)
    network.says(QUESTION, options=True)
    await clock.sleep_until(NINE + timedelta(days=30))
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)

    assert len([each for each in network.chosen() if "subscribe" not in str(each)]) == 9


def test_one_of_many_on_each_network_has_a_second_account_on_the_next() -> None:
    """With the same name, and another number."""
    pairs = doubles(people(60, networks=("a", "b", "a", "c")))

    assert [(first.network, second.network) for first, second in pairs] == [
        ("a", "b"), ("a", "b"), ("b", "c"), ("b", "c"), ("c", "a"), ("c", "a"),
    ]  # fmt: skip
    assert all(first.name == second.name and first.id != second.id for first, second in pairs)


@pytest.mark.parametrize(("count", "networks"), [(60, ("a",)), (8, ("a", "b"))], ids=["one network", "few people"])
def test_nobody_has_two_accounts_in_a_small_place(count: int, networks: tuple[str, ...]) -> None:
    """There must be others to vote."""
    assert doubles(people(count, networks=networks)) == ()


def test_a_visitor_finds_somebody_with_an_account_everywhere() -> None:
    """Whose life nobody else plays."""
    assert [person.network for person in guest(("a", "b", "a"))] == ["a", "b"]
    assert guest(("a",)) == ()


# ── the networks' own polls ──


def discords_own() -> tuple[Network, tuple[int, int], Callable[[], object]]:
    """A poll of Discord in the channel, and how it ends."""
    network = Discord()
    answers = tuple(Answer(id=number, text=label) for number, label in enumerate(("Pont", "Gué"), 1))
    poll = Poll(question="Quel passage ?", answers=answers, multiple=False, expires_at=NINE + timedelta(hours=1))
    message = Message(channel=TOWN.news, author=TOWN.bot, content="", poll=poll)
    number = network.world.place(network.world.channel(TOWN.news), message).id

    def ends() -> None:
        poll.closed_at = NINE
        network.world.announce(Change(kind="edited", chat=TOWN.news, message=number))

    return network, (TOWN.news, number), ends


def mastodons_own() -> tuple[Network, tuple[str, str], Callable[[], object]]:
    """A post with a poll, and how it ends."""
    network = Mastodon()
    bot = network.world.the_bot().id
    post = network.world.write(bot, "Quel passage ?", poll=(("Pont", "Gué"), timedelta(hours=1)))

    def ends() -> None:
        next(iter(network.world.polls.values())).ended = True
        network.world.rewrite(bot, post, "Quel passage ? Close.")

    return network, ("", post), ends


@pytest.mark.parametrize("own", [discords_own, mastodons_own])
def test_people_vote_in_the_networks_own_polls_until_they_end(
    own: Callable[[], tuple[Network, tuple[int | str, int | str], Callable[[], object]]],
) -> None:
    """Each as its network has it; what comes after is shrugged off."""
    network, place, ends = own()
    seen = watched(network)
    network.hands.chooses(ANNE, [place], 1)
    ends()
    network.hands.chooses(ANNE, [place], 0)

    voted = [entry["labels"] for entry in network.world.journal.entries if entry["kind"] in {"vote", "voted"}]
    assert voted == [["Gué"]]
    assert seen[-1] == Gone(place)
