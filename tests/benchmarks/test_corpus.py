"""The corpus of hostile and ordinary messages: the same each time, and judged as well as it was."""

from pathlib import Path

from app.charter import charter
from benchmarks.corpus.__main__ import ALL, CHARTER, LEAST_FOUND, MOST_ALARMS, main
from benchmarks.corpus.hostile import hostile, seeds
from benchmarks.corpus.judge import Judge
from benchmarks.corpus.ordinary import found_in, ours


def test_the_default_charter_finds_what_it_should_and_spares_what_it_should() -> None:
    """Whoever changes the rules or the ways in which words are read sees what it costs."""
    judge = Judge(charter(CHARTER).rules, seeds()["town"])

    found = judge.finds(ALL, [text for _, text in hostile()])({})
    spared = judge.spares("ordinary", ours()["ordinary"])({})

    assert found["found %"] >= LEAST_FOUND
    assert spared["false alarms"] <= MOST_ALARMS


def test_the_hostile_messages_are_always_the_same() -> None:
    """Else two runs could not be compared."""
    assert list(hostile()) == list(hostile())


def test_what_others_wrote_is_read_but_for_what_they_call_hostile(tmp_path: Path) -> None:
    """A table says which lines are; a file that is named as hostile is left out."""
    (tmp_path / "a.tsv").write_text("tox\ttext\n0\tBonjour\n1\tQuel idiot\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text("Bonsoir\n\nMerci\n", encoding="utf-8")
    (tmp_path / "c.txt").write_text("Quel abruti\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("# Texts\n", encoding="utf-8")

    read = found_in([tmp_path], but=[tmp_path / "c.txt"])

    assert read == {"a": ["Bonjour"], "b": ["Bonsoir", "Merci"]}
    assert found_in([tmp_path / "c.txt"]) == {"c": ["Quel abruti"]}


def test_a_run_keeps_its_table_with_what_others_wrote(tmp_path: Path) -> None:
    """And names the files, never the folder."""
    (tmp_path / "others.txt").write_text("Bonjour\nQuel idiot\n", encoding="utf-8")

    main(["--out", str(tmp_path), "--ordinary", str(tmp_path / "others.txt")])

    table = (tmp_path / "corpus.md").read_text(encoding="utf-8")
    assert "| ours | of others: others | 2.00 |  | 500 |" in table
    assert str(tmp_path) not in table
