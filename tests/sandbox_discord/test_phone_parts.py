"""What the phone with Discord makes of markdown, components and forms."""

import pytest

from sandbox.discord.controls import blocks, entered, form
from sandbox.discord.marked import Marked
from sandbox.discord.values import Json

ROW: Json = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Pont", "custom_id": "v:0"}]}


def test_a_form_may_hold_menus_ticks_and_words() -> None:
    """What is filled in is what the world takes; a field left empty is not said."""
    options = [{"label": "Bas", "value": "1"}, {"label": "Haut", "value": "2"}]
    below: list[Json] = [
        {"type": 10, "content": "Dites-nous"},
        {"type": 18, "label": "Où ?", "component": {"type": 3, "custom_id": "where", "options": options}},
        {"type": 18, "label": "Quoi ?", "component": {"type": 22, "custom_id": "what", "options": options}},
        {"type": 18, "label": "Qui ?", "component": {"type": 21, "custom_id": "who", "options": options}},
        {"type": 18, "label": "Sûr ?", "component": {"type": 23, "custom_id": "sure"}},
        {"type": 18, "label": "Et ?", "component": {"type": 4, "custom_id": "why", "style": 1}},
    ]
    shown = form({"title": "Plainte", "components": below})

    values = entered(shown, {"f-where": ["1"], "f-what": ["1", "2"], "f-who": ["2"]})

    assert [field.kind for field in shown.fields] == ["words", "menu", "ticks", "radio", "tick", "line"]
    assert values == {"where": ["1"], "what": ["1", "2"], "who": "2", "sure": False}


def test_the_newer_layout_is_shown_part_by_part() -> None:
    """Words, rows, and the button at the side of a section."""
    button: Json = {"type": 2, "style": 5, "label": "Site", "url": "javascript:alert(1)", "emoji": {"name": "★"}}
    section: Json = {"type": 9, "components": [{"type": 10, "content": "**Avis**"}], "accessory": button}
    parts: list[Json] = [{"type": 17, "components": [section, ROW]}]

    shown = list(blocks(parts, Marked(lambda _sign, number: str(number))))

    assert [str(block.html) for block in shown if block.html is not None] == ["<strong>Avis</strong>"]
    controls = [(control.label, control.style, control.url) for block in shown for control in block.controls]
    assert sorted(controls) == [("Pont", "primary", ""), ("★ Site", "link", "")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a<b", "a&lt;b"),
        ("**un** __deux__ ~~trois~~", "<strong>un</strong> <u>deux</u> <s>trois</s>"),
        ("*un **deux***", "<em>un <strong>deux</strong></em>"),
        (r"\*un\*", "*un*"),
        ("`**x**`", "<code>**x**</code>"),
        ("```py\n<x>\n```fin", "<pre>&lt;x&gt;</pre>fin"),
        ("> a\n> b\nc", "<blockquote>a\nb</blockquote>c"),
        ("# Titre\n-# petit", "<h4>Titre</h4><small>petit</small>"),
        ("- un\n- deux", "<li>un</li><li>deux</li>"),
        ("||x||", '<span class="spoiler" tabindex="0">x</span>'),
        ("<@101> <#2> <@&3>", '<span class="tag">@101</span> <span class="tag">#2</span> <span class="tag">@3</span>'),
        ("<t:0:R>", "<time>1970-01-01 00:00 UTC</time>"),
        ("[ici](https://a.fr)", '<a href="https://a.fr" rel="noopener noreferrer nofollow" target="_blank">ici</a>'),
        (
            "<https://a.fr>",
            '<a href="https://a.fr" rel="noopener noreferrer nofollow" target="_blank">https://a.fr</a>',
        ),
        ("a\n\nb", "a\n\nb"),
    ],
)
def test_markdown_becomes_elements(text: str, expected: str) -> None:
    """What is no sign is only text."""
    assert Marked(lambda _sign, number: str(number)).html(text) == expected
