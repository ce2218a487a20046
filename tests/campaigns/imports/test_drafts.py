"""Posts and what people wrote by hand come together in a campaign file, time after time."""

import tomllib
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from campaigns import files
from campaigns.imports.drafts import Draft, Fate, Outcome, Standing, merge
from campaigns.imports.posts import Heap, Post
from campaigns.imports.sheets import COLUMNS
from tests.campaigns.imports.sheets import local, wrong
from tests.fakes import NOON

FILE = Path("posts.toml")
SPRING = local(2027, 3, 1, 18)
BEFORE = local(2027, 1, 1)
BOTH = {"title.fr": "L’eau", "body.fr": "Elle\n\nrevient.", "title.en": "Water", "body.en": "It is back."}
ZONE = "Europe/Paris"


def post(origin: str = "eau", *, at: datetime = SPRING, **says: object) -> Post:
    """A post in both languages."""
    texts = {key.replace("_", "."): value for key, value in says.items()}
    return Post(origin=origin, line=2, says={**BOTH, **texts}, when={"at": at})


def french(origin: str = "eau", *, body: str = "Elle revient.") -> Post:
    """A post that its source gives in French only."""
    return Post(origin=origin, line=2, says={"title.fr": "L’eau", "body.fr": body}, when={"at": SPRING})


@dataclass
class Folder:
    """A folder into which posts are imported again and again."""

    text: str | None = None
    now: datetime = BEFORE
    standing: Standing = field(default_factory=Standing)

    def takes(self, *posts: Post, channels: tuple[str, ...] = ("place",)) -> tuple[Outcome, ...]:
        """Import these posts."""
        draft = self.offered(*posts, channels=channels)
        self.text = self.text if draft.text is None else draft.text
        return draft.outcomes

    def offered(self, *posts: Post, channels: tuple[str, ...] = ("place",)) -> Draft:
        """What importing them would do."""
        heap = Heap(campaign="posts", channels=channels, posts=posts)
        return merge(FILE, self.text, heap, zone=ZONE, standing=self.standing, now=self.now)

    def fates(self, *posts: Post) -> dict[str, str]:
        """What becomes of each."""
        return {each.origin: each.fate.value for each in self.takes(*posts)}

    def types(self, old: str, new: str) -> None:
        """Change the file by hand."""
        assert self.text is not None
        assert old in self.text
        self.text = self.text.replace(old, new, 1)

    @property
    def tables(self) -> dict[str, Any]:
        """What the file says."""
        return tomllib.loads(self.text or "")

    @property
    def steps(self) -> list[str]:
        """The steps in their order."""
        return [step["name"] for step in self.tables["steps"]]


def imported(*posts: Post) -> Folder:
    """A folder with these posts."""
    folder = Folder()
    folder.takes(*posts)
    return folder


def test_an_import_is_a_campaign_file_that_can_be_started(tmp_path: Path) -> None:
    """With nothing in it that an officer could not have written."""
    folder = imported(post("b", at=local(2027, 4, 1, 9)), post("a"))
    (tmp_path / "posts.toml").write_text(folder.text or "", encoding="utf-8")

    campaign = files.read_to_start(tmp_path / "posts.toml", channels=["place"], start=NOON)

    assert (campaign.id, [step.name for step in campaign.steps]) == ("posts", ["a", "b"])
    assert campaign.announcement("posts_a").body.fr == "Elle\n\nrevient."


def test_the_same_posts_again_change_nothing() -> None:
    """Not one character."""
    folder = imported(post("a"), french("b"))

    again = folder.offered(post("a"), french("b"))

    assert again.text is None
    assert [each.fate for each in again.outcomes] == [Fate.SAME, Fate.SAME]


def test_what_changed_at_the_source_changes_in_the_file() -> None:
    """And moves to its place among the others."""
    folder = imported(post("a"), post("b", at=local(2027, 4, 1, 9)))

    fates = folder.fates(post("a", at=local(2027, 5, 1, 9), title_fr="Le gaz"), post("b", at=local(2027, 4, 1, 9)))

    assert fates == {"a": "changed", "b": "unchanged"}
    assert folder.steps == ["b", "a"]
    assert folder.tables["announcements"]["a"]["title"] == {"fr": "Le gaz", "en": "Water"}


def test_what_was_written_by_hand_stays() -> None:
    """A translation, a picture, a comment, a step of one's own."""
    folder = imported(french())
    folder.types('title.en = ""', 'title.en = "Water"  # looked at')
    folder.types("[[steps]]", "[polls.spot]\nquestion.fr = 'Où ?'\n\n[[steps]]")

    (outcome,) = folder.takes(french(body="Elle revient demain."))

    assert (outcome.fate, outcome.behind) == (Fate.CHANGED, True)
    assert folder.tables["announcements"]["eau"]["title"]["en"] == "Water"
    assert "# looked at" in (folder.text or "")
    assert "polls" in folder.tables


