"""``parvis campaign``: what an officer does with a campaign file."""

import os
from pathlib import Path

import pytest

from app.office import Office
from campaigns.notes import Look, Notice, note
from core.audience import Recipient, RecipientKind
from core.campaign import OccurrenceState
from core.delivery import Urgency
from core.identifiers import CampaignId, ChannelName, PollId
from core.poll import Poll, PollState
from core.ports.store import Books
from core.preflight import ChannelUnknown, DateImpossible
from tests.cli.office import ACCOUNT, HALLE, THANKS, Terminal, leave_in_doubt
from tests.cli.test_audit import did
from tests.core.examples import NOON

USAGE = PollId("halle_usage")


def test_the_steps_of_a_file_are_shown_with_their_local_times(terminal: Terminal) -> None:
    """An officer sees at a glance when each thing happens on the town's clock."""
    done = terminal.types("campaign", "show", terminal.campaign)

    assert done.code == 0
    assert [word in done.out for word in ("announce", "open_poll", "publish_results", "CET", "7 days")] == [True] * 5


def test_a_plan_prints_what_will_be_sent_without_a_token(terminal: Terminal) -> None:
    """It is read, and approved, on machines that hold no secret."""
    (terminal.folder / "secrets" / "telegram").unlink()

    done = terminal.types("campaign", "plan", terminal.campaign)

    assert done.code == 0
    assert "sendPhoto" in done.out
    assert "L’ancienne halle de Valmont a 130 ans." in done.out
    assert "   picture halle.png: Dessin de l’ancienne halle" in done.out


def test_a_plan_says_which_limits_of_a_server_it_was_made_with(ready: Terminal) -> None:
    """Those of the server once it was read, else the usual ones: what is planned is what is sent."""
    ready.writes('platform = "telegram"', 'platform = "mastodon"\nbase_url = "https://ville.example"')
    ready.writes('"@valmont"', '"public"')
    ready.writes('"@place_de_valmont"', '"public"')
    before = ready.types("campaign", "plan", ready.campaign)
    limits = '{"since": "1", "limits": {"longest": 5000}}'
    ready.remembers(lambda office: office.store.write(lambda books: books.town.set_fact("introduced:telegram", limits)))
    after = ready.types("campaign", "plan", ready.campaign)

    assert "limits of telegram: 500 characters" in before.out
    assert "limits of telegram: 5000 characters" in after.out


def test_a_plan_says_where_our_own_ballot_stands_in_for_a_public_vote(terminal: Terminal) -> None:
    """Beside each message, with the reason."""
    file = str(terminal.folder / HALLE)
    terminal.writes("[polls.usage]", "[polls.usage]\npublic = true", HALLE)

    done = terminal.types("campaign", "plan", file)

    assert "not by a poll of the network: in private chats" in done.out


def test_a_plan_minds_no_memory_that_cannot_be_read(terminal: Terminal) -> None:
    """What goes out does not depend on it."""
    (terminal.folder / "var").mkdir(exist_ok=True)
    (terminal.folder / "var" / "parvis.db").write_text("no database", encoding="utf-8")

    assert terminal.types("campaign", "plan", terminal.campaign).code == 0


def test_a_plan_ends_with_what_is_to_be_mended(terminal: Terminal) -> None:
    """Who reads what goes out reads this, too; a plan is shown whatever is wrong in it."""
    terminal.writes('alt.fr = "', 'alt.fr = "Photo"\n# "', HALLE)

    done = terminal.types("campaign", "plan", str(terminal.folder / HALLE))

    assert done.code == 0
    assert done.out.splitlines()[-1].startswith("blocks  announcements.annonce.images.0.alt.fr")


def test_a_full_plan_prints_every_parameter(terminal: Terminal) -> None:
    """For those who want to check the wire."""
    done = terminal.types("campaign", "plan", "--full", terminal.campaign)

    assert '"chat_id": "@valmont"' in done.out


def test_a_campaign_starts_once(ready: Terminal) -> None:
    """A second «start» is a slip of the hand, not a second campaign."""
    first = ready.types("campaign", "start", ready.campaign)

    second = ready.types("campaign", "start", ready.campaign)

    assert "Campaign halle is started: 6 steps" in first.out
    assert second.out == "Campaign halle was started before; nothing was changed.\n"


