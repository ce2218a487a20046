"""``parvis import``: what an officer does with a sheet of posts, and what is in the folder afterwards."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.office import Office
from core.campaign import Campaign, OccurrenceState
from core.identifiers import CampaignId
from core.ports.store import Books
from tests.cli.office import Terminal

HEADINGS = "id;quand;titre;texte;title_en;body_en\n"
NEXT_YEAR = datetime.now(UTC).year + 1
ROW = f"eau;12/10/{NEXT_YEAR} 14h30;L’eau revient;La rue du pont a de l’eau.;Water is back;Bridge street has water.\n"
GAS = f"gaz;13/10/{NEXT_YEAR} 9h;Le gaz;Pas de gaz.;;\n"


def sheet(terminal: Terminal, text: str, name: str = "posts.csv") -> str:
    """A sheet in the folder of the town."""
    file = terminal.folder / name
    file.write_text(HEADINGS + text, encoding="utf-8")
    return str(file)


def imports(terminal: Terminal, text: str, *options: str) -> str:
    """What the command says of a sheet."""
    done = terminal.types("import", sheet(terminal, text), "--channels", "place", *options)
    assert (done.code, done.err) == (0, "")
    return done.out


def test_a_sheet_becomes_a_campaign_file_beside_it(terminal: Terminal) -> None:
    """What is missing is named in the sheet, and in the file; nothing is sent."""
    out = imports(terminal, ROW + GAS)

    assert ["new" in line for line in out.splitlines() if line.startswith(" posts.toml")] == [True, True]
    assert f"{terminal.folder}/posts.csv:3: title_en: is empty" in out
    assert "announcements.gaz.title.en: is empty: write the text, in both languages" in out
    assert "Nothing goes out of itself." in out


def test_a_whole_sheet_is_looked_over_and_can_be_started(ready: Terminal) -> None:
    """Pre-flight reads it as it reads what is written by hand."""
    out = imports(ready, ROW.replace("de l’eau", "de l’eau potable #eaupotable"))
    started = ready.types("campaign", "start", str(ready.folder / "posts.toml"))

    assert "announcements.eau.body.fr: " in out
    assert started.code == 0


def test_a_dry_run_says_the_same_and_writes_nothing(terminal: Terminal) -> None:
    """Before anybody trusts it."""
    out = imports(terminal, ROW, "--dry-run")

    assert "1 new; nothing was written (--dry-run)" in out
    assert not (terminal.folder / "posts.toml").exists()


def test_the_same_sheet_again_changes_nothing(terminal: Terminal) -> None:
    """Not even the time of the file."""
    imports(terminal, ROW)
    file = terminal.folder / "posts.toml"
    before = file.stat().st_mtime_ns

    assert "1 unchanged; the file says this already" in imports(terminal, ROW)
    assert file.stat().st_mtime_ns == before


def test_a_sheet_with_one_mistake_is_not_imported_at_all(terminal: Terminal) -> None:
    """Each is named with its row, its column and the cure; the file stays what it was."""
    imports(terminal, ROW)
    before = (terminal.folder / "posts.toml").read_text(encoding="utf-8")

    done = terminal.types("import", sheet(terminal, ROW.replace("eau;", "lac;") + GAS.replace("13/10", "31/09")))

    assert done.code == 2
    assert f"posts.csv:3: when: «31/09/{NEXT_YEAR} 9h» is in no calendar" in done.err
    assert (terminal.folder / "posts.toml").read_text(encoding="utf-8") == before


def test_several_campaigns_are_written_together_or_not(terminal: Terminal) -> None:
    """One of them clashes with a file that somebody wrote."""
    (terminal.folder / "b.toml").write_text('[announcements.x]\ntitle.fr = "x"\n', encoding="utf-8")
    text = "id;quand;titre;title_en;campagne;canaux\n" + "".join(
        f"{each};12/10/{NEXT_YEAR} 9h;t;u;{each};place\n" for each in "abc"
    )
    (terminal.folder / "all.csv").write_text(text, encoding="utf-8")

    done = terminal.types("import", str(terminal.folder / "all.csv"))

    assert "b.toml: was not made by an import" in done.err
    assert not (terminal.folder / "a.toml").exists()


def test_what_is_out_already_is_said_when_the_sheet_changes(ready: Terminal) -> None:
    """The rest of a running campaign follows with an update."""
    imports(ready, ROW + GAS.replace(";;\n", ";Gas;No gas.\n"))
    file = str(ready.folder / "posts.toml")
    ready.types("campaign", "start", file)
    ready.remembers(lambda office: office.store.write(_settle_the_first))

    out = imports(ready, ROW.replace("revient", "est là") + GAS.replace(";;\n", ";Gas;No gas today.\n"))
    updated = ready.types("campaign", "update", file)

    assert (
        "«eau» is out already and stays as people read it; once the campaign follows its file, «parvis correct" in out
    )
    assert "posts eau» edits what is out" in out
    assert f"parvis campaign update {file}" in out
    assert "2 changed" in out
    assert (updated.code, ready.remembers(_running).announcement("posts_gaz").body.en) == (0, "No gas today.")


def _settle_the_first(books: Books) -> None:
    first = books.campaigns.occurrences(CampaignId("posts"))[0]
    books.campaigns.settle(first.id, OccurrenceState.DONE)


async def _running(office: Office) -> Campaign:
    found = await office.store.read(lambda books: books.campaigns.get(CampaignId("posts")))
    assert found is not None
    return found.campaign


def test_a_translation_by_hand_is_to_be_looked_at_again(terminal: Terminal) -> None:
    """When the text that it translates has changed."""
    imports(terminal, GAS)
    terminal.writes('title.en = ""', 'title.en = "Gas"', "posts.toml")

    assert "was written for its earlier text: look at it" in imports(terminal, GAS.replace("Pas de", "Plus de"))


def test_calendars_and_open_documents_are_read_by_their_endings(terminal: Terminal) -> None:
    """What is of another kind is said, with those that are read."""
    day = datetime.now(UTC) + timedelta(days=9)
    event = f"BEGIN:VEVENT\nUID:1\nSUMMARY:Fair\nDTSTART;VALUE=DATE:{day:%Y%m%d}\nEND:VEVENT"
    (terminal.folder / "Fête du pont.ics").write_text(f"BEGIN:VCALENDAR\n{event}\nEND:VCALENDAR\n", encoding="utf-8")
    (terminal.folder / "posts.ods").write_bytes(b"")
    (terminal.folder / "posts.xlsx").write_bytes(b"")

    options = ("--channels", "place", "--at", "18:30", "--language", "en")
    calendar = terminal.types("import", str(terminal.folder / "Fête du pont.ics"), *options)
    odd = terminal.types("import", str(terminal.folder / "posts.ods"))
    other = terminal.types("import", str(terminal.folder / "posts.xlsx"))

    assert (calendar.code, odd.code, other.code) == (0, 2, 2)
    assert (terminal.folder / "fete-du-pont.toml").exists()
    assert "save it as .ods anew" in odd.err
    assert "save it as .ods, .csv or .ics" in other.err


def test_what_cannot_be_read_or_has_no_place_is_said(terminal: Terminal) -> None:
    """Each with the cure."""
    file = sheet(terminal, ROW)
    (terminal.folder / "big.csv").write_bytes(b"x" * 5_000_001)
    found = [
        terminal.types("import", file),
        terminal.types("import", file, "--channels", "plaec"),
        terminal.types("import", str(terminal.folder / "none.csv")),
        terminal.types("import", str(terminal.folder / "big.csv")),
        terminal.types("import", sheet(terminal, ROW, "—.csv")),
    ]

    words = (
        "say where these posts go: --channels",
        "no channel «plaec»",
        "No such file",
        "more than 5 MB",
        "no letter",
    )
    assert [(done.code, word in done.err) for word, done in zip(words, found, strict=True)] == [(2, True)] * 5


def test_no_half_written_file_stays_behind(terminal: Terminal) -> None:
    """Nor anything else beside the sheet."""
    imports(terminal, ROW)

    assert sorted(each.name for each in Path(terminal.folder).glob("posts*")) == ["posts.csv", "posts.toml"]
