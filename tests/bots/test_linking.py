"""One person, several accounts, one ballot."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.citizen import Person
from core.identifiers import Locale, PlatformName
from core.linking import code_in, new_code, secret_of
from core.messages import Linked, LinkOffered, LinkRefused, MyVotes, NotLinked, PrivateOnly, Unlinked
from tests.bots.town import ALIX, ARBRES, BLAISE, JOURS, Stage, poll, presses, public, types

ALIX_TOO = Person(platform=PlatformName("discord"), account="9711", locale=Locale.FR, name="alix")
ALIX_THREE = Person(platform=PlatformName("mastodon"), account="@alix@example.org", locale=Locale.FR)


async def code_of(stage: Stage, person: Person = ALIX) -> str:
    """The code that somebody asks for."""
    offered = await stage.says(types(person, "/link"))
    assert isinstance(offered, LinkOffered)
    return offered.code


async def linked(stage: Stage, first: Person = ALIX, *others: Person) -> None:
    """Link accounts with the first one."""
    for other in others or (ALIX_TOO,):
        code = await code_of(stage, first)
        assert isinstance(await stage.says(types(other, f"/link {code}")), Linked)


async def test_a_code_typed_on_another_network_links_the_accounts(voting: Stage) -> None:
    """However it is typed."""
    code = await code_of(voting)

    answer = await voting.says(types(ALIX_TOO, f"/lier {code.lower().replace('-', ' ')}"))

    assert answer == Linked(accounts=2)


async def test_linked_accounts_have_one_ballot_the_latest(voting: Stage) -> None:
    """Nothing is counted twice, whichever voted last before they were linked."""
    await voting.hears(presses(ALIX, 0))
    await voting.hears(presses(ALIX_TOO, 1))
    await voting.hears(presses(BLAISE, 2))

    await linked(voting)
    assert await voting.tally() == (0, 1, 1)
    await voting.hears(presses(ALIX, 2))
    assert await voting.tally() == (0, 0, 2)
    await voting.hears(presses(ALIX_TOO, 0))

    assert await voting.tally() == (1, 0, 1)


async def test_each_account_sees_the_ballot_of_both(voting: Stage) -> None:
    """It is the same person's."""
    await voting.hears(presses(ALIX, 0))
    await linked(voting)

    shown = [await voting.says(types(person, "/myvote")) for person in (ALIX, ALIX_TOO)]

    assert isinstance(shown[0], MyVotes)
    assert len(shown[0].ballots) == 1
    assert shown[0] == shown[1]


async def test_any_account_withdraws_the_ballot_of_both(voting: Stage) -> None:
    """Without naming the poll."""
    await voting.hears(presses(ALIX, 0))
    await linked(voting)

    await voting.hears(types(ALIX_TOO, "/withdraw"))

    assert await voting.tally() == (0, 0, 0)


async def test_a_third_account_joins(voting: Stage) -> None:
    """Whichever of the others gave the code; bonds that meet become one."""
    for person, option in ((ALIX, 0), (ALIX_TOO, 1), (ALIX_THREE, 2), (BLAISE, 2)):
        await voting.hears(presses(person, option))

    await linked(voting)
    await linked(voting, BLAISE, ALIX_THREE)
    await linked(voting, ALIX_THREE, ALIX_TOO)

    assert sum(await voting.tally()) == 1
    assert await voting.says(types(BLAISE, f"/link {await code_of(voting, ALIX)}")) == Linked(accounts=4)


async def test_linking_the_same_accounts_again_changes_nothing(voting: Stage) -> None:
    """People repeat things."""
    await voting.hears(presses(ALIX, 0))
    await linked(voting)
    await linked(voting)
    await linked(voting, ALIX_TOO, ALIX)

    assert await voting.tally() == (1, 0, 0)


async def test_closed_polls_do_not_change(stage: Stage) -> None:
    """Their count is published."""
    await stage.opens(poll(), poll(JOURS))
    for person in (ALIX, ALIX_TOO):
        await stage.hears(presses(person, 1, JOURS))
    await stage.closes(JOURS)

    await linked(stage)

    assert await stage.tally(JOURS) == (0, 2, 0)


async def test_a_press_from_before_the_link_that_comes_after_it_is_not_counted_twice(voting: Stage) -> None:
    """It was prepared under the account's own pseudonym."""
    own = voting.vault.voter(ARBRES, ALIX.ref)
    await voting.hears(presses(ALIX_TOO, 1))
    await linked(voting)

    ballot = await voting.look(lambda books: books.polls.ballot(ARBRES, own))

    assert ballot is not None
    assert ballot.options == ()


# ── codes ──


@pytest.mark.parametrize("typed", ["K7QM-3XP", "bonjour", "K7QM-3XPA", "K7QM 3XPO", "", "🌳🌳🌳🌳🌳🌳🌳🌳"])
async def test_a_code_that_was_never_given_links_nothing(voting: Stage, typed: str) -> None:
    """And says what to do; no code at all asks for one."""
    await code_of(voting)

    answer = await voting.says(types(ALIX_TOO, f"/link {typed}"))

    assert answer == LinkRefused(reason="unknown_code") if typed else isinstance(answer, LinkOffered)


