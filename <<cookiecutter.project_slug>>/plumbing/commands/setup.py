"""The command for the first day."""

import click

from plumbing.commands.project import Project, pass_project, with_app


@click.command("setup")
@with_app
@pass_project
def setup_command(project: Project) -> None:
    """Prepare the server, the database and its tables."""
    from plumbing import database, migrations
    from plumbing.commands.database import create_database
    from plumbing.commands.server import start_server
    from plumbing.current import setting

    if setting("LOCAL_POSTGRES"):
        start_server(project)
    database.wait(seconds=30)
    create_database()
    migrations.upgrade()
    serve = "gunicorn wsgi:app" if setting("ENVIRONMENT") == "production" else "flask run --debug"
    click.echo(f"Ready. Next: {serve}")


@click.command("init")
def init_command() -> None:
    """Explain why there is nothing to initialize."""
    click.echo(
        "Nothing to do: flask db init would start over what is in migrations/."
        " Next: python db_manage.py setup"
    )