def test_started_campaigns_are_listed_with_their_steps(ready: Terminal) -> None:
    """What became of each step is the first question after a holiday."""
    ready.types("campaign", "start", ready.campaign)

    done = ready.types("campaign", "list")

    assert "halle" in done.out
    assert done.out.count("scheduled") == 7  # the campaign, and its six steps


def test_a_town_without_campaigns_says_so(ready: Terminal) -> None:
    """An empty table would look like a fault."""
    assert ready.types("campaign", "list").out == "No campaign yet.\n"


def test_a_cancelled_campaign_closes_its_polls(ready: Terminal) -> None:
    """Nobody may go on voting in what will never be published."""
    ready.types("campaign", "start", ready.campaign)
    ready.remembers(lambda office: office.store.write(lambda books: books.polls.open(USAGE)))

    done = ready.types("campaign", "cancel", "halle")

    assert done.out == "Campaign halle is cancelled.\n"
    assert ready.remembers(_poll).state is PollState.STOPPED


def test_a_cancelled_campaign_is_not_started_anew(ready: Terminal) -> None:
    """The officer is told what to do, and a script sees it by the exit code."""
    ready.types("campaign", "start", ready.campaign)
    ready.types("campaign", "cancel", "halle")

    done = ready.types("campaign", "start", ready.campaign)

    assert (done.code, "was cancelled" in done.err, "another name" in done.err) == (1, True, True)
    assert did(ready) == [["console", "start", "campaign:halle"], ["console", "cancel", "campaign:halle"]]


def test_a_changed_file_is_not_taken_for_what_runs(ready: Terminal) -> None:
    """The officer corrected a date: the town still follows the file as it was started."""
    ready.types("campaign", "start", ready.campaign)
    file = Path(ready.campaign)
    file.write_text(file.read_text(encoding="utf-8").replace('after = "32 h"', 'after = "33 h"'), encoding="utf-8")

    done = ready.types("campaign", "start", ready.campaign)

    assert (done.code, "differs from what was started" in done.err) == (1, True)


def test_a_campaign_of_which_nothing_is_planned_any_more_is_finished(ready: Terminal) -> None:
    """The list says what still goes on."""
    ready.types("campaign", "start", ready.campaign)

    def live(books: Books) -> None:
        for step in books.campaigns.occurrences(CampaignId("halle")):
            books.campaigns.settle(step.id, OccurrenceState.DONE)

    before = ready.types("campaign", "list")
    ready.remembers(lambda office: office.store.write(live))
    after = ready.types("campaign", "list")

    assert ("scheduled" in before.out, "published" in before.out) == (True, False)
    assert ("scheduled" in after.out, "published" in after.out) == (False, True)


def test_who_cancels_learns_what_was_stopped_in_time_and_what_nobody_knows(ready: Terminal) -> None:
    """The officer must know at once whether there is something to retract."""
    ready.types("campaign", "start", ready.campaign)

    def work(books: Books) -> None:
        first = books.campaigns.occurrences(CampaignId("halle"))[0].id
        leave_in_doubt(books, occurrence=first)
        books.deliveries.plan(
            occurrence=first,
            message=THANKS,
            recipients=[
                (ACCOUNT, Recipient(RecipientKind.CHANNEL, "elsewhere")),
                (ACCOUNT, Recipient(RecipientKind.CITIZEN, "7")),
            ],
            urgency=Urgency.CAMPAIGN,
            due_at=NOON,
            expires_at=NOON,
        )

    ready.remembers(lambda office: office.store.write(work))

    done = ready.types("campaign", "cancel", "halle")

    assert done.out.splitlines()[1:] == [
        "Delivery 1, thanks to place: nobody knows whether it is out (where to look: parvis deliveries show)",
        "Delivery 2, thanks to elsewhere: stopped in time",
        "To subscribers: 1 cancelled",
    ]


def test_nothing_of_a_cancelled_campaign_is_planned_any_more(ready: Terminal) -> None:
    """What is cancelled stays so, also when the service starts later."""
    ready.types("campaign", "start", ready.campaign)

    ready.types("campaign", "cancel", "halle")

    assert OccurrenceState.PLANNED.value not in ready.types("campaign", "list").out


