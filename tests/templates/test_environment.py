"""What was compiled serves every town of a process, and never stands for another text."""

from pathlib import Path

from core.identifiers import Locale
from templates.environment import environment
from templates.officers import OfficersText


def test_a_template_of_the_same_name_keeps_its_own_words(tmp_path: Path) -> None:
    """In another language, or in another folder."""
    said = []
    for locale, words in ((Locale.FR, "un"), (Locale.EN, "one"), (Locale.FR, "autre"), (Locale.FR, "un")):
        (tmp_path / locale.value).mkdir(exist_ok=True)
        (tmp_path / locale.value / "count.j2").write_text(words, encoding="utf-8")
        said.append(environment(locale, OfficersText({}), tmp_path).get_template("count.j2").render())

    assert said == ["un", "one", "autre", "un"]
