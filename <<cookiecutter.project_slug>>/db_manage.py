#!/usr/bin/env python
"""Manage the database of this project: python db_manage.py help"""

import json
import os
import sys
from typing import TYPE_CHECKING, NoReturn

try:
    import click

    from one_line import Commands
except ModuleNotFoundError:
    sys.exit("Error: click is missing. Activate the virtual environment: . .venv/bin/activate")

if TYPE_CHECKING:
    from alembic import command
    from flask import current_app

    from app import create_app, database, diagram, revisions, seeds, tables
    from app.extensions import migrate

PROGRAM = "python db_manage.py"
HELP = "--help" in sys.argv
SECONDS = click.FloatRange(min=0)
ENVIRONMENTS = ("development", "testing", "production")


@click.group(cls=Commands, no_args_is_help=False, invoke_without_command=True)
@click.option("--config", type=click.Choice(ENVIRONMENTS), help="The environment.")
@click.pass_context
def cli(ctx: click.Context, config: str | None) -> None:
    """Set up, migrate and inspect the database of this project."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
    elif ctx.invoked_subcommand not in ("help", "init", "start", "stop") and not HELP:
        # Not before: help and completion need not wait for SQLAlchemy.
        global command, create_app, current_app, database, diagram
        global migrate, revisions, seeds, tables
        from alembic import command
        from flask import current_app

        from app import create_app, database, diagram, revisions, seeds, tables
        from app.extensions import migrate

        if not current_app:  # as in a test
            create_app(config or "default").app_context().push()


NAMED = "The database that is meant, as production asks."
yes_option = click.option("--yes", is_flag=True, help="Do not ask.")
database_option = click.option("--database", "named", metavar="NAME", help=NAMED)


def confirm_loss(rows: dict[tuple[str, str], int], question: str, yes: bool) -> None:
    """Print what is at stake, and ask unless --yes was given."""
    for (schema, table), number in rows.items():
        click.echo(f"Losing: {schema}.{table}, {number} row{'' if number == 1 else 's'}")
    if not yes:
        click.confirm(question, abort=True)


@cli.command()
@click.pass_context
def setup(ctx: click.Context) -> None:
    """Make the database ready, from the server to the tables."""
    if current_app.config["LOCAL_POSTGRES"]:
        ctx.invoke(start)
        # Only now it is known where the server listens.
        create_app(current_app.config["ENVIRONMENT"]).app_context().push()
    database.wait(seconds=30)
    ctx.invoke(create)
    ctx.invoke(upgrade)
    production = current_app.config["ENVIRONMENT"] == "production"
    click.echo(f"Ready. Next: {'gunicorn wsgi:app' if production else 'flask run --debug'}")


@cli.command()
def init() -> None:
    """Say why there is nothing to initialise."""
    why = "flask db init would start over what is in migrations/"
    click.echo(f"Nothing to do: {why}. Next: python db_manage.py setup")


@cli.command("migrate")
@click.argument("message", required=False)
@click.pass_context
def migrate_(ctx: click.Context, message: str | None) -> None:
    """Write a revision of what changed in the models; draw them."""
    config = migrate.get_config(opts=["autogenerate"])
    if command.revision(config, message, autogenerate=True):
        ctx.invoke(diagram_)
        click.echo("Next: read it, then python db_manage.py upgrade")


@cli.command()
@click.argument("revision", default="head")
@click.option("--sql", is_flag=True, help="Print the SQL instead, without a server.")
@click.option("--wait", type=SECONDS, default=0, metavar="SECONDS", help="Wait for the server.")
def upgrade(revision: str, sql: bool, wait: float) -> None:
    """Apply the pending revisions, up to REVISION."""
    if wait:
        database.wait(wait)
    command.upgrade(migrate.get_config(), revision, sql=sql)


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("revision", default="-1")
def downgrade(revision: str) -> None:
    """Take back the last revision, or all after REVISION."""
    command.downgrade(migrate.get_config(), revision)


@cli.command()
@click.option("--check", is_flag=True, help="Exit with 1 if a revision is pending.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def status(ctx: click.Context, check: bool, as_json: bool) -> None:
    """Show which revisions the database has."""
    found = database.status()
    for line in [json.dumps(found, indent=2)] if as_json else database.described(found):
        click.echo(line)
    ctx.exit(1 if check and found["pending"] else 0)


@cli.command()
@click.pass_context
def check(ctx: click.Context) -> None:
    """Exit with 1 unless models, database and diagram agree."""
    with database.connect() as connection:
        found = revisions.differences(connection) + diagram.differences()
    click.echo("\n".join(found) or "Checked: one head, nothing pending, models and diagram match")
    ctx.exit(1 if found else 0)


@cli.command()
def create() -> None:
    """Create the database, unless it exists."""
    click.echo(f"{'Creating' if database.create() else 'Exists'}: database {database.name()}")


@cli.command()
@click.option("--owner", metavar="ROLE", help="Create them for a role, which then can migrate.")
def schemas(owner: str | None) -> None:
    """Create the schemas of the models, unless they exist."""
    for name, created in database.create_schemas(owner).items():
        click.echo(f"{'Creating' if created else 'Exists'}: schema {name}")
    if owner:
        click.echo(f"Granting: CREATE on schema public to {owner}")


@cli.command()
@click.argument("role")
def grant(role: str) -> None:
    """Let ROLE read and write rows, and nothing else."""
    tables.grant(role)
    click.echo(f"Granting: SELECT, INSERT, UPDATE, DELETE to {role}")


@cli.command()
@yes_option
@database_option
def drop(yes: bool, named: str | None) -> None:
    """Drop the database."""
    database.guard("drop", named)
    confirm_loss({}, f"Drop {database.target()}, and all that is in it?", yes)
    click.echo(f"{'Dropping' if database.drop() else 'Missing'}: database {database.name()}")


@cli.command()
@yes_option
@database_option
@click.pass_context
def reset(ctx: click.Context, yes: bool, named: str | None) -> None:
    """Drop this project's tables, and apply all revisions."""
    database.guard("reset", named)
    revisions.directory().get_current_head()  # an error now, not when all is gone
    question = f"Drop these and what depends on them in {database.target()}, and migrate anew?"
    confirm_loss(tables.rows_to_drop(), question, yes)
    for schema in tables.drop_owned():
        click.echo(f"Dropping: schema {schema}")
    ctx.invoke(upgrade)


