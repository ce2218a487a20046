"""The charter of the debates, applied."""

import json
from dataclasses import replace

import pytest

from bots.statements import NOTICE_EXPIRES_AFTER
from bots.watch import carry_out, to_remove
from core.answers import Answer, Remove
from core.audience import Recipient, RecipientKind
from core.case_messages import RemovalNotice, RemovalNoticeInGroup
from core.citizen import Person
from core.delivery import Delivery, Urgency
from core.errors import OutcomeUnknown, Rejected, Unavailable
from core.identifiers import AccountName, CaseNumber, Locale, MemberKey, MessageId
from core.moderation import Case, CaseState
from core.staff import Member, Role, Staff
from tests.bots.listening import listening, quiet
from tests.bots.test_replies import publish
from tests.bots.town import ALIX, DEBATES, Stage, both, types, writes
from tests.fakes import ACCOUNT, NOON, TELEGRAM

REMOVE = Remove(case=CaseNumber(1), chat=DEBATES, message=MessageId("70"))


async def cases(stage: Stage) -> list[tuple[str, CaseState]]:
    """The article and the state of each case."""
    return [(case.article, case.state) for case in await stage.look(lambda books: books.cases.all())]


async def only_case(stage: Stage) -> Case:
    """The one case there is."""
    (case,) = await stage.look(lambda books: books.cases.all())
    return case


async def notices(stage: Stage) -> tuple[Delivery, ...]:
    """What is planned."""
    return await stage.look(lambda books: books.deliveries.all())


async def breaks_a_rule(stage: Stage) -> tuple[Answer, ...]:
    """Alix uses a forbidden word."""
    return await stage.hears(writes(ALIX, "Quelle ANDOUILLE !"))


async def test_a_message_that_breaks_a_rule_is_to_be_removed(stage: Stage) -> None:
    """The case exists before anything is done."""
    answers = await breaks_a_rule(stage)

    assert (answers, await cases(stage)) == ((REMOVE,), [("2", CaseState.TO_REMOVE)])


async def removed(stage: Stage) -> None:
    """The message of the first case is taken out."""
    await carry_out(stage.desk, stage.platform, REMOVE)


async def test_nobody_is_told_of_a_removal_before_it_is_made(stage: Stage) -> None:
    """It may be refused, or have to wait."""
    await breaks_a_rule(stage)

    assert (await notices(stage), stage.woken) == ((), 0)


async def test_the_notice_leaves_as_soon_as_the_message_is_gone(stage: Stage) -> None:
    """The sending lane is woken."""
    await breaks_a_rule(stage)

    await removed(stage)

    assert (len(await notices(stage)), stage.woken) == (1, 1)


async def test_a_removal_carried_out_twice_is_told_once(stage: Stage) -> None:
    """The sweep may find what is being removed already."""
    await breaks_a_rule(stage)

    await removed(stage)
    await removed(stage)

    assert (len(await notices(stage)), stage.woken) == (1, 1)


async def test_a_case_that_does_not_say_what_to_tell_is_settled_in_silence(stage: Stage) -> None:
    """It was opened by a version that told people beforehand."""
    sealed = stage.vault.seal(json.dumps({"author": "telegram:711", "name": "Alix", "text": "andouille"}))
    await stage.look(
        lambda books: books.cases.open(
            article="2",
            charter="2027-1",
            account=ACCOUNT,
            chat=DEBATES,
            message=MessageId("70"),
            author=b"a",
            sealed=sealed,
            state=CaseState.TO_REMOVE,
            at=NOON,
        )
    )

    await removed(stage)

    assert (await notices(stage), await cases(stage)) == ((), [("2", CaseState.REMOVED)])


async def test_the_evidence_is_sealed(stage: Stage) -> None:
    """It names the author, for an appeal and nothing else."""
    await breaks_a_rule(stage)

    case = await only_case(stage)
    assert case.author == stage.vault.blind(ALIX.ref)
    assert json.loads(stage.vault.unseal(case.sealed)) == {
        "author": "telegram:711",
        "name": "Alix Martin",
        "text": "Quelle ANDOUILLE !",
        "found": "andouille",
        "reading": "plain",
        "sign": "words",
        "rule": {"fr": "Article 2.", "en": "Article 2."},
        "locale": "fr",
        "has_private_chat": True,
        "number": "",
    }


