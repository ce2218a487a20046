"""Officers' texts: a closed list of placeholders, and never anything else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.officers import LONGEST, MOST_PLACEHOLDERS, OfficersText

TOWN = "Saint-Aubin {{ 7*7 }} <b>"
officers = OfficersText({"town": TOWN})

ATTACKS = [
    "{{ 7*7 }}",
    "{{ town.__class__.__mro__ }}",
    "{{ town|attr('__class__') }}",
    "{{ ''.__class__ }}",
    "{{ self }}",
    "{{ config }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__ }}",
    "{{ town * 10**9 }}",
    "{{ range(10**9)|list }}",
    "{% for x in range(10**9) %}x{% endfor %}",
    "{% set town = 1 %}{{ town }}",
    "{% include '/etc/passwd' %}",
    "{% raw %}{{ town }}{% endraw %}",
    "{# {{ town }} #}",
    "{{{ town }}}",
    "{{ town }}{{",
    "{{- town -}}",
    "{{ Town }}",
    "{{ town.name }}",
    "{{ town }} {{ mayor }}",
    "{{" + "(" * 10_000,
    "{{" * 5_000,
    "{{ town }}" * (MOST_PLACEHOLDERS + 1),
    "{{ town }}" + " " * LONGEST,
]


@pytest.mark.parametrize("text", ATTACKS, ids=lambda text: text[:30])
def test_template_syntax_beyond_the_list_is_shown_as_written(text: str) -> None:
    """Text is data: what would compute, loop or look into objects is only characters."""
    assert officers.strange(text)
    assert officers.fill(text) == text


@pytest.mark.parametrize("text", ["{{ town }}", "{{town}}", "{{ town}}"])
def test_a_placeholder_of_the_list_is_filled(text: str) -> None:
    """The name of the town, and what it holds is not looked at again."""
    assert not officers.strange(text)
    assert officers.fill(f"À {text} :\n{text}\n") == f"À {TOWN} :\n{TOWN}\n"


def test_a_single_brace_or_a_sign_is_no_syntax() -> None:
    """People write « {sic} » and 100 %}."""
    text = "{sic} } }} %} #} 100 % # { {{ town }}}"

    assert officers.fill(text) == text.replace("{{ town }}", TOWN)


@given(text=st.text())
def test_a_text_without_placeholders_is_never_changed(text: str) -> None:
    """To the character, line endings included."""
    assert officers.fill(text.replace("{{", "")) == text.replace("{{", "")


@given(text=st.lists(st.sampled_from(["{{", "}}", "town", " ", "{", "}", "%", "#", "-", "|", "."])).map("".join))
def test_no_text_whatever_breaks_a_post(text: str) -> None:
    """A mistake in a campaign file must not stop a message at the moment it is due."""
    known = text if officers.strange(text) else re.sub(r"\{\{ ?town ?\}\}", TOWN, text)

    filled = officers.fill(text)

    assert filled == known