@cli.command("reset-schema")
@click.argument("name")
@yes_option
@database_option
def reset_schema(name: str, yes: bool, named: str | None) -> None:
    """Empty the tables of schema NAME and what refers to them."""
    empty("schema", name, yes, named)


@cli.command("reset-table")
@click.argument("name")
@yes_option
@database_option
def reset_table(name: str, yes: bool, named: str | None) -> None:
    """Empty table NAME and the tables that refer to it."""
    empty("table", name, yes, named)


def empty(kind: str, name: str, yes: bool, named: str | None) -> None:
    """Empty a table, or those of a schema, after a question."""
    database.guard(f"reset-{kind}", named)
    rows = tables.rows_of(tables.model_tables(kind, name))
    confirm_loss(rows, f"Empty these tables in {database.target()}?", yes)
    tables.empty(rows)
    click.echo(f"Emptying: {len(rows)} table{'' if len(rows) == 1 else 's'}")


@cli.command()
@database_option
def seed(named: str | None) -> None:
    """Insert the rows of app/seeds.py if their tables are empty."""
    database.guard("seed", named)
    for line in tables.insert_once(seeds.rows):
        click.echo(line)


@cli.command("diagram")
def diagram_() -> None:
    """Draw the models in docs/models.md."""
    click.echo(f"Drawing: {diagram.write()}")


@cli.command()
def start() -> None:
    """Start the local PostgreSQL, unless it runs."""
    import local_postgres

    click.echo(f"{'Starting' if local_postgres.start() else 'Running'}: local PostgreSQL")


@cli.command()
def stop() -> None:
    """Stop the local PostgreSQL, if it runs."""
    import local_postgres

    click.echo(f"{'Stopping' if local_postgres.stop() else 'Not running'}: local PostgreSQL")


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> NoReturn:
    """Open psql on the database; ARGUMENTS go to psql."""
    program, environment = database.psql()
    os.execve(program, [program, database.url_without_password(), *arguments], environment)


@cli.command()
def url() -> None:
    """Print the URL of the database, without the password."""
    click.echo(database.url_without_password())


@cli.command("help")
@click.argument("name", metavar="[COMMAND]", required=False)
@click.pass_context
def help_(ctx: click.Context, name: str | None) -> None:
    """Explain a command, or list them all."""
    found = cli.get_command(ctx, name) if name else cli
    if found is None:
        raise click.UsageError(f"No such command {name!r}.", ctx.parent)
    click.echo(found.get_help(click.Context(found, ctx.parent if name else None, name or PROGRAM)))


if __name__ == "__main__":
    completing = "_DB_MANAGE_PY_COMPLETE" in os.environ  # the shell calls it by its own name
    cli(prog_name=None if completing else PROGRAM)