async def test_a_code_links_once(voting: Stage) -> None:
    """Whoever reads it later over a shoulder links nothing."""
    code = await code_of(voting)
    await voting.hears(types(ALIX_TOO, f"/link {code}"))

    assert await voting.says(types(BLAISE, f"/link {code}")) == LinkRefused(reason="unknown_code")


async def test_a_code_lives_for_ten_minutes(voting: Stage) -> None:
    """To the instant."""
    code = await code_of(voting)
    voting.clock.advance(timedelta(minutes=10))

    assert await voting.says(types(ALIX_TOO, f"/link {code}")) == LinkRefused(reason="unknown_code")


async def test_five_wrong_codes_are_the_most(voting: Stage) -> None:
    """For ten minutes, and for this person only; the right code is not taken meanwhile."""
    code = await code_of(voting)
    for _ in range(5):
        await voting.hears(types(BLAISE, f"/link {new_code()}"))

    assert await voting.says(types(BLAISE, f"/link {code}")) == LinkRefused(reason="too_many_tries")
    assert await voting.says(types(ALIX_TOO, f"/link {code}")) == Linked(accounts=2)
    voting.clock.advance(timedelta(minutes=10))
    assert await voting.says(types(BLAISE, f"/link {new_code()}")) == LinkRefused(reason="unknown_code")


async def test_ones_own_code_links_nothing(voting: Stage) -> None:
    """It belongs on the other network."""
    code = await code_of(voting)

    assert await voting.says(types(ALIX, f"/link {code}")) == LinkRefused(reason="own_code")


async def test_a_code_typed_in_public_is_ended(voting: Stage) -> None:
    """Others have read it."""
    code = await code_of(voting)

    assert await voting.says(types(ALIX_TOO, f"/link {code}", where=public())) == PrivateOnly(command="/link")
    assert await voting.says(types(ALIX_TOO, f"/link {code}")) == LinkRefused(reason="unknown_code")


async def test_a_code_is_never_given_in_public(voting: Stage) -> None:
    """The way to a private chat is."""
    assert await voting.says(types(ALIX, "/link", where=public())) == PrivateOnly(command="/link")


async def test_a_code_of_a_town_whose_key_changed_links_nothing(voting: Stage) -> None:
    """Nobody can tell any more who asked for it."""
    code = await code_of(voting)
    sealed = await voting.look(lambda books: books.bonds.take(voting.vault.blind(secret_of(code))))
    assert sealed is not None
    broken = replace(sealed, sealed=b"nothing")
    await voting.look(lambda books: books.bonds.offer(voting.vault.blind(secret_of(code)), broken))

    assert await voting.says(types(ALIX_TOO, f"/link {code}")) == LinkRefused(reason="unknown_code")


def test_codes_are_easy_to_read() -> None:
    """No sign is taken for another, and each code is new."""
    codes = {new_code() for _ in range(200)}

    assert len(codes) == 200
    assert all(code_in(code) == code and not set(code) & set("O0I1LU") for code in codes)


# ── leaving ──


async def test_who_leaves_votes_again_and_the_ballot_stays_with_the_others(voting: Stage) -> None:
    """Never more ballots than accounts."""
    await voting.hears(presses(ALIX, 0))
    await linked(voting)

    assert await voting.says(types(ALIX, "/unlink")) == Unlinked(last=False)
    assert await voting.tally() == (1, 0, 0)
    await voting.hears(presses(ALIX, 1))

    assert await voting.tally() == (1, 1, 0)


async def test_who_leaves_last_takes_the_ballot_along(voting: Stage) -> None:
    """An orphan would be a third ballot of two accounts."""
    await voting.hears(presses(ALIX, 0))
    await linked(voting)
    await voting.hears(types(ALIX, "/unlink"))

    assert await voting.says(types(ALIX_TOO, "/unlink")) == Unlinked(last=True)
    await voting.hears(presses(ALIX_TOO, 2))
    await voting.hears(presses(ALIX, 1))

    assert await voting.tally() == (0, 1, 1)


async def test_who_is_not_linked_is_told_so(voting: Stage) -> None:
    """Nothing changes."""
    assert await voting.says(types(ALIX, "/unlink")) == NotLinked()


async def test_who_is_forgotten_leaves_and_takes_the_ballot_back(voting: Stage) -> None:
    """Of all accounts: it was one person's. The others stay linked, and both may vote again."""
    await voting.hears(presses(ALIX, 0))
    await linked(voting)

    await voting.hears(types(ALIX, "/forgetme"))

    assert await voting.tally() == (0, 0, 0)
    assert await voting.says(types(ALIX, "/unlink")) == NotLinked()
    await voting.hears(presses(ALIX, 1))
    await voting.hears(presses(ALIX_TOO, 2))
    assert await voting.tally() == (0, 1, 1)
