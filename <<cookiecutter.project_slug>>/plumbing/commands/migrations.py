"""The commands that write migrations and run them."""

import sys

import click

from plumbing.commands.project import with_app
from plumbing.commands.questions import (
    confirm_loss,
    database_option,
    lost_rows,
    lost_values,
    yes_option,
)

NEXT = "Next: read it, then python db_manage.py upgrade"

SECONDS = click.FloatRange(min=0)

message_option = click.option(
    "-m", "--message", "option", metavar="MESSAGE", help="The message, as for flask db."
)


def chosen(message: str | None, option: str | None) -> str | None:
    """Return a message, whether it was given as an argument or with -m."""
    if message and option:
        raise click.UsageError("The message is given twice", click.get_current_context())
    return message or option


@click.command("migrate")
@click.argument("message", required=False)
@message_option
@with_app
def migrate_command(message: str | None, option: str | None) -> None:
    """Write a migration of the models' changes; update the diagram."""
    from plumbing import migrations

    ask = click.confirm if sys.stdin.isatty() else None
    if migrations.migrate(chosen(message, option), ask):
        click.echo(NEXT)


@click.command("revision")
@click.argument("message", required=False)
@message_option
@with_app
def revision_command(message: str | None, option: str | None) -> None:
    """Write an empty migration, to fill in by hand."""
    from plumbing import migrations

    migrations.revision(chosen(message, option))


@click.command("merge")
@click.argument("message", required=False)
@message_option
@with_app
def merge_command(message: str | None, option: str | None) -> None:
    """Write a migration that joins several heads."""
    from plumbing import diagram, migrations

    if not migrations.merge(chosen(message, option)):
        click.echo("Nothing to do: there is one head.")
    elif diagram.differences():  # two diagrams have been merged by git
        click.echo(f"Drawing: {diagram.write()}")


@click.command("upgrade")
@click.argument("revision", default="head")
@click.option("--sql", is_flag=True, help="Print the SQL instead, without a server.")
@click.option("--wait", type=SECONDS, default=0, metavar="SECONDS", help="Wait for the server.")
@with_app
def upgrade_command(revision: str, sql: bool, wait: float) -> None:
    """Apply pending migrations, up to REVISION."""
    from plumbing import database, migrations

    if wait:
        database.wait(wait)
    migrations.upgrade(revision, sql)


@click.command("downgrade", context_settings={"ignore_unknown_options": True})
@click.argument("revision", default="-1")
@click.option("--sql", is_flag=True, help="Print the SQL instead, without a server.")
@yes_option
@database_option
@with_app
def downgrade_command(revision: str, sql: bool, yes: bool, named: str | None) -> None:
    """Revert the last migration, or all after REVISION."""
    from plumbing import migrations

    if sql:
        migrations.downgrade(revision, sql=True)
    else:
        confirmed = confirm_downgrade(revision, yes, named)
        migrations.downgrade(revision, named=confirmed)


def confirm_downgrade(revision: str, yes: bool, named: str | None) -> str:
    """Ask before migrations are reverted.  Returns the name of the confirmed database."""
    from plumbing import database, rows

    database.guard("downgrade", named, asks=not yes)
    reverting = rows.what_downgrade_loses(revision)
    if not reverting.migrations:
        return database.target().name_to_type
    lost = lost_rows(reverting.rows) + lost_values(reverting.values)
    lost += [f"Running: {statement}" for statement in reverting.statements]
    names = ", ".join(reverting.migrations)
    return confirm_loss(lost, f"Revert {names} in database {database.described()}?", yes)


@click.command("stamp")
@click.argument("revision", default="head")
@with_app
def stamp_command(revision: str) -> None:
    """Mark the database as being at REVISION; no migration runs."""
    from plumbing import migrations

    migrations.stamp(revision)
    click.echo(f"Stamping: {revision}")


@click.command("history")
@with_app
def history_command() -> None:
    """List the migrations, newest first."""
    from plumbing import migrations

    migrations.show_history()
