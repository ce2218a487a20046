"""Submissions of campaigns, in every store alike."""

from dataclasses import replace
from datetime import timedelta

from core.campaign import Campaign
from core.identifiers import MemberKey, ReviewId
from core.ports.store import Store
from core.review import Review, ReviewState, ended
from tests.core.examples import NOON, campaign, words

ANNE, BASILE = MemberKey("amartin"), MemberKey("bpetit")


async def submitted(store: Store, plan: Campaign | None = None, blocking: int = 0) -> Review:
    """Anne submits a campaign."""
    whole = plan or campaign()
    return await store.write(lambda books: books.reviews.submit(whole, by=ANNE, at=NOON, blocking=blocking))


async def test_what_was_submitted_is_kept_whole(store: Store) -> None:
    """It is what will go out, whatever becomes of the file."""
    review = await submitted(store, blocking=2)

    found = await store.read(lambda books: (books.reviews.get(review.id), books.reviews.of(campaign().id)))

    assert found == (review, (review,))
    assert (review.campaign, review.by, review.at, review.blocking) == (campaign(), ANNE, NOON, 2)
    assert await store.read(lambda books: books.reviews.get(ReviewId(review.id + 1))) is None


async def test_another_content_is_another_submission_and_ends_the_one_before(store: Store) -> None:
    """A change voids what was approved and not yet scheduled; its number is never given again."""
    first = await submitted(store)
    agreed = replace(first, state=ReviewState.APPROVED, decided_by=BASILE, decided_at=NOON, ripe_at=NOON)
    await store.write(lambda books: books.reviews.save(agreed, expected=ReviewState.REVIEW))

    second = await submitted(store, replace(campaign(), title=words("Another title")))

    newest, before = await store.read(lambda books: books.reviews.of(campaign().id))
    assert (newest, before.state, before.id < second.id) == (second, ReviewState.WITHDRAWN, True)
    assert second.content != first.content


async def test_the_same_content_has_the_same_digest(store: Store) -> None:
    """It says what is approved, not when it was submitted."""
    assert (await submitted(store)).content == (await submitted(store)).content


async def test_what_was_scheduled_stays_when_something_else_is_submitted(store: Store) -> None:
    """The campaign runs as it was approved until the other is."""
    first = await submitted(store)
    scheduled = replace(first, state=ReviewState.SCHEDULED, decided_by=BASILE, decided_at=NOON, ripe_at=NOON)
    await store.write(lambda books: books.reviews.save(scheduled, expected=ReviewState.REVIEW))

    await submitted(store, replace(campaign(), title=words("Another title")))

    assert await store.read(lambda books: books.reviews.get(first.id)) == scheduled


async def test_a_decision_is_stored_once(store: Store) -> None:
    """The second of two who decide at once finds it decided."""
    review = await submitted(store)
    rejected = ended(review, ReviewState.REJECTED, BASILE, NOON + timedelta(hours=1), why="Saturday")
    withdrawn = ended(review, ReviewState.WITHDRAWN, ANNE, NOON + timedelta(hours=1))

    done = [
        await store.write(lambda books, each=each: books.reviews.save(each, expected=ReviewState.REVIEW))  # type: ignore[misc]  # mypy infers no lambda with a default
        for each in (rejected, withdrawn)
    ]

    assert done == [True, False]
    assert await store.read(lambda books: books.reviews.all(state=ReviewState.REJECTED)) == (rejected,)
    assert await store.read(lambda books: books.reviews.all(state=ReviewState.REVIEW)) == ()
    unknown = replace(rejected, id=ReviewId(review.id + 7))
    assert not await store.write(lambda books: books.reviews.save(unknown, expected=ReviewState.REVIEW))
