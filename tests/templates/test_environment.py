"""What was compiled serves every town of a process, and never stands for another text."""

from pathlib import Path

from core.identifiers import Locale
from templates.environment import environment
from templates.officers import OfficersText


def test_a_template_of_the_same_name_keeps_its_own_words(tmp_path: Path) -> None:
    """In another language, or in another folder."""
    said = []
    rows = (("a", Locale.FR, "un"), ("a", Locale.EN, "one"), ("b", Locale.FR, "autre"), ("a", Locale.FR, "un"))
    for folder, locale, words in rows:
        (tmp_path / folder / locale.value).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / locale.value / "count.j2").write_text(words, encoding="utf-8")
        made = environment(locale, OfficersText({}), tmp_path / folder)
        said.append(made.get_template("count.j2").render())

    assert said == ["un", "one", "autre", "un"]
