"""The migrations in migrations/versions, and which of them the database has."""

import re

from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import ResolutionError, RevisionError
from alembic.util import CommandError
from sqlalchemy import Connection

from plumbing.current import migrate
from plumbing.database import is_postgresql
from plumbing.errors import UserError
from plumbing.explanations import UPGRADE

LONGEST_ID = 32  # characters in alembic_version.version_num


def script_directory() -> ScriptDirectory:
    """Return the migrations in migrations/versions."""
    return ScriptDirectory.from_config(migrate().get_config())


def heads() -> list[str]:
    """Return the ids of the newest migrations: one, or several after a merge of branches in git."""
    return list(script_directory().get_heads())


def require_one_head() -> None:
    """Raise CommandError if there are several heads."""
    script_directory().get_current_head()


def version_table_schema() -> str | None:
    """Return the schema of alembic_version: public on PostgreSQL, whatever the search path."""
    return "public" if is_postgresql() else None


def applied(connection: Connection) -> dict[str, bool]:
    """Return the id of each migration, oldest first, and whether the database has it.

    Raises UserError if the database has a migration that is not in the code.
    """
    scripts = script_directory()
    options = {"version_table_schema": version_table_schema()}
    present = MigrationContext.configure(connection, opts=options).get_current_heads()
    known = [script.revision for script in scripts.walk_revisions()]
    lost = sorted(set(present) - set(known))
    if lost:
        raise UserError(
            f"The database is at {lost[0]}, which is not in migrations/versions:"
            " take the code that has it."
        )
    done = set()
    for head in present:
        done |= {script.revision for script in scripts.iterate_revisions(head, "base")}
    return {revision: revision in done for revision in reversed(known)}


def pending(connection: Connection) -> list[str]:
    """Return the ids of the migrations that the database does not have, oldest first."""
    return [revision for revision, is_applied in applied(connection).items() if not is_applied]


def to_revert(connection: Connection, revision: str) -> list[Script]:
    """Return the migrations that a downgrade to a revision would revert, in its order.

    Raises CommandError, worded like Alembic's own, if that is not below the database's revision.
    """
    options = {"version_table_schema": version_table_schema()}
    present = MigrationContext.configure(connection, opts=options).get_current_heads()
    try:
        return list(
            script_directory().iterate_revisions(present, revision, select_for_downgrade=True)
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
    ids = [script.revision for script in script_directory().walk_revisions()]
    numbers = [int(match[0]) for match in (re.match(r"\d+", id_) for id_ in ids) if match]
    number = max(numbers, default=0) + 1
    words = re.sub(r"[^a-z0-9]+", "_", (message or "").lower()).strip("_")
    full = f"{number:04}_{words or 'migration'}"
    return full[:LONGEST_ID].rstrip("_")
