"""The rows of a sheet, and every mistake in them with its row, its column and the cure."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.imports.rows import posts_of
from campaigns.imports.sheets import COLUMNS
from tests.campaigns.imports.sheets import (
    HEADINGS,
    ROW,
    WANTED,
    at_nine,
    csv_of,
    local,
    one,
    posts_in,
    sentences,
    wrong,
)
from tests.campaigns.test_pictures import png


def test_a_row_is_a_post() -> None:
    """Under the keys of a campaign file."""
    post = one(ROW)

    assert (post.origin, post.slug, post.line) == ("eau", "eau", 2)
    assert post.when == {"at": local(2026, 10, 12, 14, 30)}
    assert post.says == {
        "title.fr": "L’eau",
        "body.fr": "Elle revient.",
        "title.en": "Water",
        "body.en": "It is back.",
    }


def test_headings_are_known_in_both_languages_however_they_are_typed() -> None:
    """Accents, capitals, spaces and hyphens do not matter."""
    post = one(
        "1;12/10/2026 9h;Titre;oui;x;2 h;PLACE,alertes",
        headings="Identifiant;Date et heure;TITRE-FR;Épinglé;silencieux;délai;Canaux".replace("PLACE", "place"),
        wanted=replace(WANTED, known=("PLACE", "alertes")),
    )

    assert post.says == {"title.fr": "Titre", "pinned": True, "silent": True}
    assert post.when == {"at": local(2026, 10, 12, 9), "grace": "2 h"}


def test_rows_are_gathered_by_campaign_with_its_channels() -> None:
    """One sheet may plan several."""
    headings = "id;when;title_fr;title_en;campaign;channels"
    rows = ("1;12/10/2026 9h;a;b;;", "2;12/10/2026 9h;a;b;eau;alertes, place", "3;12/10/2026 9h;a;b;;place")

    heaps = posts_in(*rows, headings=headings).heaps

    assert [(heap.campaign, heap.channels, [post.origin for post in heap.posts]) for heap in heaps] == [
        ("posts", ("place",), ["1", "3"]),
        ("eau", ("alertes", "place"), ["2"]),
    ]


def test_an_id_that_is_no_short_name_gets_one_that_never_changes() -> None:
    """It names the step for ever; two ids never share one."""
    ids = ("A/12", "a-12", "Réunion publique du 12 octobre", "é" * 40, "!!!", "2026_1")

    slugs = [one(f"{each};12/10/2026 9h;a;b", headings="id;when;title_fr;title_en").slug for each in ids]

    assert slugs == ["a-12-39eb37", "a-12", *slugs[2:]]
    assert len(set(slugs)) == len(ids)
    assert max(map(len, slugs)) <= 24


def test_a_day_without_a_time_takes_the_one_that_was_said_for_all() -> None:
    """And is refused without."""
    row = "eau;12/10/2026;;L’eau;x;Water;x"

    assert one(row, wanted=at_nine()).at == local(2026, 10, 12, 9)
    assert wrong(lambda: one(row)) == [
        "posts.csv:2: date: says no time of day: write it, or say --at for all that have none"
    ]


def test_what_is_missing_of_a_language_is_noted_and_kept() -> None:
    """The draft shows where to write it; it does not go out before."""
    reading = posts_in("eau;12/10/2026;14h;;;Water;")

    assert reading.heaps[0].posts[0].says == {"title.en": "Water"}
    assert [str(note).split(":")[2].strip() for note in reading.notes] == ["title_fr", "body_fr", "body_en"]


def test_a_time_that_exists_twice_is_noted_and_one_that_does_not_is_refused() -> None:
    """In the nights when clocks change."""
    reading = posts_in(ROW.replace("12/10/2026;14h30", "25/10/2026;2h30"))
    refused = wrong(lambda: one(ROW.replace("12/10/2026;14h30", "29/03/2026;2h30")))

    assert "exists twice in Europe/Paris" in str(reading.notes[0])
    assert "posts.csv:2: date: 29/03/2026 02:30 does not exist" in refused[0]


MISTAKES = {
    ROW.replace("eau", ""): "id: is empty",
    f"{ROW}\n{ROW}": "id: «eau» stands in row 2 already",
    ROW.replace("12/10", "31/02"): "date: «31/02/2026» is in no calendar",
    ROW.replace("14h30", "midi"): "time: «midi» is no time of day",
    ROW.replace("L’eau", "=A1&B1"): "title_fr: is a formula",
    ROW.replace("L’eau", "#REF!"): "title_fr: «#REF!» is a formula that failed",
    ROW.replace("It is back.", "Err:502"): "body_en: «Err:502» is a formula that failed",
    ROW.replace("L’eau", "a\x07b"): "title_fr: holds a control character",
    ROW.replace("L’eau", "x" * 201): "title_fr: 201 characters; at most 200",
    "eau;12/10/2026;14h30;;x;;x": "title_fr: there is no title",
}
FURTHER = {
    ("channels", "plaec"): "channels: the configuration knows no channel «plaec»; did you mean «place»?",
    ("campaign", "Été 2026"): "campaign: «Été 2026» is no short name",
    ("silent", "peut-être"): "silent: «peut-etre» is neither yes nor no",
    ("grace", "0 min"): "grace: nothing is ever on time",
    ("grace", "soon"): "grace: «soon» is not a length of time",
    ("alt_fr", "Un pont"): "image: is empty, but described",
    ("image", "none.png"): "image: none.png cannot be read",
}


def test_each_mistake_is_named_with_its_place_and_cure() -> None:
    """One sentence each, and nothing of the sheet is imported."""
    found = {said: wrong(partial(posts_in, *rows.split("\n"))) for rows, said in MISTAKES.items()}
    found |= {
        said: wrong(partial(one, f"{ROW};{cell}", headings=f"{HEADINGS};{column}"))
        for (column, cell), said in FURTHER.items()
    }

    assert {said: got for said, got in found.items() if said not in got[0]} == {}


def test_all_mistakes_are_named_at_once() -> None:
    """Nobody corrects a sheet of a hundred rows one by one."""
    rows = [ROW.replace("eau", f"{number}").replace("14h30", "?") for number in range(5)]

    assert [each.split(":")[1] for each in wrong(lambda: posts_in(*rows))] == ["2", "3", "4", "5", "6"]


def test_posts_of_one_campaign_go_to_the_same_channels() -> None:
    """A campaign speaks in the same places."""
    rows = (f"{ROW};place", f"{ROW.replace('eau', 'gaz', 1)};alertes")

    refused = wrong(lambda: posts_in(*rows, headings=f"{HEADINGS};channels"))

    assert "posts.csv:3: channels: other posts of the campaign «posts» go to place" in refused[0]


def test_columns_that_are_needed_missing_or_twice_are_said() -> None:
    """Before any row is looked at."""
    found = [
        wrong(lambda: csv_posts("")),
        wrong(lambda: csv_posts("titre")),
        wrong(lambda: csv_posts("id;date")),
        wrong(lambda: csv_posts("id;date;titre;title_fr")),
        wrong(lambda: csv_posts("id;date;titel_fr;title_en")),
    ]

    assert [len(each) for each in found] == [1, 2, 1, 1, 1]
    assert "did you mean «titre_fr»" in found[4][0]


def csv_posts(text: str) -> object:
    """The posts of this text."""
    return posts_of(csv_of(text.encode()), WANTED)


def test_a_column_of_somebody_else_is_not_read_and_that_is_said() -> None:
    """Sheets carry remarks."""
    (note,) = posts_in(f"{ROW};à relire;", headings=f"{HEADINGS};Remarques;").notes

    assert str(note) == "posts.csv:1: Remarques: unknown column, not read"


def test_a_short_row_is_empty_where_it_ends() -> None:
    """Some programs leave out the last separators."""
    assert one("eau;12/10/2026;14h30;L’eau").says == {"title.fr": "L’eau"}


def test_a_picture_stands_beside_the_sheet_with_its_description(tmp_path_factory: pytest.TempPathFactory) -> None:
    """In both languages, or it is noted."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "pont.png").write_bytes(png(20, 20))
    sheet = csv_of(f"{HEADINGS};image;alt_fr;alt_en\n{ROW};pont.png;Un pont;".encode())

    reading = posts_of(replace(sheet, path=folder / "posts.csv"), WANTED)

    assert reading.heaps[0].posts[0].says["images"] == [{"file": "pont.png", "alt": {"fr": "Un pont", "en": ""}}]
    assert "alt_en: is empty" in str(reading.notes[0])


