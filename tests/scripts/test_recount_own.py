"""The recount of the networks' own polls: each network's are summed apart, and never added to the town's ballots."""

import json
from pathlib import Path

import pytest

from tests.scripts.test_recount_networks import LABELS, PLACES, QUESTION, Town


@pytest.fixture
def town() -> Town:
    """A question that the town's ballot asks, and on Telegram, Discord and Mastodon their own polls too."""
    town = Town()
    for network in PLACES:
        asks(town, network)
    return town


def asks(town: Town, network: str, message: str = "m1", labels: tuple[str, ...] = LABELS) -> None:
    """A poll of the network goes out."""
    answers = [{"poll_media": {"text": label}} for label in labels]
    parameters: dict[str, dict[str, object]] = {
        "telegram": {"question": QUESTION, "options": json.dumps([{"text": label} for label in labels])},
        "discord": {"content": "", "poll": {"question": {"text": QUESTION}, "answers": answers}},
        "mastodon": {"poll": {"options": list(labels)}},
    }
    text = f"{QUESTION}\n\nVote public." if network == "mastodon" else ""
    result = {"chat": PLACES[network], "message": message, "text": text, "visibility": "public"}
    town.add(network, "call", method="poll", parameters=parameters[network], outcome="done", result=result)


def chooses(town: Town, network: str, user: int, *options: int, message: str = "m1") -> None:
    """Somebody votes in the network's own poll; without options they take the vote back."""
    labels = {"labels": [LABELS[option] for option in options]}
    chosen: dict[str, object] = {"options": list(options)} if network == "telegram" else dict(labels)
    kind = "vote" if network == "discord" else "voted"
    town.add(network, kind, user=user, chat=PLACES[network], message=message, **chosen)


def tells(
    town: Town, network: str, *counts: int, head: str = "Sondage de {}", labels: tuple[str, ...] = LABELS
) -> None:
    """Results go out with what the network's own poll says."""
    bold = "**" if network == "discord" else ""
    lines = [f"{label} : {count} voix" for label, count in zip(labels, counts, strict=True)]
    title = f"{bold}{head.format(network.capitalize())}{bold}"
    text = "\n".join(["Résultats", "", QUESTION, "", title, "", *lines, "", f"{sum(counts)} personnes ont voté."])
    town.shows(network, text)


@pytest.mark.parametrize("network", PLACES)
@pytest.mark.parametrize(("told", "code"), [((1, 1, 0), 0), ((2, 1, 0), 1)], ids=["right", "wrong"])
def test_the_latest_choice_of_each_account_is_what_must_be_told(
    town: Town, tmp_path: Path, network: str, told: tuple[int, ...], code: int
) -> None:
    """Apart from the ballots of the town."""
    for user, option in ((1, 0), (2, 2), (2, 1), (3, 0)):
        chooses(town, network, user, option)
    chooses(town, network, 3)
    tells(town, network, *told)
    town.ends(0, 0, 0)

    assert town.judged(tmp_path) == code


def test_two_polls_on_one_network_are_told_together(town: Town, tmp_path: Path) -> None:
    """In two channels; the same person may vote in both."""
    asks(town, "discord", "m2")
    chooses(town, "discord", 1, 0)
    chooses(town, "discord", 1, 1, message="m2")
    tells(town, "discord", 1, 1, 0)
    town.ends(0, 0, 0)

    assert town.judged(tmp_path) == 0


@pytest.mark.parametrize(
    ("head", "labels", "code"),
    [
        ("Sondage de {} (chiffres provisoires)", LABELS, 0),
        ("Sondage de {}", ("Bridge", "Ford", "Ferry"), 0),
        ("{}’s own poll", LABELS, 1),
    ],
    ids=["provisional", "in a language that no ballot showed", "in English"],
)
def test_only_what_is_final_and_can_be_recognised_is_judged(
    town: Town, tmp_path: Path, head: str, labels: tuple[str, ...], code: int
) -> None:
    """A count that may still change is no lie."""
    chooses(town, "telegram", 1, 0)
    tells(town, "telegram", 7, 0, 0, head=head, labels=labels)
    town.ends(0, 0, 0)

    assert town.judged(tmp_path) == code