@pytest.mark.parametrize("name", ["halle", "Halle; DROP", ""], ids=["never started", "odd", "empty"])
def test_a_campaign_that_does_not_run_cannot_be_cancelled(ready: Terminal, name: str) -> None:
    """The sentence says where to look for the right name."""
    done = ready.types("campaign", "cancel", name)

    assert (done.code, "see: parvis campaign list" in done.err) == (1, True)


@pytest.mark.parametrize("command", ["show", "plan", "start"])
def test_a_wrong_key_in_a_campaign_file_is_named_with_its_place(ready: Terminal, command: str) -> None:
    """File, line, key, nearest right name."""
    ready.writes("subscribers = true", "subscriber = true", HALLE)

    done = ready.types("campaign", command, ready.campaign)

    assert done.code == 2
    assert "halle.toml:15: campaign.subscriber: unknown key; did you mean «subscribers»?" in done.err


@pytest.mark.parametrize("command", ["show", "plan", "start"])
def test_a_missing_campaign_file_is_a_sentence(ready: Terminal, command: str) -> None:
    """Most often it is a typing mistake."""
    done = ready.types("campaign", command, "nowhere.toml")

    assert (done.code, done.err) == (2, "nowhere.toml: No such file or directory\n")


def test_a_campaign_for_an_unknown_channel_is_refused(ready: Terminal) -> None:
    """It would go nowhere."""
    ready.writes('channels = ["place"]', 'channels = ["plase"]', HALLE)

    done = ready.types("campaign", "start", ready.campaign)

    assert (done.code, "did you mean «place»?" in done.err) == (2, True)


async def _poll(office: Office) -> Poll:
    poll = await office.store.read(lambda books: books.polls.get(USAGE))
    assert poll is not None
    return poll


def test_a_campaign_that_is_right_has_nothing_to_mend(terminal: Terminal) -> None:
    """Before there is any database; the sample is an example in this, too."""
    done = terminal.types("campaign", "check", "--offline", terminal.campaign)

    assert (done.code, done.out) == (0, "Nothing to mend.\n")


@pytest.mark.parametrize(
    ("platform", "place"),
    [('mastodon"\nbase_url = "https://ville.example', "public"), ("discord", "123")],
    ids=["mastodon", "discord"],
)
def test_a_campaign_for_subscribers_can_go_out_on_every_network(terminal: Terminal, platform: str, place: str) -> None:
    """Each calls its people by addresses of its own."""
    terminal.writes('platform = "telegram"', f'platform = "{platform}"')
    terminal.writes('"@valmont"', f'"{place}"')
    terminal.writes('"@place_de_valmont"', f'"{place}"')

    done = terminal.types("campaign", "check", "--offline", terminal.campaign)

    assert (done.code, "blocks" in done.out) == (0, False)


def test_what_blocks_a_campaign_is_said_first_in_the_officers_language(ready: Terminal) -> None:
    """With its place and its cure; a script sees it by the exit code."""
    file = str(ready.folder / HALLE)
    ready.writes('alt.fr = "', 'alt.fr = "Photo"\n# "', HALLE)
    ready.writes("La mairie va refaire", "#conseilmunicipaldesjeunes La mairie va refaire", HALLE)

    done = ready.types("campaign", "check", "--offline", "--language", "fr", file)

    first, second = done.out.splitlines()
    assert done.code == 3
    assert first.startswith("bloque  announcements.annonce.images.0.alt.fr: «\xa0Photo\xa0» ne décrit pas l’image.")
    assert second.startswith("à voir  announcements.annonce.body.fr: «\xa0#conseilmunicipaldesjeunes\xa0»")


def test_a_campaign_that_is_blocked_is_not_started(ready: Terminal) -> None:
    """Nothing is changed; mended, it starts."""
    file = str(ready.folder / HALLE)
    ready.writes('alt.fr = "', 'alt.fr = "Photo"\n# "', HALLE)

    blocked = ready.types("campaign", "start", file)
    ready.writes('alt.fr = "Photo"\n# "', 'alt.fr = "', HALLE)
    mended = ready.types("campaign", "start", file)

    assert (blocked.code, "nothing was changed" in blocked.err, "alt.fr" in blocked.err) == (1, True, True)
    assert "is started" in mended.out


