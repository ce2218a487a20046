"""A mistake in a file is named: file, line, key, what is wrong, and the nearest right name."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Misconfigured
from core.tomlfile import Document, findings, line_of, nearest, read

FILE = """\
# The town.  name = "not here"
name = "Ville # du Pont"
"quoted key" = 1

[telegram]
token_file = "token"  # zone = "not here"
proxy = { url = "http://proxy", user = "ville" }

[telegram.pace]
per_chat = 1

[[step]]
kind = "announce"

[[step]]
kind = "open_poll"
images = [
    { path = "a.png", alt = "A" },
]

[[step]]

[step.when]
after = "1h"

[[place]]
name = "square"

[[place.topic]]
number = 1

[[place]]

[[place.topic]]
number = 2

[[place.topic]]
label = "roads"
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[bytes], Path]:
    """Write a file and give its path."""

    def written(content: bytes) -> Path:
        path = tmp_path / "town.toml"
        path.write_bytes(content)
        return path

    return written


@pytest.mark.parametrize(
    ("path", "line"),
    [
        pytest.param(("name",), 2, id="a key at the top, not the comment"),
        pytest.param(("quoted key",), 3, id="a quoted key"),
        pytest.param(("telegram",), 5, id="a table"),
        pytest.param(("telegram", "token_file"), 6, id="a key of a table"),
        pytest.param(("telegram", "proxy", "user"), 7, id="a key of an inline table"),
        pytest.param(("telegram", "pace"), 9, id="a table in a table"),
        pytest.param(("telegram", "pace", "per_chat"), 10, id="its key"),
        pytest.param(("step", 0, "kind"), 13, id="a key of the first of several tables"),
        pytest.param(("step", 1, "kind"), 16, id="a key of the second"),
        pytest.param(("step", 1, "images", 0, "alt"), 18, id="a key in a list of inline tables"),
        pytest.param(("step", 2, "when", "after"), 24, id="a table of the last of several"),
        pytest.param(("place", 1, "topic", 1, "label"), 38, id="several tables in the second of several"),
        pytest.param(("place", 0, "topic", 0, "number"), 30, id="several tables in the first of several"),
        pytest.param(("telegram", "zone"), 5, id="a missing key is missing in its table"),
        pytest.param(("step", 1, "grace"), 15, id="a missing key of the second is missing there"),
        pytest.param(("step", 0, "announce", "grace"), 12, id="a name that is no key is passed over"),
        pytest.param(("step", 9, "kind"), 13, id="a rank that is not there"),
        pytest.param(("step", 1), 15, id="a table by its rank"),
        pytest.param(("charter",), 0, id="nothing of that name"),
        pytest.param((), 0, id="the file as a whole"),
    ],
)
def test_a_key_is_found_on_its_line(path: tuple[str | int, ...], line: int) -> None:
    """An officer opens the file at that line."""
    assert line_of(Document(Path("town.toml"), FILE, {}), path) == line


def test_an_unknown_key_is_named_with_its_nearest_right_name() -> None:
    """Most unknown keys are misspelt ones."""
    document = Document(Path("config.toml"), '[telegram]\ntokn_file = "token"\n', {})
    error = {"type": "extra_forbidden", "loc": ("telegram", "tokn_file"), "msg": "Extra inputs are not permitted"}

    found = findings(document, [error], {"telegram": ("account", "token_file")})

    assert [*map(str, found)] == ["config.toml:2: telegram.tokn_file: unknown key; did you mean «token_file»?"]


def test_names_that_the_writer_chooses_are_no_obstacle_to_a_suggestion() -> None:
    """``[accounts.ville]`` may be called anything; its keys may not."""
    document = Document(Path("config.toml"), "[accounts.ville]\ntokn = 1\n", {})
    error = {"type": "extra_forbidden", "loc": ("accounts", "ville", "tokn"), "msg": "Extra inputs are not permitted"}

    (found,) = findings(document, [error], {"": ("accounts",), "accounts.*": ("token", "proxy")})

    assert (found.line, found.nearest) == (2, "token")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("twon", "town"), ("tokenfile", "token_file"), ("wood", None), ("token", "token_file"), ("to", None)],
)
def test_a_right_name_is_suggested_only_when_it_is_close(written: str, meant: str | None) -> None:
    """A wild guess sends people into the wrong direction."""
    assert nearest(written, ("town", "token_file", "charter")) == meant


def test_an_unknown_key_in_an_unknown_table_has_no_suggestion() -> None:
    """Nobody knows what was meant."""
    document = Document(Path("config.toml"), "[acount]\ntoken = 1\n", {})
    error = {"type": "extra_forbidden", "loc": ("acount", "token"), "msg": "Extra inputs are not permitted"}

    (found,) = findings(document, [error], {"accounts": ("token",)})

    assert found.nearest is None


def test_an_unknown_key_like_no_other_is_named_alone() -> None:
    """A wrong suggestion is worse than none."""
    document = Document(Path("config.toml"), "[[step]]\nxyz = 1\n", {})
    error = {"type": "unexpected_keyword_argument", "loc": ("step", 0, "xyz"), "msg": "Unexpected keyword argument"}

    found = findings(document, [error], {"step": ("kind", "subject")})

    assert [*map(str, found)] == ["config.toml:2: step.0.xyz: unknown key"]


def test_a_wrong_value_is_named_in_the_words_of_the_check() -> None:
    """The check knows best what it wants."""
    document = Document(Path("config.toml"), 'zone = "Mars/Olympus"\n', {})
    error = {"type": "value_error", "loc": ("zone",), "msg": "no such time zone"}

    found = findings(document, [error], {})

    assert [*map(str, found)] == ["config.toml:1: zone: no such time zone"]


def test_a_file_is_read_with_its_text_and_tables(write: Callable[[bytes], Path]) -> None:
    """Accents are UTF-8."""
    path = write('name = "Cité"\n'.encode())

    assert read(path) == Document(path, 'name = "Cité"\n', {"name": "Cité"})


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        pytest.param(b"a = 1\nb = = 2\n", 2, "not valid TOML: Invalid value", id="not TOML"),
        pytest.param(b'a = "', 0, "not valid TOML: Unterminated string", id="cut off"),
        pytest.param("a = 'é'".encode("latin-1"), 0, "the file is not UTF-8 text", id="another encoding"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    content: bytes, line: int, problem: str, write: Callable[[bytes], Path]
) -> None:
    """With the line when there is one."""
    path = write(content)

    with pytest.raises(Misconfigured) as refused:
        read(path)

    finding = refused.value.findings[0]
    assert (finding.file, finding.line, finding.problem) == (path, line, problem)


@pytest.mark.parametrize(("name", "problem"), [("absent.toml", "No such file or directory"), (".", "Is a directory")])
def test_a_file_that_is_not_there_says_so(name: str, problem: str, tmp_path: Path) -> None:
    """In the words of the operating system."""
    with pytest.raises(Misconfigured, match=rf": {problem}$"):
        read(tmp_path / name)


steps = st.lists(st.sampled_from(["name", "telegram", "step", "place", "topic", "kind", "(", "", 0, 1, 2]), max_size=5)


@given(st.text(), steps)
def test_any_key_of_any_file_has_a_line_in_it_or_none(text: str, path: list[str | int]) -> None:
    """Saying where never fails, whatever the file."""
    line = line_of(Document(Path("town.toml"), text, {}), path)

    assert 0 <= line <= len(text.splitlines())
