"""Saved payloads have the shapes that other people's models say; where these come from: tests/payloads/README.md."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.shapes import strange_on_discord, strange_on_mastodon, strange_on_telegram
from tests.sandbox_discord.openapi import MISSING, WHERE
from tests.sandbox_discord.openapi import read as document

PAYLOADS = Path(__file__).parents[1] / "payloads"
FUTURE = "a_kind_from_the_future"
INTERACTIONS = {
    2: "ApplicationCommandInteraction",
    3: "MessageComponentInteraction",
    4: "ApplicationCommandInteraction",
}


def saved(network: str) -> list[Any]:
    """The payloads of a network, but for those that no model can know."""
    paths = sorted((PAYLOADS / network).glob("*.json"))
    return [pytest.param(path, id=path.stem) for path in paths if path.stem != FUTURE]


def read(path: Path) -> dict[str, Any]:
    """What it holds."""
    told = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(told, dict)
    return told


@pytest.mark.parametrize("path", saved("telegram"))
def test_an_update_of_telegram_is_one_to_aiogram(path: Path) -> None:
    """Nothing is missing, nothing is made up."""
    assert list(strange_on_telegram(read(path))) == []


@pytest.mark.parametrize("path", saved("mastodon"))
def test_a_notification_of_mastodon_is_one_to_the_library(path: Path) -> None:
    """By the entities of Mastodon.py. GoToSocial says who may answer a post, which Mastodon does not."""
    own = ["Notification.Status.interaction_policy: unknown"] if "gotosocial" in path.stem else []

    assert list(strange_on_mastodon(read(path))) == own


@pytest.mark.parametrize("path", saved("discord"))
def test_an_event_of_discord_is_one_to_discord_py(path: Path) -> None:
    """By the types in its source."""
    told = read(path)["d"]

    if "author" in told:
        strange = [*strange_on_discord(told, "Message"), *strange_on_discord(told["author"], "User")]
    else:
        strange = [*strange_on_discord(told, INTERACTIONS[told["type"]])]

    assert strange == []


@pytest.mark.skipif(not WHERE.exists(), reason=MISSING)
@pytest.mark.parametrize("path", saved("discord"))
def test_a_message_of_discord_is_one_to_its_own_document(path: Path) -> None:
    """The gateway gives the messages of the HTTP interface, with the server and the member beside them."""
    told = read(path)["d"]
    message = told if "author" in told else told.get("message")

    assert message is None or document().strange(message, "MessageResponse") == []


def test_every_network_has_payloads() -> None:
    """And none is forgotten here."""
    assert {path.name for path in PAYLOADS.iterdir() if path.is_dir()} == {"telegram", "mastodon", "discord"}
