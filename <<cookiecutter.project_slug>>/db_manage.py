"""Manage the database of this project: python db_manage.py help"""

import os
import shutil
from collections import Counter
from typing import Any, NoReturn

import click
from alembic import command
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

import local_postgres
from app import create_app, database, diagram, seeds
from app.config import ROOT, ConfigError
from app.extensions import db, migrate

PROGRAM = "python db_manage.py"


class Commands(click.Group):
    """Commands whose faults are one line on stderr and exit status 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (ConfigError, CommandError, local_postgres.PostgresError) as error:
            click.echo(f"Error: {error}", err=True)
        except DBAPIError as error:
            click.echo(f"Error: {database.explain(error)}", err=True)
        ctx.exit(2)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)  # in the order of this file


@click.group(cls=Commands)
@click.option("--config", default="default", metavar="NAME", help="The environment.")
@click.pass_context
def cli(ctx: click.Context, config: str) -> None:
    """Set up, migrate and inspect the database of this project."""
    if ctx.invoked_subcommand != "help":
        ctx.with_resource(create_app(config).app_context())


@cli.command()
@click.pass_context
def setup(ctx: click.Context) -> None:
    """Make the database ready, from the server to the tables."""
    if current_app.config["LOCAL_POSTGRES"]:
        ctx.invoke(start)
        # Only now it is known where the server listens.
        ctx.with_resource(create_app(current_app.config["ENVIRONMENT"]).app_context())
    database.wait(seconds=30)
    ctx.invoke(create)
    ctx.invoke(upgrade)
    click.echo("Ready. Next: flask run --debug")


@cli.command()
def init() -> None:
    """Say why there is nothing to initialise."""
    click.echo(
        "Nothing to do: this project came with its migrations folder and a first migration, which"
        " `flask db init` would have to overwrite. Next: python db_manage.py setup"
    )


@cli.command("migrate")
@click.argument("words", metavar="[MESSAGE]", required=False)
@click.option("-m", "--message", help="What the revision does.")
@click.pass_context
def migrate_(ctx: click.Context, words: str | None, message: str | None) -> None:
    """Write a revision for what has changed in the models, and the diagram."""
    config = migrate.get_config(opts=["autogenerate"])
    if command.revision(config, message or words, autogenerate=True):
        ctx.invoke(diagram_)
        click.echo("Next: read it, then python db_manage.py upgrade")


@cli.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Apply the pending revisions, up to REVISION."""
    command.upgrade(migrate.get_config(), revision)


@cli.command()
@click.argument("revision", default="-1")
def downgrade(revision: str) -> None:
    """Take back the last revision, or all after REVISION."""
    command.downgrade(migrate.get_config(), revision)


@cli.command()
@click.option("--check", is_flag=True, help="Exit with 1 if a revision is pending.")
@click.pass_context
def status(ctx: click.Context, check: bool) -> None:
    """Show which revisions the database has."""
    with db.engine.connect() as connection:
        revisions = database.revisions(connection)
        version = ".".join(map(str, connection.dialect.server_version_info or ()))
    server = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}[db.engine.dialect.name]
    local = "local " if current_app.config["LOCAL_POSTGRES"] else ""
    environment = current_app.config["ENVIRONMENT"]
    where = f"{db.engine.url.database}, {local}{server} {version} ({environment})"
    click.echo(f"Database: {where}")
    if schemas := database.model_schemas(db.metadata):
        click.echo(f"Schemas:  {', '.join(schemas)}")
    for revision, applied in revisions.items():
        click.echo(f"[{'x' if applied else ' '}] {revision}")
    if pending := list(revisions.values()).count(False):
        click.echo(f"Pending: {pending}. Run: python db_manage.py upgrade")
        ctx.exit(1 if check else 0)


@cli.command()
def create() -> None:
    """Create the database, unless it exists."""
    verb = "Creating" if database.create_database() else "Exists"
    click.echo(f"{verb}: database {db.engine.url.database}")


@cli.command()
def schemas() -> None:
    """Create the schemas of the models, unless they exist."""
    with db.engine.begin() as connection:
        for name in database.model_schemas(db.metadata):
            verb = "Creating" if database.create_schema(connection, name) else "Exists"
            click.echo(f"{verb}: schema {name}")


@cli.command()
def seed() -> None:
    """Insert the rows of app/seeds.py, unless their tables hold any."""
    if current_app.config["ENVIRONMENT"] == "production":
        raise ConfigError("These rows are made up: seed is refused in production.")
    if held := database.insert_once(seeds.rows):
        click.echo(f"Exists: rows in {', '.join(held)}")
        return
    for name, number in Counter(type(row).__name__ for row in seeds.rows()).items():
        click.echo(f"Inserting: {number} of {name}")


@cli.command("diagram")
def diagram_() -> None:
    """Draw the models in docs/models.md."""
    diagram.PATH.parent.mkdir(exist_ok=True)
    diagram.PATH.write_text(diagram.page(db.metadata), encoding="utf-8")
    click.echo(f"Drawing: {diagram.PATH.relative_to(ROOT)}")


@cli.command()
def start() -> None:
    """Start the local PostgreSQL, unless it runs."""
    verb = "Starting" if local_postgres.start() else "Running"
    click.echo(f"{verb}: local PostgreSQL")


@cli.command()
def stop() -> None:
    """Stop the local PostgreSQL, if it runs."""
    verb = "Stopping" if local_postgres.stop() else "Stopped"
    click.echo(f"{verb}: local PostgreSQL")


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> NoReturn:
    """Open psql on the database; ARGUMENTS go to psql."""
    if db.engine.dialect.name != "postgresql":
        raise ConfigError("psql opens PostgreSQL databases only.")
    program = shutil.which("psql") or str(local_postgres.programs() / "psql")
    if password := db.engine.url.password:
        os.environ["PGPASSWORD"] = str(password)
    os.execv(program, [program, plain_url(), *arguments])


@cli.command()
def url() -> None:
    """Print the URL of the database, without the password."""
    click.echo(plain_url())


def plain_url() -> str:
    """Return the URL without passwords, as psql takes it: it does not know + for a blank."""
    url = db.engine.url
    query = {key: value for key, value in url.query.items() if "password" not in key}
    place = (url.host, url.port, url.database, query)
    plain = URL.create(url.get_backend_name(), url.username, None, *place)
    return str(plain).replace("+", "%20")


@cli.command("help")
@click.argument("name", metavar="[COMMAND]", required=False)
@click.pass_context
def help_(ctx: click.Context, name: str | None) -> None:
    """Explain a command, or list them all."""
    found = cli.get_command(ctx, name) if name else cli
    if found is None:
        raise click.UsageError(f"No command {name!r}. Run: python db_manage.py help")
    click.echo(found.get_help(click.Context(found, ctx.parent if name else None, name or PROGRAM)))


if __name__ == "__main__":
    cli(prog_name=PROGRAM)