async def test_the_author_is_told_in_their_language(stage: Stage) -> None:
    """Which article, which word, and where; only the case names them."""
    await stage.hears(types(ALIX, "/language en"))
    await breaks_a_rule(stage)
    await removed(stage)

    (notice,) = await notices(stage)
    assert notice.recipient == Recipient(RecipientKind.PERSON, f"{Locale.EN}:{(await only_case(stage)).number}")


async def test_the_notice_explains_the_removal(stage: Stage) -> None:
    """A removal without a reason would be censorship."""
    await breaks_a_rule(stage)
    await removed(stage)

    (notice,) = await notices(stage)
    assert (notice.urgency, notice.due_at, notice.expires_at) == (Urgency.NOTICE, NOON, NOON + NOTICE_EXPIRES_AFTER)
    assert notice.message == RemovalNotice(
        case=CaseNumber(1),
        article="2",
        charter="2027-1",
        rule=both("Article 2."),
        account=ACCOUNT,
        chat=DEBATES,
        zone="Europe/Paris",
    )


async def test_who_speaks_as_a_channel_is_told_in_the_group(stage: Stage) -> None:
    """What is written to a channel in private, all its readers see."""
    channel = Person(platform=TELEGRAM, account="-100200", locale=Locale.FR, name="Cercle", has_private_chat=False)

    await stage.hears(writes(channel, "Quelle andouille"))
    await removed(stage)

    (notice,) = await notices(stage)
    assert notice.recipient == Recipient(RecipientKind.CHAT, DEBATES)
    assert notice.message == RemovalNoticeInGroup(case=CaseNumber(1), article="2", rule=both("Article 2."))


async def test_a_rule_that_watches_only_notes(stage: Stage) -> None:
    """A town tries a rule before it enforces it."""
    answers = await stage.hears(writes(ALIX, "Ah zut"))

    assert (answers, await cases(stage), await notices(stage)) == ((), [("1", CaseState.OBSERVED)], ())


async def test_a_rule_that_acts_goes_before_one_that_watches(stage: Stage) -> None:
    """Else a mild word would protect a strong one."""
    await stage.hears(writes(ALIX, "Zut, andouille"))

    assert await cases(stage) == [("2", CaseState.TO_REMOVE)]


async def test_a_sleeping_rule_does_nothing(stage: Stage) -> None:
    """It is off."""
    await stage.hears(writes(ALIX, "nigaud"))

    assert await cases(stage) == []


@pytest.mark.parametrize("official", [True, None], ids=["an official", "nobody knows whether an official"])
async def test_officials_are_never_judged(stage: Stage, *, official: bool | None) -> None:
    """They may quote what they remove."""
    await stage.hears(writes(ALIX, "On ne dit pas andouille", official=official))

    assert await cases(stage) == []


async def test_a_message_is_judged_again_when_rewritten(stage: Stage) -> None:
    """Else one would post first and insult later."""
    await stage.hears(writes(ALIX, "Quelle personne"))

    answers = await stage.hears(writes(ALIX, "Quelle andouille", edited=True))

    assert answers == (REMOVE,)


async def test_a_message_noted_and_then_rewritten_worse_is_removed(stage: Stage) -> None:
    """Its case says what is removed: that is what may be given back."""
    await stage.hears(writes(ALIX, "Zut"))

    answers = await stage.hears(writes(ALIX, "Andouille", edited=True))

    case = await only_case(stage)
    assert (answers, case.article, case.state, case.note) == ((REMOVE,), "2", CaseState.TO_REMOVE, "edited")
    assert json.loads(stage.vault.unseal(case.sealed))["text"] == "Andouille"


async def test_a_message_rewritten_before_its_removal_has_one_notice(stage: Stage) -> None:
    """One message, one case, one explanation; it is asked again to go."""
    await breaks_a_rule(stage)

    answers = await stage.hears(writes(ALIX, "andouille, andouille", edited=True))
    await removed(stage)

    assert (answers, len(await notices(stage))) == ((REMOVE,), 1)


