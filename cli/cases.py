"""``parvis cases``: messages judged by the charter, and giving one back."""

import click

from cli.terminal import NUMBER, in_office, limited, local, plain, table
from core.casefile import Page
from core.identifiers import CaseNumber
from core.moderation import Case, CaseState
from core.staff import Act

_PROPOSED = "a ban for ever is proposed: parvis cases second"


@click.group(invoke_without_command=True, epilog="Example: parvis cases --state removed")
@click.option(
    "--state",
    type=click.Choice([state.value for state in CaseState]),
    metavar="STATE",
    help=f"Only those that stand so: {', '.join(CaseState)}.",
)
@limited
@click.pass_context
def cases(context: click.Context, state: str | None, limit: int) -> None:
    """List the cases of moderation, the newest first (what was said is shown by «cases show»)."""
    from app.moderation import waiting_for_another
    from app.office import Office

    if context.invoked_subcommand:
        return

    async def listed(office: Office) -> tuple[str, tuple[Case, ...], frozenset[CaseNumber]]:
        wanted = CaseState(state) if state else None
        found = await office.store.read(lambda books: books.cases.all(state=wanted, limit=limit))
        return office.settings.town.zone, found, await waiting_for_another(office)

    zone, found, proposed = in_office(context, listed)
    rows: list[tuple[object, ...]] = [
        (
            case.number,
            local(case.at, zone),
            f"{case.article} ({case.charter})",
            case.state.value,
            case.assigned,
            case.chat,
            _PROPOSED if case.number in proposed else case.note,
        )
        for case in found
    ]
    table("Cases", ("case", "opened", "article", "state", "whose", "chat", "note"), rows, empty="No case yet.")


@cases.command(epilog="Example: parvis cases show 12")
@click.argument("number", type=NUMBER)
@click.pass_context
def show(context: click.Context, number: int) -> None:
    """Show one case with its evidence."""
    from app.moderation import evidence_of, file_of
    from app.office import Office

    async def found(office: Office) -> tuple[str, str, tuple[Page, ...]]:
        case = CaseNumber(number)
        return office.settings.town.zone, await evidence_of(office, case), await file_of(office, case)

    zone, evidence, file = in_office(context, found)
    click.echo(plain(evidence))
    for page in file:
        said = page.words or (page.content if page.act is Act.ADVISE else "")
        words = f": {said}" if said else ""
        click.echo(plain(f"{local(page.at, zone)} {page.by} {page.act.value}{words}"))


@cases.command(epilog="Example: parvis cases take 12")
@click.argument("number", type=NUMBER)
@click.pass_context
def take(context: click.Context, number: int) -> None:
    """Look after a case from now on."""
    _order(context, "take", number, ())


@cases.command(epilog="Example: parvis cases note 12 spoke to her on the phone")
@click.argument("number", type=NUMBER)
@click.argument("words", nargs=-1, required=True)
@click.pass_context
def note(context: click.Context, number: int, words: tuple[str, ...]) -> None:
    """Write something into a case for colleagues; its author can read it, if they ask for their data."""
    _order(context, "note", number, words)


@cases.command(epilog="Example: parvis cases reason 12 you named a neighbour")
@click.argument("number", type=NUMBER)
@click.argument("words", nargs=-1, required=True)
@click.pass_context
def reason(context: click.Context, number: int, words: tuple[str, ...]) -> None:
    """Write the reasons that the author of the message is told from now on."""
    _order(context, "reason", number, words)


@cases.command(epilog="Example: parvis cases warn 12 2 no insults, please")
@click.argument("number", type=NUMBER)
@click.argument("words", nargs=-1)
@click.option("--silent", is_flag=True, help="Do not tell the author.")
@click.pass_context
def warn(context: click.Context, number: int, words: tuple[str, ...], *, silent: bool) -> None:
    """Warn the author of a message: the article, unless the case has one, then the reasons."""
    _order(context, "swarn" if silent else "warn", number, words)


@cases.command(epilog="Example: parvis cases remove 12 2 no insults, please")
@click.argument("number", type=NUMBER)
@click.argument("words", nargs=-1)
@click.option("--silent", is_flag=True, help="Do not tell the author.")
@click.pass_context
def remove(context: click.Context, number: int, words: tuple[str, ...], *, silent: bool) -> None:
    """Have a message taken out: the article, unless the case has one, then the reasons."""
    _order(context, "sdel" if silent else "del", number, words)


@cases.command(epilog="Example: parvis cases keep 12")
@click.argument("number", type=NUMBER)
@click.argument("words", nargs=-1)
@click.pass_context
def keep(context: click.Context, number: int, words: tuple[str, ...]) -> None:
    """Say that a message may stand, with a note for colleagues; one that was taken out is given back."""
    _order(context, "keep", number, words)


@cases.command(epilog="Example: parvis cases mute 12 2h 2 no insults, please")
@click.argument("number", type=NUMBER)
@click.argument("words", nargs=-1, required=True)
@click.option("--silent", is_flag=True, help="Do not tell the author.")
@click.pass_context
def mute(context: click.Context, number: int, words: tuple[str, ...], *, silent: bool) -> None:
    """Mute the author of a message: for how long (30m, 2h, 7d), the article unless the case has one, the reasons."""
    _order(context, "smute" if silent else "mute", number, words)


