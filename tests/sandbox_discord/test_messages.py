"""What a program sends, reads and changes, with plain HTTP: bodies, codes and limits as Discord has them."""

import json
from datetime import timedelta

import pytest
from aiohttp import FormData

from sandbox.discord import permissions
from sandbox.discord.values import Flag
from sandbox.discord.world import World
from tests.sandbox_discord.conftest import (
    ANNE,
    MACHINES,
    NEWS,
    SQUARE,
    TOWN,
    Caller,
    HandClock,
)

MESSAGES = f"/channels/{SQUARE}/messages"


def wrong(answer_body: dict[str, object]) -> str:
    """The tree of errors, to look for a code in."""
    return json.dumps(answer_body.get("errors"))


async def test_a_message_stands_in_the_channel_and_the_journal(world: World, caller: Caller) -> None:
    """With its number and the words people read."""
    answer = await caller.send("  Bonjour à tous  ")

    (call,) = world.journal.calls("create_message", "done")
    assert (answer.status, answer.body["content"]) == (200, "Bonjour à tous")
    assert call["result"] == {"chat": SQUARE, "message": answer.id, "text": "Bonjour à tous"}
    assert call["network"] == "discord"


async def test_answers_name_json_and_nothing_else(caller: Caller) -> None:
    """With a character set behind it, discord.py would read text."""
    answer = await caller.send()

    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 50006),
        ({"content": "   "}, 50006),
        ({"content": "x" * 2001}, 50035),
        ({"content": "x", "flags": "many"}, 50035),
        ({"embeds": [{"title": "x" * 257}]}, 50035),
        ({"embeds": [{"description": "x" * 3001}, {"description": "x" * 3001}]}, 50035),
        ({"embeds": [{"title": "x"}] * 11}, 50035),
        ({"content": "x", "nonce": "x" * 26}, 50035),
        ({"content": "x", "message_reference": {"message_id": "5"}}, 50035),
        ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["101"]}}, 50035),
        ({"content": "x", "components": [{"type": 1, "components": []}]}, 50035),
        ({"content": "x", "components": [{"type": 2, "style": 1, "custom_id": "a", "label": "b"}]}, 50035),
        ({"content": "x", "flags": 1 << 15, "components": [{"type": 10, "content": "y"}]}, 50035),
        ({"components": [{"type": 10, "content": "y"}]}, 50035),
    ],
)
async def test_what_a_message_may_not_be_is_refused(
    world: World, caller: Caller, body: dict[str, object], code: int
) -> None:
    """And counted as a mistake of the program."""
    answer = await caller.call("POST", MESSAGES, body)

    assert (answer.status, answer.code) == (400, code)
    assert len(world.violations) == 1
    assert not world.channel(SQUARE).messages


