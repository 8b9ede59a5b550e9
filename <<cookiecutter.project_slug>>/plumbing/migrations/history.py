"""The migrations in migrations/versions, and which of them the database has."""

import re
from pathlib import Path

import click
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import ResolutionError, RevisionError, RevisionMap
from alembic.util import CommandError, to_tuple
from sqlalchemy import Connection, text

from plumbing.current import migrate
from plumbing.database import is_postgresql
from plumbing.errors import UserError
from plumbing.explanations import explained
from plumbing.remedies import UPGRADE

LONGEST_ID = 32  # characters in alembic_version.version_num

WIDTH = text("""
    SELECT coalesce(character_maximum_length, 1000000)
    FROM information_schema.columns
    WHERE (table_schema, table_name, column_name) = (:schema, 'alembic_version', 'version_num')
""")


def script_directory() -> ScriptDirectory:
    """Return the folder of the migrations, whose files are not loaded yet."""
    return ScriptDirectory.from_config(migrate().get_config())


def loaded_scripts() -> ScriptDirectory:
    """Return the migrations in migrations/versions.  Raises UserError if one is wrong."""
    scripts = script_directory()
    load(scripts)
    return scripts


def load(scripts: ScriptDirectory) -> None:
    """Load the migration files.  Raises UserError if one is wrong, or does not fit the others.

    Alembic itself would say some of this with a traceback, after a warning.
    """
    with explained():
        try:
            found = list(scripts._load_revisions())
            check_ids(found)
            scripts.revision_map = RevisionMap(lambda: found)  # or Alembic would load them again
            _ = scripts.revision_map.heads
        except RevisionError as error:
            raise CommandError(str(error)) from error


def check_ids(scripts: list[Script]) -> None:
    """Raise UserError if two migrations have the same id, or one follows an id that does not exist."""
    paths: dict[str, str] = {}
    for script in scripts:
        if script.revision in paths:
            first, second = sorted((paths[script.revision], file_name(script)))
            raise UserError(
                f"{first} and {second} have the same revision, {script.revision}:"
                " change one of them, and set its down_revision to the other."
            )
        paths[script.revision] = file_name(script)
    labels = {label for script in scripts for label in script.branch_labels}
    for script in scripts:
        before = to_tuple(script.down_revision, ()) + to_tuple(script.dependencies, ())
        for revision in before:
            if revision not in paths and revision not in labels:
                raise UserError(
                    f"{file_name(script)} follows {revision}, which is not in migrations/versions:"
                    " get the code that contains it, or correct down_revision."
                )


def file_name(script: Script) -> str:
    """Return the name of a migration's file."""
    return Path(script.path).name


def check_lengths(context: MigrationContext, scripts: ScriptDirectory) -> None:
    """Raise UserError if the table alembic_version has no room for the id of a migration.

    PostgreSQL would say so only when the migration has run.
    """
    long = [script for script in scripts.walk_revisions() if len(script.revision) > LONGEST_ID]
    if not long or not is_postgresql() or widens_versions(scripts):
        return
    room = LONGEST_ID
    if context.connection is not None:
        schema = {"schema": version_table_schema()}
        room = context.connection.scalar(WIDTH, schema) or LONGEST_ID
        context.connection.rollback()  # Alembic is to begin transactions of its own
    for script in long:
        if len(script.revision) > room:
            raise UserError(f"{file_name(script)}: {too_long(script.revision)}")


def too_long(revision: str) -> str:
    """Return the line about an id that is too long."""
    return (
        f"revision {revision} has {len(revision)} characters, and the table alembic_version has"
        f" room for {LONGEST_ID}: shorten it."
    )


def widens_versions(scripts: ScriptDirectory) -> bool:
    """Return whether a migration alters the column alembic_version.version_num."""
    return any(
        b"version_num" in Path(script.path).read_bytes() for script in scripts.walk_revisions()
    )


def check_new_id(context: click.Context, _: click.Parameter, revision: str | None) -> str | None:
    """Return the value of --rev-id.  Raises ClickException if the table has no room for it.

    What the database at hand has room for does not count: the file will be for others too.
    """
    is_long = len(revision or "") > LONGEST_ID and is_postgresql()
    if revision and is_long and not widens_versions(loaded_scripts()):
        raise click.ClickException(too_long(revision))
    return revision


def heads() -> list[str]:
    """Return the ids of the newest migrations: one, or several after a merge of branches in git."""
    return list(loaded_scripts().get_heads())


def require_one_head() -> None:
    """Raise CommandError if there are several heads."""
    loaded_scripts().get_current_head()


def version_table_schema() -> str | None:
    """Return the schema of alembic_version: public on PostgreSQL, whatever the search path."""
    return "public" if is_postgresql() else None


def applied(connection: Connection, scripts: ScriptDirectory | None = None) -> dict[str, bool]:
    """Return the id of each migration, oldest first, and whether the database has it.

    `scripts` are the migrations, if they are loaded already.  Raises UserError if the database has a
    migration that is not in the code.
    """
    scripts = scripts or loaded_scripts()
    options = {"version_table_schema": version_table_schema()}
    present = MigrationContext.configure(connection, opts=options).get_current_heads()
    known = [script.revision for script in scripts.walk_revisions()]
    lost = sorted(set(present) - set(known))
    if lost:
        raise UserError(
            f"The database is at {lost[0]}, which is not in migrations/versions:"
            " get the code that contains it."
        )
    done = set()
    for head in present:
        done |= {script.revision for script in scripts.iterate_revisions(head, "base")}
    return {revision: revision in done for revision in reversed(known)}


def pending(connection: Connection, scripts: ScriptDirectory | None = None) -> list[str]:
    """Return the ids of the migrations that the database does not have, oldest first."""
    found = applied(connection, scripts)
    return [revision for revision, is_applied in found.items() if not is_applied]


def to_revert(connection: Connection, revision: str) -> list[Script]:
    """Return the migrations that a downgrade to a revision would revert, in its order.

    Raises CommandError, worded like Alembic's own, if that is not below the database's revision.
    """
    options = {"version_table_schema": version_table_schema()}
    present = MigrationContext.configure(connection, opts=options).get_current_heads()
    try:
        return list(
            loaded_scripts().iterate_revisions(present, revision, select_for_downgrade=True)
        )
    except ResolutionError as error:
        raise CommandError(f"Can't locate revision identified by {error.argument!r}") from error
    except RevisionError as error:
        raise CommandError(str(error)) from error


def require_no_pending(connection: Connection) -> None:
    """Raise UserError if the tables in the database are not those of the models."""
    if pending(connection):
        raise UserError(f"Migrations are pending. {UPGRADE}")


def next_revision_id(message: str | None) -> str:
    """Return the id of a new migration: "Add phone!" gives 0002_add_phone."""
    ids = [script.revision for script in loaded_scripts().walk_revisions()]
    numbers = [int(match[0]) for match in (re.match(r"\d+", id_) for id_ in ids) if match]
    number = max(numbers, default=0) + 1
    words = re.sub(r"[^a-z0-9]+", "_", (message or "").lower()).strip("_")
    full = f"{number:04}_{words or 'migration'}"
    return full[:LONGEST_ID].rstrip("_")
