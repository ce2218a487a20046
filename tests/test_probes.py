"""Probes in Python: what was passed is known to the statement and to the way, and nothing else is changed."""

from pathlib import Path
from textwrap import dedent

import pytest

from tests.probes import planted

PROGRAMS = {
    "the words of a function that does nothing else": (
        '''
        def rests():
            """Do nothing."""
        ''',
        ["3"],
    ),
    "the body of a protocol": ("def look(): ...", []),
    "an import for types": ("if TYPE_CHECKING:\n    import nothing", []),
    "a condition that always holds": ("if 1 < 2:\n    pass", ["1 never otherwise"]),
    "a condition that never holds": ("if 1 > 2:\n    pass\nelse:\n    pass", ["2"]),
    "a loop that is left": ("for each in 'ab':\n    break", ["1 never to its end"]),
    "a loop that ends": ("for each in 'ab':\n    pass", []),
    "a loop that never begins": ("while 1 > 2:\n    pass", ["2"]),
    "a loop that only a break leaves": ("while True:\n    break", []),
    "an error that nobody makes": ("try:\n    pass\nexcept ValueError:\n    pass", ["4"]),
    "the last case, with a condition that always holds": (
        "match 1:\n    case 2:\n        pass\n    case 1 if 1 < 2:\n        pass",
        ["1 never otherwise", "3"],
    ),
    "the last case, that catches the rest": ("match 1:\n    case 2:\n        pass\n    case _:\n        pass", ["3"]),
    "a function on a line of its own": ("made = [\n    lambda:\n    1,\n]", ["3"]),
    "one that is called": ("made = [\n    lambda:\n    1,\n][0]()", []),
    "arms of an expression": ("made = (\n    1\n    if 1 < 2 else\n    2\n)", ["4"]),
    "what need not be asked": ("made = (\n    0\n    and 1\n)", ["3"]),
    "of nothing, each": ("made = [\n    each + 1\n    for each in []\n]", ["2"]),
    "of something, each": ("made = {\n    each: 1\n    for each in [1]\n}", []),
}


@pytest.mark.parametrize(("program", "unseen"), PROGRAMS.values(), ids=PROGRAMS)
def test_what_was_not_passed_is_known(tmp_path: Path, program: str, unseen: list[str]) -> None:
    """By its line, and the way that was not taken."""
    file = tmp_path / "program.py"
    file.write_text(dedent(program))
    code = planted(str(file))

    exec(code.code, {"TYPE_CHECKING": False})  # noqa: S102  written above

    missed = [
        f"{line} {way}".rstrip() for (line, way), passed in zip(code.points, code.passed, strict=True) if not passed
    ]
    assert sorted(missed) == unseen


PROGRAM = '''"""Words."""
value = (
    lambda: 1 if 0 else
    2
)()


def fails():
    """More."""
    raise KeyError(value)
'''


def test_a_file_with_probes_does_what_it_did(tmp_path: Path) -> None:
    """The words of a docstring are the first statement, an error is where it was, and no name is added."""
    file = tmp_path / "program.py"
    file.write_text(PROGRAM)
    there: dict[str, object] = {}
    exec(planted(str(file)).code, there)  # noqa: S102  written above

    with pytest.raises(KeyError) as error:
        there["fails"]()  # type: ignore[operator]  # a function

    assert {*there} - {"__builtins__"} == {"__doc__", "value", "fails"}
    assert (there["__doc__"], there["value"], error.traceback[-1].lineno + 1) == ("Words.", 2, 10)