def test_a_file_that_people_arranged_in_their_own_way_is_merged_all_the_same() -> None:
    """Tables in another order, a step with an offset that will be refused later, a rule below its step."""
    folder = imported(post("a"), post("b", at=local(2027, 4, 1, 9)))
    whole = folder.text or ""
    head, first, second = whole.split("[[steps]]")
    odd = "[[steps]]\ndo = 'announce'\nname = 'mine'\nannouncement = 'mine'\nat = 2027-03-15T18:00:00Z\n"
    rule = "[[steps]]\ndo = 'announce'\nname = 'rule'\nannouncement = 'mine'\n[steps.repeat]\nevery = 'week'\n"
    folder.text = f"[[steps]]{first}{odd}{rule}[[steps]]{second}{head}[announcements.mine]\ntitle.fr = 'x'\n"

    fates = folder.fates(post("a", at=local(2027, 5, 1, 9), title_fr="Le gaz"), post("c", at=local(2027, 3, 2, 9)))

    assert fates == {"a": "changed", "c": "new", "b": "gone"}
    assert folder.steps.index("c") < folder.steps.index("a")
    assert folder.steps.index("mine") < folder.steps.index("rule")
    assert folder.tables["steps"][folder.steps.index("rule")]["repeat"] == {"every": "week"}
    assert sorted(folder.tables["announcements"]) == ["a", "c", "mine"]


def test_a_language_that_the_source_gives_later_is_taken() -> None:
    """Where nobody has written it by hand."""
    folder = imported(french())

    fates = folder.fates(post(body_fr="Elle revient."))

    assert fates == {"eau": "changed"}
    assert folder.tables["announcements"]["eau"]["body"]["en"] == "It is back."


def test_what_the_source_does_not_say_any_more_is_gone() -> None:
    """A text is to be written again, a switch is off."""
    folder = imported(post(pinned=True, silent=True))

    folder.takes(Post(origin="eau", line=2, says={"title.fr": "L’eau", "pinned": True}, when={"at": SPRING}))

    said = folder.tables["announcements"]["eau"]
    assert (said["title"]["en"], said["body"], said["pinned"], "silent" in said) == (
        "",
        {"fr": "", "en": ""},
        True,
        False,
    )


def test_two_changes_of_one_text_are_for_a_human() -> None:
    """Nobody guesses which one is right; nothing is changed."""
    folder = imported(post("a"), post("b"))
    folder.types('title.fr = "L’eau"', 'title.fr = "L’eau potable"')

    found = wrong(lambda: folder.offered(post("a", title_fr="L’eau chaude"), post("b")))

    assert len(found) == 1
    assert found[0].startswith("posts.toml: announcements.a.title.fr: was changed here and at the source: ")


def test_a_change_by_hand_that_the_source_follows_is_no_clash() -> None:
    """Somebody corrected both."""
    folder = imported(post())
    folder.types('title.fr = "L’eau"', 'title.fr = "L’eau potable"')

    assert folder.fates(post(title_fr="L’eau potable")) == {"eau": "changed"}


def test_a_time_moved_by_hand_stays_until_the_source_moves_it_too() -> None:
    """Then it is for a human."""
    folder = imported(post())
    folder.types("2027-03-01T18:00:00", "2027-03-02T18:00:00")

    assert folder.fates(post()) == {"eau": "unchanged"}
    assert "steps.eau.at: was changed here" in wrong(lambda: folder.offered(post(at=local(2027, 3, 3, 18))))[0]


def test_what_is_gone_from_the_source_goes_unless_it_is_out() -> None:
    """What people have read stays in the file."""
    folder = imported(post("a"), post("b"), post("c"))
    folder.standing = Standing(started=True, out=frozenset({"b"}))

    outcomes = folder.takes(post("c"))

    assert {each.origin: (each.fate, each.out) for each in outcomes} == {
        "c": (Fate.SAME, False),
        "a": (Fate.GONE, False),
        "b": (Fate.GONE, True),
    }
    assert (folder.steps, sorted(folder.tables["announcements"])) == (["b", "c"], ["b", "c"])


def test_a_step_removed_by_hand_is_not_put_back() -> None:
    """Its announcement is the officer’s to use."""
    folder = imported(post("a"), post("b"))
    folder.types((folder.text or "").rpartition("[[steps]]")[1] + (folder.text or "").rpartition("[[steps]]")[2], "")

    assert folder.fates(post("a"), post("b")) == {"a": "unchanged", "b": "unchanged"}
    assert folder.takes(post("a"))[1].fate is Fate.GONE


def test_a_post_whose_time_has_passed_is_left_out() -> None:
    """Else a campaign could never be started with the sheet of a whole year."""
    folder = imported(post("a"), post("b"))
    folder.now = local(2027, 6, 1)

    assert folder.fates(post("a"), post("b"), post("c")) == dict.fromkeys("abc", "passed")
    assert folder.tables["steps"] == []


