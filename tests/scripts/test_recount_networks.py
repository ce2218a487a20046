"""The recount on three networks: one person, one vote, wherever it was given, and each network told apart."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.scripts.recounting import MAIN

NINE = datetime(2027, 3, 1, 9, tzinfo=UTC)
QUESTION, LABELS = "Quel passage ?", ("Pont", "Gué", "Bac")
PLACES = {"telegram": -1001, "discord": 77, "mastodon": "900"}
ANNE, BILAL, CHLOE = ("telegram", 1), ("discord", 2), ("mastodon", "3")
Citizen = tuple[str, object]


class Town:
    """The journals of three networks, written by hand; each entry is ``pace`` minutes after the one before."""

    def __init__(self) -> None:
        self.journals: dict[str, list[dict[str, object]]] = {network: [] for network in PLACES}
        self.minutes, self.pace = 0.0, 2.0
        self.posts = {network: self.shows(network, self.asking(network), options=True) for network in PLACES}

    def add(self, network: str, kind: str, **fields: object) -> None:
        """One entry more."""
        self.minutes += self.pace
        at = NINE + timedelta(minutes=self.minutes)
        self.journals[network].append({"at": at.isoformat(), "kind": kind, "network": network, **fields})

    def asking(self, network: str) -> str:
        """The words that open the poll."""
        bold = "**" if network == "discord" else ""
        listed = "\n".join(f"{rank}. {label}" for rank, label in enumerate(LABELS, 1))
        return f"{bold}{QUESTION}{bold}\n\n{listed}\n\nEn privé : /vote val_pont 2"

    def shows(
        self, network: str, text: str, *, options: bool = False, message: str = "", to: object = None, answers: str = ""
    ) -> str:
        """The bot says something, to all or to one person, or changes what it said; the number of the message."""
        number = message or str(100 + self.minutes)
        data = [(f"{rank}. {label}", f"v1:val_pont:{rank - 1}") for rank, label in enumerate(LABELS, 1)]
        parameters: dict[str, object] = {"content": text}
        if options and network == "telegram":
            rows = [[{"text": label, "callback_data": option}] for label, option in data]
            parameters["reply_markup"] = {"inline_keyboard": rows}
        elif options and network == "discord":
            row = [{"type": 2, "label": label, "custom_id": option} for label, option in data]
            parameters["components"] = [{"type": 1, "components": row}]
        result = {"chat": to or PLACES[network], "message": number, "text": text, "reply_to": answers}
        if network == "mastodon":
            result["visibility"] = "direct" if to else "public"
        self.add(network, "call", method="post", parameters=parameters, outcome="done", result=result)
        return number

    def votes(self, citizen: Citizen, option: int) -> None:
        """By a button, or in words."""
        network, user = citizen
        if network == "mastodon":
            return self.says(citizen, str(option + 1), private=False, answers=self.posts[network])
        where = {"chat": PLACES[network], "message": self.posts[network]}
        return self.add(network, "press", user=user, **where, data=f"v1:val_pont:{option}", callback=str(self.minutes))

    def says(self, citizen: Citizen, text: str, *, private: bool = True, answers: str | None = None) -> None:
        """Something in words."""
        network, user = citizen
        if network == "discord" and private:
            return self.add(network, "command", user=user, text=text, callback=str(self.minutes))
        chat = user if private else PLACES[network]
        seen = {"visibility": "direct" if private else "public"}
        return self.add(network, "written", user=user, chat=chat, message="w", text=text, reply_to=answers, **seen)

    def gets_a_code(self, citizen: Citizen, code: str = "K7QM-3XPA") -> None:
        """Asks for one, and is told."""
        network, user = citizen
        self.says(citizen, "/link")
        text = f"Votre code : {code}. Envoyez : /link {code}"
        if network == "discord":
            self.add(network, "toast", user=user, callback="c", text=text, alert=True)
        else:
            self.shows(network, text, to=user)

    def links(self, one: Citizen, other: Citizen) -> None:
        """The same person."""
        self.gets_a_code(one)
        self.says(other, "/link K7QM-3XPA")

    def ends(self, *votes: int, split: str = "", without: tuple[str, ...] = ()) -> None:
        """The poll closes everywhere; results appear everywhere else than here."""
        people = sum(votes)
        for network, post in self.posts.items():
            self.shows(network, f"{QUESTION}\n\nClose.", message=post)
        lines = [
            f"{label} : {(200 * count + people) // (2 * people) if people else 0} % ({count} voix)"
            for label, count in zip(LABELS, votes, strict=True)
        ]
        told = [f"Par réseau : {split}."] if split else []
        for network in (each for each in self.posts if each not in without):
            self.shows(network, "\n".join([f"Résultats : {QUESTION}", f"{people} participants.", *told, *lines]))

    def judged(self, folder: Path) -> int:
        """What the program says of it."""
        for network, entries in self.journals.items():
            text = "".join(json.dumps(entry) + "\n" for entry in entries)
            (folder / network).write_text(text, encoding="utf-8")
        return MAIN([str(folder / network) for network in ("mastodon", "telegram", "discord")])


@pytest.fixture
def town() -> Town:
    """A poll that has just opened on three networks."""
    return Town()


def test_votes_on_three_networks_are_one_count(town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By buttons and by number."""
    town.votes(ANNE, 0)
    town.votes(BILAL, 0)
    town.votes(CHLOE, 2)
    town.ends(2, 0, 1, split="Discord 1, Mastodon 1, Telegram 1")

    assert town.judged(tmp_path) == 0
    assert "3 citizens (Telegram 1, Discord 1, Mastodon 1)" in capsys.readouterr().out