def test_what_is_only_to_be_looked_at_keeps_no_campaign_from_starting(ready: Terminal) -> None:
    """It is said all the same."""
    ready.writes("La mairie va refaire", "#conseilmunicipaldesjeunes La mairie va refaire", HALLE)

    done = ready.types("campaign", "start", str(ready.folder / HALLE))

    assert done.code == 0
    assert "look at  announcements.annonce.body.fr" in done.out


def test_a_network_out_of_reach_and_a_missing_token_are_told_apart(ready: Terminal) -> None:
    """The first may be back in time, the second blocks."""
    ready.writes('platform = "telegram"', 'platform = "telegram"\nbase_url = "http://127.0.0.1:1"')

    away = ready.types("campaign", "check", ready.campaign)
    (ready.folder / "secrets" / "telegram").unlink()
    missing = ready.types("campaign", "check", ready.campaign)

    assert (away.code, away.out.startswith("look at  accounts.telegram")) == (0, True)
    assert (missing.code, missing.out.startswith("blocks  accounts.telegram")) == (3, True)


def test_a_check_minds_no_memory_that_cannot_be_read(terminal: Terminal) -> None:
    """What is written can be judged without it."""
    (terminal.folder / "var").mkdir(exist_ok=True)
    (terminal.folder / "var" / "parvis.db").write_text("no database", encoding="utf-8")

    assert terminal.types("campaign", "check", "--offline", terminal.campaign).code == 0


@pytest.mark.parametrize("proxy", ["", "http://127.0.0.1:1"], ids=["straight", "proxy"])
def test_links_are_followed_but_not_behind_a_proxy(ready: Terminal, proxy: str) -> None:
    """Which would choose the address in our place. This link leads inside: nobody asks for it."""
    ready.writes('platform = "telegram"', 'platform = "telegram"\nbase_url = "http://127.0.0.1:1"')
    ready.writes("La mairie va refaire", "http://127.0.0.1:1/toit La mairie va refaire", HALLE)
    os.environ["HTTPS_PROXY"] = proxy

    done = ready.types("campaign", "check", str(ready.folder / HALLE))

    followed = "look at  announcements.annonce.body.fr: http://127.0.0.1:1/toit: citizens cannot open this address"
    assert (done.code, followed in done.out) == (0, not proxy)


def test_what_the_service_found_is_counted_in_the_list_and_shown_whole(ready: Terminal) -> None:
    """Each step that was looked at, in the officer's language; the others say nothing."""
    ready.types("campaign", "start", ready.campaign)
    before = ready.types("campaign", "findings", "halle")
    ready.remembers(lambda office: office.store.write(_looked_over))

    listed = ready.types("campaign", "list")
    done = ready.types("campaign", "findings", "--language", "fr", "halle")

    assert before.out.startswith("Nothing to come was looked at yet")
    assert listed.out.count("scheduled (pre-flight: 1 block, 1 to look at)") == 1
    unknown = "La configuration ne connaît pas le canal place. Remettez-le sous channels, ou retirez-le de la campagne."
    assert done.out.splitlines() == [
        "step announce-annonce, looked at 2027-03-01 13:00:",
        f"  bloque  steps.0: {unknown}",
        "  à voir  steps.0: «\xa031 novembre\xa0»\xa0: cette date n’existe pas. Corrigez-la.",
        "step open_poll-usage, looked at 2027-03-01 13:00:",
        "  nothing to mend",
    ]


def _looked_over(books: Books) -> None:
    found = (
        DateImpossible(place="steps.0", said="31 novembre"),
        ChannelUnknown(place="steps.0", channel=ChannelName("place")),
    )
    first, second, *_ = books.campaigns.occurrences(CampaignId("halle"))
    looks = [
        Look(occurrence=first.id, step=first.step, notice=Notice.LAST, at=NOON, found=found),
        Look(occurrence=second.id, step=second.step, notice=Notice.DAY, at=NOON),
    ]
    note(books, CampaignId("halle"), looks)


def test_the_findings_of_no_campaign_are_a_sentence(ready: Terminal) -> None:
    """A slip of the pen is no clean bill."""
    done = ready.types("campaign", "findings", "hale")

    assert (done.code, "no campaign «hale»" in done.err) == (1, True)
