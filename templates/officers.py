"""Texts that officers write in campaign files: data, with a closed list of placeholders such as ``{{ town }}``.

A text is filled only when plain placeholders of the list are all the template syntax it holds. With anything else in
it (an attribute, a filter, a loop, a comment, a name that is not on the list, too much of it) it is shown as written,
to the character: a mistake in a file never breaks a post, and nothing but a name is ever evaluated. The sandbox
behind this gate is a second wall.
"""

import re
from collections.abc import Mapping

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

LONGEST = 20_000  # characters; five of the longest messages that platforms take
MOST_PLACEHOLDERS = 100  # a few milliseconds of work

_PLACEHOLDER = re.compile(r"(?<!\{)\{\{ ?([a-z_]+) ?\}\}")
_SYNTAX = ("{{", "{%", "{#")


class OfficersText:
    """Fills placeholders in one language; ``values`` is the closed list with what stands for each."""

    def __init__(self, values: Mapping[str, str]) -> None:
        """Nothing but ``values`` can ever appear in place of a placeholder."""
        self._values = dict(values)
        self._sandbox = ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=True)

    def strange(self, text: str) -> bool:
        """Whether the text holds template syntax that is not a known placeholder, and is shown as written."""
        if len(text) > LONGEST or text.count("{{") > MOST_PLACEHOLDERS:
            return True
        rest = _PLACEHOLDER.sub(lambda found: "\n" if found[1] in self._values else found[0], text)
        return any(mark in rest for mark in _SYNTAX)

    def fill(self, text: str) -> str:
        """The text with its placeholders filled, or as written."""
        if "{{" not in text or self.strange(text):
            return text
        return self._sandbox.from_string(text).render(self._values)
