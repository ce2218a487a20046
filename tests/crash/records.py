"""What people did and saw, read from the journal of each network."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sandbox.journal import Entry

ACCEPTED = {"done", "cut_after", "half"}
COUNTED = re.compile(r"C’est compté")
PUT_OFF = re.compile(r"pas encore enregistré")  # on a slow machine: kept in memory only, and no acknowledgement
LINE = re.compile(r" : \d+ % \((\d+) voix\)")


@dataclass(frozen=True, slots=True)
class Posted:
    """A message of the campaign that people saw. ``chat`` is what the network calls the place."""

    entry: int
    chat: str
    message: str
    text: str

    @property
    def opening(self) -> bool:
        """Whether it asks, and does not tell the result."""
        return not LINE.search(self.text)


@dataclass(frozen=True, slots=True)
class Press:
    """A vote, pressed or said, and what the citizen was told, if anything."""

    entry: int
    citizen: int
    option: str
    told: str | None
    told_at: int

    @property
    def counts(self) -> bool:
        """Whether it must count: all but what was refused to the citizen's face."""
        return self.told is None or self.promised or self.put_off

    @property
    def put_off(self) -> bool:
        """Whether the citizen was told to look again in a minute."""
        return self.told is not None and PUT_OFF.search(self.told) is not None

    @property
    def promised(self) -> bool:
        """Whether the citizen was told that it counts."""
        return self.told is not None and COUNTED.search(self.told) is not None


@dataclass(frozen=True, slots=True)
class History:
    """What people saw and did."""

    posted: list[Posted]
    presses: list[Press]

    def recount(self) -> dict[int, str]:
        """The last vote of each citizen."""
        return {press.citizen: press.option for press in self.presses if press.counts}

    def unanswered(self) -> dict[int, str]:
        """The citizens whose last press brought no answer, with their choice."""
        return {citizen: press.option for citizen, press in self._last().items() if press.told is None}

    def unsure(self) -> dict[int, str]:
        """Those who were not told that it counts."""
        return {citizen: press.option for citizen, press in self._last().items() if press.told is None or press.put_off}

    def _last(self) -> dict[int, Press]:
        return {press.citizen: press for press in self.presses}


def posted_on_telegram(journal: Sequence[Entry]) -> list[Posted]:
    """Every message and every poll sent."""
    return [_message(entry) for call in ("sendMessage", "sendPoll") for entry in _accepted(journal, call)]


def posted_on_discord(journal: Sequence[Entry]) -> list[Posted]:
    """Every message made; one that was asked for again under the same nonce is the same message."""
    return [*{post.message: post for post in map(_message, _accepted(journal, "create_message"))}.values()]


def posted_on_mastodon(journal: Sequence[Entry]) -> list[Posted]:
    """Every post that answers nobody."""
    return [
        Posted(_number(entry), str(_table(entry, "result")["visibility"]), str(_table(entry, "result")["message"]),
               str(_table(entry, "result")["text"]))
        for entry in _accepted(journal, "POST /api/v1/statuses")
        if _table(entry, "result")["reply_to"] is None
    ]  # fmt: skip


def presses(journal: Sequence[Entry], people: Mapping[str, int]) -> list[Press]:
    """Presses on buttons, with the bubbles that answered them."""
    toasts = _told((str(entry["callback"]), entry) for entry in journal if entry["kind"] == "toast")
    return [
        _press(entry, people, str(entry["data"]).rpartition(":")[2], toasts.get(str(entry["callback"])))
        for entry in journal
        if entry["kind"] == "press"
    ]


def said(journal: Sequence[Entry], people: Mapping[str, int]) -> list[Press]:
    """Numbers of options, in public or in private, with the private posts that answered them."""
    answers = _told(
        (str(_table(entry, "parameters")["in_reply_to_id"]), {**entry, "text": _table(entry, "parameters")["status"]})
        for entry in _accepted(journal, "POST /api/v1/statuses")
        if _table(entry, "parameters").get("in_reply_to_id")
    )
    return [
        _press(entry, people, str(int(str(entry["text"]).split()[-1]) - 1), answers.get(str(entry["message"])))
        for entry in journal
        if entry["kind"] == "written"
    ]


def _told(answers: Iterable[tuple[str, Entry]]) -> dict[str, Entry]:
    """What each act was answered: the first promise that it counts, for saying so again takes nothing back; else the
    last word.
    """
    told: dict[str, Entry] = {}
    for act, answer in answers:
        if act not in told or not COUNTED.search(str(told[act]["text"])):
            told[act] = answer
    return told


def _press(entry: Entry, people: Mapping[str, int], option: str, answer: Entry | None) -> Press:
    told_at, told = (-1, None) if answer is None else (_number(answer), str(answer["text"]))
    return Press(_number(entry), people[str(entry["user"])], option, told, told_at)


def _message(entry: Entry) -> Posted:
    result = _table(entry, "result")
    return Posted(_number(entry), str(result["chat"]), str(result["message"]), str(result["text"]))


def _accepted(journal: Sequence[Entry], method: str) -> Iterator[Entry]:
    return (
        entry for entry in journal
        if entry["kind"] == "call" and entry["method"] == method and entry["outcome"] in ACCEPTED
    )  # fmt: skip


def _table(entry: Entry, name: str) -> Mapping[str, object]:
    table = entry[name]
    if not isinstance(table, dict):
        raise TypeError(str(entry))
    return table


def _number(entry: Entry) -> int:
    return int(str(entry["n"]))