async def test_errors_name_every_field_that_is_wrong(caller: Caller) -> None:
    """All at once, by their paths, as Discord does."""
    body = {"content": "x" * 2001, "embeds": [{"fields": [{"name": "n"}]}]}

    answer = await caller.call("POST", MESSAGES, body)

    assert answer.body["errors"] == {
        "content": {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 2000 or fewer in length."}]},
        "embeds": {"0": {"fields": {"0": {"value": {"_errors": [{"code": "BASE_TYPE_REQUIRED",
                                                                 "message": "This field is required"}]}}}}},
    }  # fmt: skip


def row(*buttons: dict[str, object]) -> dict[str, object]:
    """A row of components."""
    return {"type": 1, "components": list(buttons)}


def button(custom_id: str = "a", **more: object) -> dict[str, object]:
    """A button."""
    return {"type": 2, "style": 1, "custom_id": custom_id, "label": "Oui"} | more


@pytest.mark.parametrize(
    ("components", "code"),
    [
        ([row(button(), button())], "COMPONENT_CUSTOM_ID_DUPLICATED"),
        ([row(button(label="x" * 81))], "BASE_TYPE_MAX_LENGTH"),
        ([row(button("x" * 101))], "BASE_TYPE_BAD_LENGTH"),
        ([row(*(button(str(n)) for n in range(6)))], "BASE_TYPE_BAD_LENGTH"),
        ([row(button(str(n))) for n in range(6)], "BASE_TYPE_BAD_LENGTH"),
        ([row(button(url="https://example.org"))], "BASE_TYPE_REQUIRED"),
        ([row({"type": 2, "style": 1, "custom_id": "a"})], "BUTTON_COMPONENT_MISSING_LABEL_OR_EMOJI"),
        (
            [row({"type": 3, "custom_id": "s", "options": [{"label": str(n), "value": str(n)} for n in range(26)]})],
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            [row({"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "a"}]}, button())],
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
        ),
    ],
)
async def test_components_that_do_not_fit_are_refused(
    caller: Caller, components: list[dict[str, object]], code: str
) -> None:
    """Their sizes, their ids and what a row holds."""
    answer = await caller.send(components=components)

    assert answer.code == 50035
    assert code in wrong(answer.body)


async def test_the_same_nonce_is_the_same_message_for_some_minutes(
    world: World, caller: Caller, clock: HandClock
) -> None:
    """A program that does not know whether it was sent can ask again."""
    first = await caller.send(nonce="depeche-1", enforce_nonce=True)
    again = await caller.send("Autre", nonce="depeche-1", enforce_nonce=True)
    clock.forward(timedelta(minutes=6))
    late = await caller.send(nonce="depeche-1", enforce_nonce=True)

    assert (again.id, again.body["content"]) == (first.id, "Bonjour")
    assert late.id != first.id
    assert len(world.channel(SQUARE).messages) == 2


async def test_without_enforcement_a_nonce_is_only_a_word(world: World, caller: Caller) -> None:
    """Both messages stand."""
    await caller.send(nonce="1")
    await caller.send(nonce="1")

    assert len(world.channel(SQUARE).messages) == 2


async def test_files_come_with_their_descriptions(caller: Caller) -> None:
    """As discord.py sends them: the body in ``payload_json``, the files beside it."""
    payload = {"content": "Plan", "attachments": [{"id": 0, "filename": "plan.png", "description": "Le plan"}]}
    form = FormData(quote_fields=False)
    form.add_field("payload_json", json.dumps(payload))
    form.add_field("files[0]", b"PNG", filename="plan.png", content_type="image/png")

    answer = await caller.form(MESSAGES, form)

    attachments = answer.body["attachments"]
    assert isinstance(attachments, list)
    assert (attachments[0]["filename"], attachments[0]["description"], attachments[0]["size"]) == (
        "plan.png",
        "Le plan",
        3,
    )


@pytest.mark.parametrize(
    ("allowed", "pinged", "everyone"),
    [
        (None, ["101"], True),
        ({"parse": []}, [], False),
        ({"parse": ["users"]}, ["101"], False),
        ({"users": ["101"], "parse": []}, ["101"], False),
        ({"users": ["102"], "parse": ["everyone"]}, [], True),
    ],
)
async def test_mentions_ping_whom_they_may(
    world: World, caller: Caller, allowed: object, pinged: list[str], *, everyone: bool
) -> None:
    """Without ``allowed_mentions`` everything pings, as far as the bot's permissions go."""
    world.add_role(TOWN, MACHINES, "Machines", permissions.FOR_BOT | permissions.MENTION_EVERYONE)

    answer = await caller.send("@everyone <@101>", allowed_mentions=allowed)

    mentions = answer.body["mentions"]
    assert isinstance(mentions, list)
    assert ([user["id"] for user in mentions], answer.body["mention_everyone"]) == (pinged, everyone)


async def test_an_answer_to_a_message_that_is_gone_can_be_sent_all_the_same(caller: Caller) -> None:
    """With ``fail_if_not_exists`` false it is a message like others."""
    reference = {"message_id": "5", "fail_if_not_exists": False}

    answer = await caller.send(message_reference=reference)

    assert (answer.status, answer.body["type"], "message_reference" in answer.body) == (200, 0, False)


async def test_an_answer_pings_only_when_told_to(world: World, caller: Caller) -> None:
    """``replied_user`` is false by default once there are allowed mentions."""
    asked = world.write(ANNE, SQUARE, "À quelle heure ?")

    loud = await caller.send(message_reference={"message_id": str(asked)})
    quiet = await caller.send(message_reference={"message_id": str(asked)}, allowed_mentions={"parse": []})

    assert (len(loud.body["mentions"]), quiet.body["mentions"], quiet.body["type"]) == (1, [], 19)  # type: ignore[arg-type]  # a list


async def test_history_can_be_read_from_any_point(world: World, caller: Caller) -> None:
    """Newest first, before, after and around a message."""
    numbers = [world.write(ANNE, SQUARE, str(n)) for n in range(7)]

    async def read(query: str) -> list[str]:
        async with caller.session.get(
            f"{caller.server.api_url}{MESSAGES}?{query}", headers={"Authorization": "Bot discord-sandbox-token"}
        ) as answer:
            return [message["content"] for message in await answer.json()]

    assert await read("limit=2") == ["6", "5"]
    assert await read(f"before={numbers[3]}&limit=2") == ["2", "1"]
    assert await read(f"after={numbers[3]}&limit=2") == ["5", "4"]
    assert await read(f"around={numbers[3]}&limit=3") == ["4", "3", "2"]


async def test_only_ones_own_messages_can_be_edited(world: World, caller: Caller) -> None:
    """Also with the right to remove those of others."""
    number = world.write(ANNE, SQUARE, "Bonjour")

    answer = await caller.call("PATCH", f"{MESSAGES}/{number}", {"content": "Bonsoir"})

    assert (answer.status, answer.code) == (403, 50005)


async def test_an_edit_changes_what_it_names(caller: Caller) -> None:
    """Null empties a field; what is not named stays."""
    sent = await caller.send("Avant", embeds=[{"title": "T"}])

    answer = await caller.call("PATCH", f"{MESSAGES}/{sent.id}", {"content": None})

    assert (answer.body["content"], len(answer.body["embeds"])) == ("", 1)  # type: ignore[arg-type]
    assert answer.body["edited_timestamp"] is not None


async def test_old_messages_can_be_edited_a_few_times_an_hour(world: World, caller: Caller, clock: HandClock) -> None:
    """Then 30046, as a 429."""
    world.budgets.most["edit_old"] = 1
    sent = await caller.send()
    clock.forward(timedelta(minutes=61))

    answers = [await caller.call("PATCH", f"{MESSAGES}/{sent.id}", {"content": str(n)}) for n in range(2)]

    assert [(answer.status, answer.code) for answer in answers] == [(200, None), (429, 30046)]
    assert answers[1].body["retry_after"] == 3600.0


async def test_removing_somebody_elses_message_needs_the_permission(world: World, caller: Caller) -> None:
    """And stands in the audit log with its reason."""
    number = world.write(ANNE, SQUARE, "Publicité")

    answer = await caller.call("DELETE", f"{MESSAGES}/{number}", **{"X-Audit-Log-Reason": "r%C3%A8gle 4"})

    (entry,) = world.audit
    assert (answer.status, entry.action, entry.target, entry.reason) == (204, 72, ANNE, "règle 4")


async def test_many_messages_go_at_once_unless_one_is_old(world: World, caller: Caller, clock: HandClock) -> None:
    """Two to a hundred, no older than two weeks, none twice."""
    old = world.write(ANNE, SQUARE, "vieux")
    clock.forward(timedelta(days=15))
    new = [world.write(ANNE, SQUARE, "neuf") for _ in range(2)]
    path = f"{MESSAGES}/bulk-delete"

    codes = [
        (await caller.call("POST", path, {"messages": [str(number) for number in numbers]})).code
        for numbers in ([old, new[0]], [new[0], new[0]], [new[0]], new)
    ]

    assert codes == [50034, 50035, 50035, None]
    assert list(world.channel(SQUARE).messages) == [old]


async def test_an_announcement_is_published_once(caller: Caller) -> None:
    """In a channel of announcements, ten times an hour."""
    sent = await caller.send(channel=NEWS)
    path = f"/channels/{NEWS}/messages/{sent.id}/crosspost"

    first, second = await caller.call("POST", path), await caller.call("POST", path)
    elsewhere = await caller.call("POST", f"{MESSAGES}/{(await caller.send()).id}/crosspost")

    assert (first.status, first.body["flags"]) == (200, Flag.CROSSPOSTED)
    assert (second.code, elsewhere.code) == (40033, 50024)


async def test_publishing_too_often_is_told_with_a_long_wait(caller: Caller, clock: HandClock) -> None:
    """Its headers speak of another limit: only the body knows."""
    numbers = [(await caller.send(str(n), channel=NEWS)).id for n in range(11)]
    clock.forward(timedelta(minutes=1))

    answers = [await caller.call("POST", f"/channels/{NEWS}/messages/{number}/crosspost") for number in numbers]

    assert [answer.status for answer in answers] == [200] * 10 + [429]
    assert (answers[10].code, answers[10].body["retry_after"]) == (20028, 3600.0)
    assert answers[10].headers["X-RateLimit-Scope"] == "shared"