@pytest.mark.parametrize("citizen", [ANNE, BILAL, CHLOE], ids=lambda citizen: citizen[0])
def test_a_vote_that_was_lost_on_one_network_is_seen(town: Town, tmp_path: Path, citizen: Citizen) -> None:
    """Whichever it is."""
    town.votes(citizen, 0)
    town.ends(0, 0, 0)

    assert town.judged(tmp_path) == 1


@pytest.mark.parametrize("split", ["Discord 2", "Telegram 2", "Discord 1, Telegram 2", ""])
def test_a_wrong_split_is_seen(town: Town, tmp_path: Path, split: str) -> None:
    """Also one that is missing."""
    town.votes(ANNE, 0)
    town.votes(BILAL, 1)
    town.ends(1, 1, 0, split=split)

    assert town.judged(tmp_path) == 1


@pytest.mark.parametrize("network", PLACES)
def test_a_result_is_due_on_every_network(town: Town, tmp_path: Path, network: str) -> None:
    """Who was asked is told."""
    town.votes(ANNE, 0)
    town.ends(1, 0, 0, without=(network,))

    assert town.judged(tmp_path) == 1


@pytest.mark.parametrize("line", ["Gué : 100 % (3 voix)", "Pont : 0 % (0 voix)"])
def test_a_result_that_says_two_things_is_seen(town: Town, tmp_path: Path, line: str) -> None:
    """One of them is wrong, whichever comes first."""
    town.votes(ANNE, 0)
    town.ends(1, 0, 0)
    last = town.journals["mastodon"][-1]["result"]
    assert isinstance(last, dict)
    last["text"] += f"\n{line}"

    assert town.judged(tmp_path) == 1


@pytest.mark.parametrize("text", ["2", "@ville Option 2 !", "je vote pour le gue", "/vote val_pont 2", "Gué"])
def test_words_in_private_are_a_vote_when_they_say_nothing_else(town: Town, tmp_path: Path, text: str) -> None:
    """The number of an answer, or its words."""
    town.says(CHLOE, text)
    town.ends(0, 1, 0)

    assert town.judged(tmp_path) == 0


def test_words_are_a_vote_in_every_language_in_which_the_poll_was_shown(town: Town, tmp_path: Path) -> None:
    """Whoever reads English answers in English, whichever message went out first."""
    english = "Which way?\n\n1. Bridge\n2. Ford\n3. Ferry\n\nIn private: /vote val_pont 2"
    town.shows("mastodon", english, to="3")
    town.says(CHLOE, "Ford")
    town.ends(0, 1, 0)

    assert town.judged(tmp_path) == 0


@pytest.mark.parametrize(("text", "private"), [("2", False), ("Il y a 2 ponts", True), ("J’hésite.", True)])
def test_other_words_are_no_vote(town: Town, tmp_path: Path, text: str, *, private: bool) -> None:
    """Nor is a number in public that answers nothing."""
    town.says(CHLOE, text, private=private)
    town.ends(0, 0, 0)

    assert town.judged(tmp_path) == 0


def test_a_later_message_replaces_the_vote(town: Town, tmp_path: Path) -> None:
    """One citizen, one ballot, the latest."""
    town.votes(CHLOE, 0)
    town.says(CHLOE, "3")
    town.ends(0, 0, 1)

    assert town.judged(tmp_path) == 0


