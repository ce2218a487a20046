"""Nothing personal and no token is left where operators, backups and thieves look: in logs, terminals, the database."""

import json

import pytest

from sandbox.inhabitants import FIRST_ID
from tests.app.aftermath import FIRST_USER_NAME, FIRST_WORD, REPLY, Aftermath
from tests.app.consultation import INSULT

DONE = (REPLY, "/mydata", "/forgetme", "c1:subscribe", str(FIRST_ID))


def test_people_were_heard_and_their_traces_would_be_found(aftermath: Aftermath) -> None:
    """What follows proves nothing unless they voted, replied and broke the charter, under these very names."""
    journal = aftermath.journal.read_text(encoding="utf-8")
    (evidence,) = (line for line in aftermath.evidence.splitlines() if line.startswith(FIRST_WORD))

    assert evidence.endswith(f"Quelle {INSULT} !")
    assert [
        word for word in (REPLY, "/mydata", "/forgetme", "c1:subscribe", str(FIRST_ID)) if word not in journal
    ] == []
    assert f"{evidence.partition(':')[0]}" in journal  # the town quoted what it gave back, with its author's name
    assert {name in aftermath.canaries for name in (f"{FIRST_WORD}0", f"{FIRST_USER_NAME}0", str(FIRST_ID))} == {True}


@pytest.mark.parametrize("form", ["log", "json_log"])
def test_the_log_names_nobody_at_any_level(aftermath: Aftermath, form: str) -> None:
    """It is copied, searched and sent to others."""
    log: str = getattr(aftermath, form)

    assert [canary for canary in aftermath.canaries if canary in log] == []


def test_the_log_tells_what_happened_all_the_same(aftermath: Aftermath) -> None:
    """An empty one would be discreet too."""
    lines = [json.loads(line) for line in aftermath.json_log.splitlines()]

    assert {"step_settled", "delivery_settled", "update_set_aside"} <= {line["event"] for line in lines}
    assert [line["event"] for line in lines] == list(aftermath.events)


def test_a_terminal_names_nobody_unless_evidence_is_asked_for(aftermath: Aftermath) -> None:
    """People look over shoulders, and lists are pasted into messages."""
    assert "banc_bois" in aftermath.terminal
    assert [canary for canary in aftermath.canaries if canary in aftermath.terminal] == []


def test_the_files_of_the_database_name_nobody(aftermath: Aftermath) -> None:
    """Neither rows, nor what was deleted, nor the write-ahead log: a stolen disk tells nothing without the keys."""
    assert REPLY.encode() in aftermath.database  # what people tell the town hall is kept as they wrote it
    assert [canary for canary in aftermath.canaries if canary.encode() in aftermath.database] == []


def test_no_account_stands_in_the_database_as_a_number(aftermath: Aftermath) -> None:
    """SQLite writes a number as the bytes it takes, the highest first."""
    numbers = [int(canary) for canary in aftermath.canaries if canary.isdigit()]

    assert [number for number in numbers if number.to_bytes(5, "big") in aftermath.database] == []