def test_a_running_campaign_keeps_what_has_passed_and_takes_no_more() -> None:
    """It was sent, or missed: a time that has passed is no new time for what was not."""
    folder = imported(post("a"), post("b"))
    folder.now, folder.standing = local(2027, 6, 1), Standing(started=True, out=frozenset({"a"}))

    assert folder.fates(post("a"), post("b"), post("c")) == {"a": "unchanged", "b": "unchanged", "c": "passed"}
    assert [each.out for each in folder.takes(post("a", title_fr="Le gaz"), post("b"))] == [True, False]
    assert "this time has passed" in wrong(lambda: folder.offered(post("a"), post("b", at=local(2027, 5, 1))))[0]


def test_rules_and_posts_without_a_time_stand_at_the_end() -> None:
    """They have no place among the dates."""
    repeat = {"every": "week", "on": ["monday"], "time": SPRING.time(), "from": SPRING.date(), "count": 3}
    folder = imported(
        Post(origin="r", line=2, says=BOTH, when={"repeat": repeat, "grace": "2 h"}),
        Post(origin="now", line=2, says=BOTH, when={"after": "0 min"}),
        post("a"),
    )
    folder.takes(Post(origin="r", line=2, says=BOTH, when={"repeat": repeat}), post("a"))

    assert sorted(folder.steps) == ["a", "r"]
    assert [step.get("repeat") for step in folder.tables["steps"] if step["name"] == "r"] == [repeat]
    assert all("grace" not in step for step in folder.tables["steps"])


def test_channels_follow_the_source_where_it_names_them() -> None:
    """Else they are the officer’s."""
    folder = imported(post())
    folder.types('channels = ["place"]', 'channels = ["place", "alertes"]')

    folder.takes(post(), channels=())
    by_hand = folder.tables["campaign"]["channels"]
    folder.takes(post(), channels=("alertes",))

    assert (by_hand, folder.tables["campaign"]["channels"]) == (["place", "alertes"], ["alertes"])


def test_another_file_of_that_name_is_left_alone() -> None:
    """A campaign written by hand, one of other clocks, one under another id, something that is no TOML."""
    folders = [imported(post()) for _ in range(4)]
    folders[0].text = '[announcements.news]\ntitle.fr = "x"\n'
    folders[1].types('zone = "Europe/Paris"', 'zone = "Indian/Reunion"')
    folders[2].types('id = "posts"', 'id = "other"')
    folders[3].text = "id = "

    found = [wrong(partial(folder.offered, post()))[0] for folder in folders]

    words = ("not made by an import", "campaign.zone", "campaign.id", "not valid TOML")
    assert [word in said for word, said in zip(words, found, strict=True)] == [True] * 4


def test_an_announcement_of_that_name_written_by_hand_is_left_alone() -> None:
    """The name is taken."""
    folder = imported(post("a"))
    folder.types("[announcements.a]", '[announcements.eau]\ntitle.fr = "x"\n\n[announcements.a]')

    assert "announcements.eau: was written by hand" in wrong(lambda: folder.offered(post("a"), post("eau")))[0]


def test_every_key_that_a_sheet_can_fill_is_compared() -> None:
    """A column that is forgotten here would never follow the source."""
    columns = {*COLUMNS} - {"id", "when", "date", "time", "campaign", "channels", "image", "alt.fr", "alt.en"}
    folder = imported(post())
    full = Post(
        origin="eau", line=2, says={**BOTH, "silent": True, "pinned": True}, when={"at": SPRING, "grace": "1 h"}
    )

    folder.takes(replace(full, says={**full.says, "images": [{"file": "a.png", "alt": {"fr": "x", "en": "y"}}]}))

    assert columns <= {*folder.tables["announcements"]["eau"]["origin"]["sums"]}
    assert folder.tables["announcements"]["eau"]["images"][0]["alt"] == {"fr": "x", "en": "y"}
    assert folder.tables["steps"][0]["grace"] == "1 h"


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\"'\\#={}["), min_size=1, max_size=20
)
ORIGINS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@given(st.dictionaries(ORIGINS, st.tuples(TEXTS, TEXTS, st.integers(0, 300)), min_size=1, max_size=4), st.randoms())
def test_any_posts_are_written_so_that_they_are_read_again(posts: dict[str, tuple[str, str, int]], dice: Any) -> None:
    """To the letter, in the order of their times, and once, in whatever order they come."""
    given_posts = [
        post(origin, at=SPRING.replace(year=2027 + day), title_fr=title, body_en=body)
        for origin, (title, body, day) in posts.items()
    ]
    folder = imported(*given_posts)
    dice.shuffle(given_posts)

    again = folder.offered(*given_posts)

    said = folder.tables["announcements"]
    assert again.text is None
    assert {each["origin"]["id"]: (each["title"]["fr"], each["body"]["en"]) for each in said.values()} == {
        origin: (title, body) for origin, (title, body, _) in posts.items()
    }
    times = [step["at"] for step in folder.tables["steps"]]
    assert times == sorted(times)