@pytest.mark.parametrize(("one", "other"), [(ANNE, BILAL), (BILAL, CHLOE), (CHLOE, ANNE)], ids=str)
def test_linked_accounts_have_one_vote_the_latest(town: Town, tmp_path: Path, one: Citizen, other: Citizen) -> None:
    """Given before or after, with either account; it stands where it was given."""
    town.votes(one, 0)
    town.votes(other, 1)
    town.links(one, other)
    town.votes(one, 2)
    town.ends(0, 0, 1)

    assert town.judged(tmp_path) == 0


def test_linked_accounts_that_were_counted_twice_are_seen(town: Town, tmp_path: Path) -> None:
    """The fault that a link could hide."""
    town.votes(ANNE, 0)
    town.votes(BILAL, 1)
    town.links(ANNE, BILAL)
    town.ends(1, 1, 0, split="Discord 1, Telegram 1")

    assert town.judged(tmp_path) == 1


def _nobody_links(town: Town) -> None:
    town.gets_a_code(ANNE)


def _too_late(town: Town) -> None:
    town.gets_a_code(ANNE)
    town.minutes += 10
    town.says(BILAL, "/link K7QM-3XPA")


def _by_herself(town: Town) -> None:
    town.gets_a_code(ANNE)
    town.says(ANNE, "/link K7QM-3XPA")
    town.says(BILAL, "/link K7QM-3XPA")


def _another_code(town: Town) -> None:
    town.gets_a_code(ANNE)
    town.gets_a_code(ANNE, "22AA-33BB")
    town.says(BILAL, "/link K7QM-3XPA")


def _in_public(town: Town) -> None:
    town.gets_a_code(ANNE)
    town.says(CHLOE, "/link K7QM-3XPA", private=False)
    town.says(BILAL, "/link K7QM-3XPA")


def _undone(town: Town) -> None:
    town.links(ANNE, BILAL)
    town.says(ANNE, "/unlink")
    town.votes(ANNE, 0)


@pytest.mark.parametrize(
    "tried", [_nobody_links, _too_late, _by_herself, _another_code, _in_public, _undone], ids=lambda each: each.__name__
)
def test_without_a_link_that_holds_two_accounts_have_two_votes(
    town: Town, tmp_path: Path, tried: Callable[[Town], None]
) -> None:
    """A code works once, in private, for ten minutes, from another account; the latest one alone."""
    town.votes(ANNE, 0)
    town.votes(BILAL, 1)
    tried(town)
    town.ends(1, 1, 0, split="Discord 1, Telegram 1")

    assert town.judged(tmp_path) == 0


@pytest.mark.parametrize(
    ("wrong", "waits", "typed", "linked"),
    [
        (4, 0, "k7qm 3xpa", True),
        (5, 0, "K7QM-3XPA", False),
        (5, 8, "K7QM-3XPA", False),
        (5, 10, "K7QM-3XPA", True),
    ],
    ids=str,
)
def test_after_five_wrong_codes_no_other_opens_anything(
    town: Town, tmp_path: Path, wrong: int, waits: float, typed: str, *, linked: bool
) -> None:
    """Until ten minutes after the first: whoever guesses must not be taken for somebody else."""
    town.votes(ANNE, 0)
    town.votes(BILAL, 1)
    town.pace = 0.1
    for _ in range(wrong):
        town.says(BILAL, "/link K7QM-3XPB")
    town.minutes += waits
    town.gets_a_code(ANNE)
    town.says(BILAL, f"/link {typed}")
    town.ends(*((0, 1, 0) if linked else (1, 1, 0)), split="" if linked else "Discord 1, Telegram 1")

    assert town.judged(tmp_path) == 0


def test_forgetting_takes_the_vote_of_all_linked_accounts_away(town: Town, tmp_path: Path) -> None:
    """It is one vote."""
    town.votes(ANNE, 0)
    town.links(ANNE, BILAL)
    town.says(BILAL, "/forgetme")
    town.ends(0, 0, 0)

    assert town.judged(tmp_path) == 0


@pytest.mark.parametrize(("answer", "votes"), [("C’est trop tard.", (0, 0, 0)), ("Compté : « Gué ».", (0, 1, 0))])
def test_in_the_last_minute_an_answer_that_names_no_choice_is_a_refusal(
    town: Town, tmp_path: Path, answer: str, votes: tuple[int, int, int]
) -> None:
    """Where answers are no alerts, their words tell."""
    town.votes(BILAL, 1)
    callback = town.journals["discord"][-1]["callback"]
    town.add("discord", "toast", user=2, callback=callback, text=answer, alert=True)
    town.minutes -= 3
    town.ends(*votes)

    assert town.judged(tmp_path) == 0
