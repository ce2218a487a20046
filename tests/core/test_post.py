"""What goes out, between the words and the wire."""

from dataclasses import replace

from core.post import Post, for_one_person
from core.richtext import RichText


def test_nothing_is_pinned_in_a_private_chat() -> None:
    """That place is the citizen's own; the rest of the post is as everywhere."""
    post = Post(text=RichText.of("Le pont ouvre."), silent=True, pinned=True)

    assert for_one_person(post) == replace(post, pinned=False, private=True)