async def test_an_author_is_told_once_although_the_store_lost_its_answer(stage: Stage) -> None:
    """The message is dealt with again, because nobody knows whether it was."""
    async with listening(stage) as runner:
        stage.store.works("write")  # the one that takes it in
        stage.store.fails("write", OutcomeUnknown("cut"), after=True)
        stage.platform.hears(writes(ALIX, "andouille"))
        await quiet(stage, runner)

        assert (len(await notices(stage)), await cases(stage)) == (1, [("2", CaseState.REMOVED)])


async def test_a_settled_case_is_not_opened_again(stage: Stage) -> None:
    """A human may have decided."""
    await breaks_a_rule(stage)
    await stage.look(
        lambda books: books.cases.move(CaseNumber(1), expected=CaseState.TO_REMOVE, state=CaseState.RESTORED)
    )

    answers = await stage.hears(writes(ALIX, "andouille, vraiment", edited=True))

    assert (answers, await cases(stage)) == ((), [("2", CaseState.RESTORED)])


async def test_a_reply_that_breaks_a_rule_is_not_kept_among_replies(stage: Stage) -> None:
    """Not even what it said before it was rewritten."""
    await stage.look(publish)
    await stage.hears(writes(ALIX, "Merci", answers="55"))

    await stage.hears(writes(ALIX, "Merci, andouille", answers="55", edited=True))

    assert await stage.look(lambda books: books.replies.all()) == ()


async def test_a_removal_carried_out_settles_the_case(stage: Stage) -> None:
    """The case says what is true."""
    await breaks_a_rule(stage)

    await carry_out(stage.desk, stage.platform, REMOVE)

    assert (stage.platform.removed, (await only_case(stage)).state) == ([(DEBATES, "70")], CaseState.REMOVED)


async def test_a_removal_the_platform_refuses_is_left_to_a_human(stage: Stage) -> None:
    """Parvis may lack the right to, and must not try for ever."""
    await breaks_a_rule(stage)
    stage.platform.fails("remove", Rejected("not enough rights"))

    await carry_out(stage.desk, stage.platform, REMOVE)

    case = await only_case(stage)
    assert (case.state, case.note) == (CaseState.NOT_REMOVED, "not enough rights")
    assert (await notices(stage), stage.woken) == ((), 0)


@pytest.mark.parametrize(("number", "state"), [("7", CaseState.NOT_REMOVED), ("8", CaseState.REMOVED)])
async def test_what_one_of_the_staff_wrote_is_left_to_a_human(stage: Stage, number: str, state: CaseState) -> None:
    """No rule touches them; everybody else is treated as before."""
    clerk = Member(key=MemberKey("amartin"), name="Anne", role=Role.OFFICER, accounts={ACCOUNT: "7"})
    desk = replace(stage.desk, staff=Staff(members=(clerk,)))
    await stage.hears(writes(replace(ALIX, number=number), "Quelle ANDOUILLE !"))

    await carry_out(desk, stage.platform, REMOVE)

    assert (await only_case(stage)).state is state
    assert bool(stage.platform.removed) is (state is CaseState.REMOVED)


async def test_a_removal_that_cannot_be_made_now_stays_to_be_made(stage: Stage) -> None:
    """The next sweep finds it."""
    await breaks_a_rule(stage)
    stage.platform.fails("remove", Unavailable("down"))

    with pytest.raises(Unavailable):
        await carry_out(stage.desk, stage.platform, REMOVE)

    assert await stage.look(lambda books: to_remove(stage.desk, books)) == (REMOVE,)


async def test_a_sweep_leaves_other_accounts_alone(stage: Stage) -> None:
    """Each account has its own rights."""
    await stage.look(
        lambda books: books.cases.open(
            article="2",
            charter="2027-1",
            account=AccountName("other"),
            chat=DEBATES,
            message=MessageId("9"),
            author=b"a",
            sealed=b"s",
            state=CaseState.TO_REMOVE,
            at=NOON,
        )
    )

    assert await stage.look(lambda books: to_remove(stage.desk, books)) == ()
