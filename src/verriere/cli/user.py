"""``verriere user``: accounts of those who can log in."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from verriere.cli import output
from verriere.cli.options import DryRun, InFacility, Json, opened
from verriere.cli.shape import Command, noun
from verriere.errors import InputInvalid

if TYPE_CHECKING:
    from verriere.facility import Facility
    from verriere.model import Account

SHORTEST = 8
"""Characters of a password, at least (NIST SP 800-63B, section 5.1.1.1)."""

app = noun(
    examples="""\
        verriere user add jdoe --email jane.doe@example.org --name "Doe, Jane"
        verriere user list
    """,
    summary="Accounts of those who can log in.",
)


@app.command(
    "add",
    cls=Command,
    epilog="""\
        verriere user add jdoe --email jane.doe@example.org --name "Doe, Jane"
        verriere user add office --email data@example.org --name "Data office" --data-office --generate
        pass show verriere/jdoe | verriere user add jdoe --email jane.doe@example.org --password-stdin
    """,
)
def add(
    username: Annotated[str, typer.Argument(metavar="USERNAME", help="What the person types to log in.")],
    *,
    email: Annotated[str, typer.Option(help="The address their proposals name: it ties them to their data.")],
    name: Annotated[str, typer.Option(help="Family, Given; else the username.", show_default=False)] = "",
    data_office: Annotated[
        bool, typer.Option("--data-office", help="May see and decide everything.", show_default=False)
    ] = False,
    director: Annotated[
        bool, typer.Option("--director", help="The same, and decides beyond the policy.", show_default=False)
    ] = False,
    speaks: Annotated[str, typer.Option("--language", metavar="en|fr", help="Language of their pages.")] = "en",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input.", show_default=False)
    ] = False,
    generate: Annotated[
        bool, typer.Option("--generate", help="Make a password and show it once.", show_default=False)
    ] = False,
    facility: InFacility = None,
    json: Json = False,
    dry_run: DryRun = False,
) -> None:
    """Add an account, or change the one of that name.

    The password is asked for on a terminal, twice; --password-stdin and --generate are for scripts.
    """
    from verriere.cli.options import language
    from verriere.model import Account, Duty

    if "@" not in email:
        raise InputInvalid(f"{email!r} is not an e-mail address")
    duty = Duty.DIRECTOR if director else Duty.DATA_OFFICE if data_office else Duty.USER
    account = Account(username, email, name or username, duty, language(speaks))
    with opened(facility) as open_facility:
        made = ""
        if not dry_run:
            password = made = generated() if generate else ""
            add_account(open_facility, account, password or _asked(from_stdin=password_stdin))
    if json:
        output.as_json({"account": account, "password": made or None, "made": not dry_run})
        return
    typer.echo(f"{username}: {'would be added' if dry_run else 'can log in'}")
    if made:
        typer.echo(f"password: {made}")


def add_account(facility: "Facility", account: "Account", password: str) -> None:
    """Add an account in the database, and in the archive's private file."""
    from verriere.serve.auth.passwords import hash_password
    from verriere.stewardship import accounts

    accounts.keep(facility, account, hash_password(password))


def generated() -> str:
    """A password of 96 bits that can be read out over a telephone."""
    import secrets

    return "-".join(secrets.token_hex(3) for _ in range(4))


def _asked(*, from_stdin: bool) -> str:
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        password = str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    else:
        raise InputInvalid(
            "there is no terminal to ask for the password", hint="use --password-stdin, or --generate to have one made"
        )
    if len(password) < SHORTEST:
        raise InputInvalid(f"the password is shorter than {SHORTEST} characters")
    return password


@app.command(
    "list",
    cls=Command,
    epilog="""\
        verriere user list
        verriere user list --json
    """,
)
def list_(facility: InFacility = None, json: Json = False) -> None:
    """List the accounts."""
    with opened(facility) as open_facility:
        accounts = open_facility.catalogue.accounts()
    if json:
        output.as_json(accounts)
        return
    output.table(
        ("username", "name", "e-mail", "duty", "language"),
        [(a.username, a.name, a.email, a.duty, a.language) for a in accounts],
    )