@pytest.mark.parametrize("name", ["../pont.png", "{folder}/pont.png", "link.png"])
def test_a_picture_that_lies_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    """A sheet may come from anybody, and the machine of the town has pictures that are nobody's business."""
    (tmp_path / "town").mkdir()
    (tmp_path / "pont.png").write_bytes(png(20, 20))
    (tmp_path / "town" / "link.png").symlink_to(tmp_path / "pont.png")
    row = f"{ROW};{name.format(folder=tmp_path)};Un pont;A bridge"
    sheet = replace(csv_of(f"{HEADINGS};image;alt_fr;alt_en\n{row}".encode()), path=tmp_path / "town" / "posts.csv")

    assert "does not lie beside the sheet" in wrong(lambda: posts_of(sheet, WANTED))[0]


@given(
    st.lists(st.sampled_from([*(names[0] for names in COLUMNS.values()), "x"]), max_size=8, unique=True),
    st.lists(
        st.lists(st.sampled_from(["", "1", "12/10/2026 9h", "oui", "é", "=1", "2 h", "place"]), max_size=8), max_size=4
    ),
)
def test_any_sheet_is_read_or_refused_with_its_row(columns: list[str], rows: list[list[str]]) -> None:
    """Every finding has a place and a sentence."""
    text = "\n".join(map(";".join, [columns, *rows]))

    assert all(sentences(lambda: csv_posts(text)))
