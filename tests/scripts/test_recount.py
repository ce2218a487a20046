"""The recount: it sees every way in which what was published can differ from what citizens did."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.scripts.recounting import RECOUNT, judged

NINE = datetime(2027, 3, 1, 9, tzinfo=UTC)
CHANNEL, ENGLISH = -1001, -1002
QUESTION, LABELS = "Quel passage ?", ("Pont", "Gué", "Bac")


class Journal:
    """A journal written by hand; each entry is one minute after the one before."""

    def __init__(self) -> None:
        self.entries: list[dict[str, object]] = []
        self.messages = 0

    def add(self, kind: str, **fields: object) -> None:
        """One entry more."""
        at = NINE + timedelta(minutes=2 * len(self.entries))
        self.entries.append({"n": len(self.entries), "at": at.isoformat(), "kind": kind, **fields})

    def shows(self, text: str, *, chat: int = CHANNEL, message: int | None = None, keyboard: object = None) -> int:
        """The bot sends a message, or edits one; its number."""
        self.messages += message is None
        number = message or self.messages
        parameters = {} if keyboard is None else {"reply_markup": json.dumps({"inline_keyboard": keyboard})}
        result = {"chat": chat, "message": number, "text": text}
        method = "sendMessage" if message is None else "editMessageText"
        self.add("call", method=method, parameters=parameters, outcome="done", result=result)
        return number

    def asks(
        self, *, several: bool = False, chat: int = CHANNEL, question: str = QUESTION, labels: tuple[str, ...] = LABELS
    ) -> int:
        """The poll opens."""
        rows = [[{"text": f"{n + 1}. {label}", "callback_data": f"v1:val_pont:{n}"}] for n, label in enumerate(labels)]
        how = "Vous pouvez choisir plusieurs réponses." if several else "Choisissez une réponse."
        return self.shows(f"{question}\n\n{how}", chat=chat, keyboard=rows)

    def presses(self, citizen: int, option: int, *, alert: bool = False) -> None:
        """A citizen presses an option and reads the answer."""
        callback = str(len(self.entries))
        data = f"v1:val_pont:{option}"
        self.add("press", user=citizen, chat=CHANNEL, message=1, data=data, label="", callback=callback)
        self.entries.append(self.entries[-1] | {"kind": "toast", "alert": alert, "text": "…"})

    def types(self, citizen: int, text: str, *, chat: int | None = None) -> None:
        """A citizen writes, to the bot when no chat is named."""
        self.add("written", user=citizen, chat=chat or citizen, message=1, text=text, reply_to=None, thread=None)

    def closes(self, message: int = 1) -> None:
        """The buttons go."""
        self.shows(f"{QUESTION}\n\nClose.", message=message)

    def publishes(self, *votes: int, voters: int | None = None, chat: int = CHANNEL) -> None:
        """The results appear."""
        people = sum(votes) if voters is None else voters
        lines = [
            f"{label} : {(200 * count + people) // (2 * people) if people else 0} % ({count} voix)"
            for label, count in zip(LABELS, votes, strict=True)
        ]
        self.shows("\n".join([f"Résultats : {QUESTION}", f"{people} participants.", *lines]), chat=chat)

    def judged(self, folder: Path) -> CompletedProcess[str]:
        """What the program says of it."""
        path = folder / "journal.jsonl"
        path.write_text("".join(json.dumps(entry) + "\n" for entry in self.entries), encoding="utf-8")
        return judged(path)


@pytest.fixture
def journal() -> Journal:
    """A poll that has just opened."""
    journal = Journal()
    journal.asks()
    return journal


def test_an_honest_count_passes(journal: Journal, tmp_path: Path) -> None:
    """The plain case."""
    journal.presses(1, 0)
    journal.presses(2, 0)
    journal.presses(3, 2)
    journal.closes()
    journal.publishes(2, 0, 1)

    verdict = journal.judged(tmp_path)

    assert verdict.returncode == 0, verdict.stderr
    assert "val_pont: 3 citizens" in verdict.stdout


@pytest.mark.parametrize("votes", [(1, 1, 0), (3, 0, 0), (2, 0, 0), (0, 2, 1)], ids=str)
def test_a_wrong_count_is_seen(journal: Journal, tmp_path: Path, votes: tuple[int, int, int]) -> None:
    """A vote lost, invented or given to another answer."""
    journal.presses(1, 0)
    journal.presses(2, 0)
    journal.presses(3, 2)
    journal.closes()
    journal.publishes(*votes)

    verdict = journal.judged(tmp_path)

    assert verdict.returncode == 1
    assert "says" in verdict.stderr


def test_a_changed_vote_counts_once_and_for_the_last_answer(journal: Journal, tmp_path: Path) -> None:
    """One citizen, one ballot, the latest."""
    journal.presses(1, 0)
    journal.presses(1, 1)
    journal.closes()
    journal.publishes(0, 1, 0)

    assert journal.judged(tmp_path).returncode == 0


def test_a_changed_vote_that_was_counted_twice_is_seen(journal: Journal, tmp_path: Path) -> None:
    """The fault that nobody sees by looking at the totals alone."""
    journal.presses(1, 0)
    journal.presses(1, 1)
    journal.closes()
    journal.publishes(1, 1, 0)

    assert journal.judged(tmp_path).returncode == 1


def test_a_missing_result_is_seen(journal: Journal, tmp_path: Path) -> None:
    """Counting is not publishing."""
    journal.presses(1, 0)
    journal.closes()

    verdict = journal.judged(tmp_path)

    assert verdict.returncode == 1
    assert "no result was published" in verdict.stderr


def test_a_result_is_due_in_every_channel_that_was_asked(journal: Journal, tmp_path: Path) -> None:
    """Who was asked is told."""
    other = journal.asks(chat=ENGLISH)
    journal.presses(1, 0)
    journal.closes()
    journal.shows("Close.", chat=ENGLISH, message=other)
    journal.publishes(1, 0, 0)

    verdict = journal.judged(tmp_path)

    assert verdict.returncode == 1
    assert f"chat {ENGLISH}" in verdict.stderr


def test_results_are_read_in_english_with_the_english_labels(journal: Journal, tmp_path: Path) -> None:
    """Each language has its own words for the same answers."""
    other = journal.asks(chat=ENGLISH, question="Which crossing?", labels=("Bridge", "Ford", "Ferry"))
    journal.presses(1, 1)
    journal.closes()
    journal.shows("Closed.", chat=ENGLISH, message=other)
    journal.publishes(0, 1, 0)
    text = "Results: Which crossing?\n1 participant.\nBridge: 0% (0 votes)\nFord: 100% (1 vote)\nFerry: 0% (0 votes)"
    journal.shows(text, chat=ENGLISH)

    assert journal.judged(tmp_path).returncode == 0


def test_a_press_after_the_buttons_went_does_not_count(journal: Journal, tmp_path: Path) -> None:
    """A second message of the poll may keep its buttons a little longer."""
    journal.presses(1, 0)
    journal.closes()
    journal.presses(2, 1)
    journal.publishes(1, 0, 0)

    assert journal.judged(tmp_path).returncode == 0


def test_results_that_appear_close_the_poll_too(journal: Journal, tmp_path: Path) -> None:
    """Nobody may vote once the outcome is known, whatever happens to the buttons."""
    journal.presses(1, 0)
    journal.publishes(1, 0, 0)
    journal.presses(2, 1)
    journal.closes()

    assert journal.judged(tmp_path).returncode == 0


def test_a_vote_that_was_told_too_late_long_before_closing_is_a_lost_vote(journal: Journal, tmp_path: Path) -> None:
    """A program that refuses valid votes must not pass by saying so politely."""
    journal.presses(1, 0, alert=True)
    journal.presses(2, 1)
    journal.closes()
    journal.publishes(0, 1, 0)

    assert journal.judged(tmp_path).returncode == 1


def test_a_vote_that_was_told_too_late_in_the_last_minute_does_not_count(journal: Journal, tmp_path: Path) -> None:
    """The buttons go a moment after the closing time; who pressed in between was told."""
    journal.presses(1, 0)
    journal.presses(2, 1, alert=True)
    journal.closes()
    moment = datetime.fromisoformat(str(journal.entries[-2]["at"])) + timedelta(seconds=3)
    journal.entries[-1]["at"] = moment.isoformat()
    journal.publishes(1, 0, 0)

    assert journal.judged(tmp_path).returncode == 0


def test_where_several_may_be_chosen_each_press_adds_or_removes_one(tmp_path: Path) -> None:
    """The counts may then exceed the number of citizens."""
    journal = Journal()
    journal.asks(several=True)
    for citizen, option in ((1, 0), (1, 1), (2, 1), (2, 2), (2, 2)):
        journal.presses(citizen, option)
    journal.closes()
    journal.publishes(1, 2, 0, voters=2)

    verdict = journal.judged(tmp_path)

    assert verdict.returncode == 0, verdict.stderr


def test_typed_votes_and_withdrawals_count_like_presses(journal: Journal, tmp_path: Path) -> None:
    """Every button also exists as a command."""
    journal.types(1, "/vote val_pont 2")
    journal.presses(2, 0)
    journal.types(2, "/withdraw val_pont")
    journal.presses(3, 0)
    journal.types(3, "/forgetme")
    journal.types(4, "/vote@valmont_bot val_pont 3")
    journal.closes()
    journal.publishes(0, 1, 1)

    verdict = journal.judged(tmp_path)

    assert verdict.returncode == 0, verdict.stderr


@pytest.mark.parametrize("text", ["/vote val_pont 4", "/vote val_pont 1 2", "/vote val_pont", "/vote autre 1"])
def test_a_typed_vote_that_makes_no_sense_changes_nothing(journal: Journal, tmp_path: Path, text: str) -> None:
    """An answer that does not exist, two where one is asked, none, another poll."""
    journal.presses(1, 0)
    journal.types(1, text)
    journal.closes()
    journal.publishes(1, 0, 0)

    assert journal.judged(tmp_path).returncode == 0


def test_a_command_written_in_the_group_is_no_vote(journal: Journal, tmp_path: Path) -> None:
    """Votes are typed in private."""
    journal.types(1, "/vote val_pont 2", chat=-77)
    journal.closes()
    journal.publishes(0, 0, 0)

    assert journal.judged(tmp_path).returncode == 0


def test_wrong_percentages_are_seen(journal: Journal, tmp_path: Path) -> None:
    """They are published numbers too."""
    journal.presses(1, 0)
    journal.closes()
    journal.shows(f"{QUESTION}\nPont : 50 % (1 voix)\nGué : 0 % (0 voix)\nBac : 0 % (0 voix)")

    assert journal.judged(tmp_path).returncode == 1


def test_a_wrong_number_of_participants_is_seen(journal: Journal, tmp_path: Path) -> None:
    """So is this one."""
    journal.presses(1, 0)
    journal.closes()
    journal.shows(f"{QUESTION}\n2 participants.\nPont : 100 % (1 voix)\nGué : 0 % (0 voix)\nBac : 0 % (0 voix)")

    verdict = journal.judged(tmp_path)

    assert verdict.returncode == 1
    assert "participants" in verdict.stderr


def test_thousands_may_be_set_apart_and_labels_cut_short(tmp_path: Path) -> None:
    """As the town writes them; buttons are short, results are not."""
    journal = Journal()
    journal.asks(labels=("Un très long …", "Oui"))
    for citizen in range(1200):
        journal.presses(citizen, 0)
    journal.closes()
    journal.shows(f"{QUESTION}\nUn très long pont de bois : 100 % (1\u202f200 voix)\nOui : 0 % (0 voix)")

    verdict = journal.judged(tmp_path)

    assert verdict.returncode == 0, verdict.stderr


def test_spaces_that_typography_makes_narrow_or_unbreakable_are_spaces(tmp_path: Path) -> None:
    """Buttons are written with plain ones."""
    journal = Journal()
    journal.asks(question="Quel passage ?", labels=("Pont à 2 voies", "Non"))
    journal.presses(1, 0)
    journal.closes()
    nobreak = "\u00a0"
    text = (
        f"Quel passage{nobreak}?\nPont à 2{nobreak}voies{nobreak}: 100{nobreak}% (1{nobreak}voix)\nNon : 0 % (0 voix)"
    )
    journal.shows(text)

    verdict = journal.judged(tmp_path)

    assert verdict.returncode == 0, verdict.stderr


def test_a_poll_that_is_still_open_cannot_be_judged(journal: Journal, tmp_path: Path) -> None:
    """No verdict is not a good verdict."""
    journal.presses(1, 0)

    assert journal.judged(tmp_path).returncode == 2


@pytest.mark.parametrize("text", ["", "not JSON\n", '{"kind": "press"}\n', "[]\n"])
def test_a_journal_that_tells_nothing_cannot_be_judged(tmp_path: Path, text: str) -> None:
    """A broken journal must not pass for a good one."""
    path = tmp_path / "journal.jsonl"
    path.write_text(text, encoding="utf-8")

    assert judged(path).returncode == 2


def test_a_file_that_is_not_there_cannot_be_judged(tmp_path: Path) -> None:
    """The same for no journal at all."""
    command = [sys.executable, str(RECOUNT), str(tmp_path / "nothing")]

    verdict = subprocess.run(command, capture_output=True, check=False, timeout=30)

    assert verdict.returncode == 2