@cases.command(epilog="Example: parvis cases ban 12 7d 2 again and again")
@click.argument("number", type=NUMBER)
@click.argument("words", nargs=-1, required=True)
@click.option("--silent", is_flag=True, help="Do not tell the author.")
@click.pass_context
def ban(context: click.Context, number: int, words: tuple[str, ...], *, silent: bool) -> None:
    """Ban the author of a message: for how long (7d), the article unless the case has one, the reasons.

    Without a length it is for ever, and only proposed: another person seconds it.
    """
    _order(context, "sban" if silent else "ban", number, words)


@cases.command(epilog="Example: parvis cases second 12")
@click.argument("number", type=NUMBER)
@click.pass_context
def second(context: click.Context, number: int) -> None:
    """Decide the ban for ever that somebody else proposed."""
    _order(context, "second", number, ())


@cases.command(epilog="Example: parvis cases unmute 12")
@click.argument("number", type=NUMBER)
@click.pass_context
def unmute(context: click.Context, number: int) -> None:
    """Let the author of a message write again."""
    _order(context, "unmute", number, ())


@cases.command(epilog="Example: parvis cases unban 12")
@click.argument("number", type=NUMBER)
@click.pass_context
def unban(context: click.Context, number: int) -> None:
    """Let the author of a message back in."""
    _order(context, "unban", number, ())


@cases.command(epilog="Example: parvis cases limit 12 7d 2 again and again")
@click.argument("number", type=NUMBER)
@click.argument("words", nargs=-1, required=True)
@click.pass_context
def limit(context: click.Context, number: int, words: tuple[str, ...]) -> None:
    """Have only followers see the author of a message on their server: for how long, the article, the reasons."""
    _order(context, "limit", number, words)


@cases.command(epilog="Example: parvis cases unlimit 12")
@click.argument("number", type=NUMBER)
@click.pass_context
def unlimit(context: click.Context, number: int) -> None:
    """Let everybody see the author of a message again."""
    _order(context, "unlimit", number, ())


@cases.command(epilog="Example: parvis cases suspend 12 2 threats")
@click.argument("number", type=NUMBER)
@click.argument("words", nargs=-1)
@click.pass_context
def suspend(context: click.Context, number: int, words: tuple[str, ...]) -> None:
    """Propose to suspend the author's account on their server; another person decides (parvis cases second)."""
    _order(context, "suspend", number, words)


@cases.command(epilog="Example: parvis cases unsuspend 12")
@click.argument("number", type=NUMBER)
@click.pass_context
def unsuspend(context: click.Context, number: int) -> None:
    """Give the author of a message their account back, or turn the proposal down."""
    _order(context, "unsuspend", number, ())


@cases.command(epilog="Example: parvis cases appeal 12 this word is the name of a street")
@click.argument("number", type=NUMBER)
@click.argument("words", nargs=-1, required=True)
@click.pass_context
def appeal(context: click.Context, number: int, words: tuple[str, ...]) -> None:
    """Write down an appeal that the author of a message sent by mail, in their words: it runs the same course."""
    from app.casework import appealed
    from app.office import Office

    async def done(office: Office) -> str:
        return await appealed(office, CaseNumber(number), words)

    click.echo(plain(in_office(context, done)))


@cases.command(epilog="Example: parvis cases accept 12 the word was a name")
@click.argument("number", type=NUMBER)
@click.argument("words", nargs=-1)
@click.pass_context
def accept(context: click.Context, number: int, words: tuple[str, ...]) -> None:
    """Accept an appeal: what was decided is undone, and its author is told, with an apology."""
    _order(context, "accept", number, words)


@cases.command(epilog="Example: parvis cases refuse 12 the message insults a neighbour")
@click.argument("number", type=NUMBER)
@click.argument("words", nargs=-1, required=True)
@click.pass_context
def refuse(context: click.Context, number: int, words: tuple[str, ...]) -> None:
    """Refuse an appeal, with the reasons that its author is told."""
    _order(context, "refuse", number, words)


def _order(context: click.Context, word: str, number: int, words: tuple[str, ...]) -> None:
    """Give the command that moderators give in chat by this word."""
    from app.casework import obeyed
    from app.office import Office

    async def done(office: Office) -> str:
        return await obeyed(office, word, CaseNumber(number), words)

    click.echo(plain(in_office(context, done)))


@cases.command(epilog="Example: parvis cases restore 12")
@click.argument("number", type=NUMBER)
@click.pass_context
def restore(context: click.Context, number: int) -> None:
    """Give a removed message back to the debate: it is quoted in the group it was taken from."""
    from app.moderation import restore as give_back
    from app.office import Office

    async def restored(office: Office) -> None:
        await give_back(office, CaseNumber(number))

    in_office(context, restored)
    click.echo(f"Case {number}: the message will be quoted in its group within seconds.")
