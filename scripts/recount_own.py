"""The networks' own polls, counted again by ``scripts/recount`` from what the journals hold of each: who chose what.

A poll is known by its network, its question and its answers. What a published result says below «Sondage de Telegram»
or “Telegram’s own poll” is the sum of that network's polls with this question. Said to be provisional, it is not
judged; nor is a result in another language than its poll, unless a ballot of the town showed the answers in both.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

HEAD = re.compile(r"^\W*(?:Sondage de (\w+)|(\w+)[’']s own poll)(\s*\(.*)?$")
LINE = re.compile(r"^\W*(.+?)\s*:\s*(\d[\d\s.,]*)\s(?:voix|votes?)$")
Place = tuple[str, str, str]  # network, chat, message
Entry = Mapping[str, Any]


@dataclass
class OwnPoll:
    """One poll of a network: ``votes`` are the ranks that each account chose last."""

    network: str
    question: str
    labels: list[str]
    votes: dict[str, list[int]] = field(default_factory=dict)

    def count(self) -> list[int]:
        """How often each answer was chosen."""
        return [sum(rank in ranks for ranks in self.votes.values()) for rank in range(len(self.labels))]


@dataclass(frozen=True)
class Section:
    """What a result says of a network's own polls."""

    network: str
    labels: list[str]
    counts: list[int]


class OwnPolls:
    """All of them, by the message that carries each."""

    def __init__(self) -> None:
        self._polls: dict[Place, OwnPoll] = {}

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return bool(self._polls)

    def read(self, network: str, entry: Entry) -> None:
        """Take one line of a journal into account."""
        shown = entry.get("result") if entry["kind"] == "call" else None
        if isinstance(shown, dict) and {"chat", "message"} <= set(shown):
            made = _made(network, entry["parameters"], str(shown.get("text", "")))
            if made is not None:
                self._polls.setdefault((network, str(shown["chat"]), str(shown["message"])), made)
        elif entry["kind"] in {"vote", "voted"}:
            poll = self._polls.get((network, str(entry["chat"]), str(entry["message"])))
            if poll is not None:
                poll.votes[str(entry["user"])] = _ranks(poll, entry)

    def judge(self, texts: Mapping[Place, str], tongues: Iterable[Sequence[Sequence[str]]]) -> Iterator[str]:
        """What is wrong with what was published. ``tongues`` are the answers of each poll in every language shown."""
        said_alike = [[_plain(labels) for labels in each] for each in tongues]
        for place, text in texts.items():
            for told in _sections(text):
                mine = [poll for poll in self._polls.values() if _is_about(poll, told, text, said_alike)]
                count = [sum(column) for column in zip(*(poll.count() for poll in mine), strict=True)]
                if mine and count != told.counts:
                    yield f"{place} says {told.counts} of {told.network}'s own poll, the journal {count}"


def _made(network: str, parameters: Entry, text: str) -> OwnPoll | None:
    """The poll that a call puts out, if it does."""
    if network == "telegram" and "options" in parameters and "question" in parameters:
        options = parameters["options"]
        options = json.loads(options) if isinstance(options, str) else options
        return OwnPoll(network, str(parameters["question"]), _plain(option["text"] for option in options))
    poll = parameters.get("poll")
    if not poll:
        return None
    poll = json.loads(poll) if isinstance(poll, str) else poll
    if network == "discord":
        return OwnPoll(
            network, poll["question"]["text"], _plain(each["poll_media"]["text"] for each in poll["answers"])
        )
    return OwnPoll(network, text.strip().split("\n")[0], _plain(poll["options"]))


def _ranks(poll: OwnPoll, entry: Entry) -> list[int]:
    if "labels" in entry:
        return [poll.labels.index(label) for label in _plain(entry["labels"])]
    return list(map(int, entry["options"]))


def _sections(text: str) -> Iterator[Section]:
    """Those of a text that are said to be final and known."""
    lines = text.split("\n")
    for rank, line in enumerate(lines):
        head = HEAD.match(line)
        if head is None or head[3]:
            continue
        found: list[tuple[str, int]] = []
        for below in lines[rank + 1 :]:
            said = LINE.match(below)
            if said is None:
                if found or below.strip():
                    break
                continue
            found.append((said[1], int(re.sub(r"\D", "", said[2]))))
        if found:
            network = (head[1] or head[2]).casefold()
            yield Section(network, _plain(label for label, _ in found), [count for _, count in found])


def _is_about(poll: OwnPoll, told: Section, text: str, tongues: Iterable[Sequence[Sequence[str]]]) -> bool:
    if poll.network != told.network:
        return False
    if poll.labels == told.labels:
        return " ".join(poll.question.split()) in " ".join(text.split())
    return any(poll.labels in said and told.labels in said for said in tongues)


def _plain(labels: Iterable[str]) -> list[str]:
    return [" ".join(label.split()) for label in labels]
