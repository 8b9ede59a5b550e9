"""Compares constraints, indexes and generated columns, each as PostgreSQL prints it.

Alembic sees neither check and exclusion constraints nor primary keys, and of indexes, unique
constraints and generated columns only a part.  Foreign keys are left to it.
"""

import logging
import re
from collections.abc import Iterator
from typing import Any

from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from alembic.operations.ops import MigrateOperation, ModifyTableOps
from alembic.runtime.environment import NameFilterType
from alembic.util import PriorityDispatchResult
from sqlalchemy import (
    CheckConstraint,
    Column,
    Constraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.sql.elements import conv

from plumbing.database import quoted
from plumbing.migrations.autogenerate.printed import (
    CHECK,
    DEFAULT,
    EXCLUSION,
    GENERATED,
    INDEX,
    PRIMARY_KEY,
    UNIQUE,
    Declared,
    Definitions,
    is_postgresql,
    printed,
)
from plumbing.migrations.autogenerate.rendering import escaped
from plumbing.migrations.autogenerate.statements import Statement

WORDS = {
    CHECK: "check constraint",
    EXCLUSION: "exclusion constraint",
    INDEX: "index",
    PRIMARY_KEY: "primary key",
    UNIQUE: "unique constraint",
}

logger = logging.getLogger("alembic.autogenerate.plumbing")


def compare_elements(
    context: AutogenContext,
    modify: ModifyTableOps,
    schema: str | None,
    name: str,
    stored_table: Table | None,
    table: Table | None,
) -> PriorityDispatchResult:
    """Add the operations for a table that exists; new tables and dropped ones are left to Alembic.

    First constraints and indexes are dropped, then generated columns replaced, then constraints and
    indexes added.
    """
    if stored_table is None or table is None or not is_postgresql(context):
        return PriorityDispatchResult.CONTINUE
    tables = printed(context)
    stored = tables.stored(table)
    if plain_definitions(table) != without_defaults(stored):
        replaced = replaced_columns(stored, tables.columns(table), table, stored_table)
        changes = Changes(context, stored_table)
        changes.compare(stored, tables.elements(table), [column.name for column in replaced])
        modify.ops += changes.dropped
        for column in replaced:
            modify.ops += replace(column, stored_table)
        modify.ops += changes.added
    return PriorityDispatchResult.STOP


def plain_definitions(table: Table) -> Definitions | None:
    """Return the definitions of a table that only has plain ones, which need no server, else None.

    This makes it quick to see that a table has not changed.
    """
    definitions: Definitions = {}
    elements: list[Any] = [*table.indexes, *table.constraints]
    for element in elements:
        if isinstance(element, ForeignKeyConstraint):
            continue
        columns = [column for column in element.columns if isinstance(column, Column)]
        names = ", ".join(quoted(column.name) for column in columns)
        options = {key for key, value in element.dialect_kwargs.items() if value}
        match element:
            case Index() if not options and len(columns) == len(element.expressions):
                unique = "UNIQUE " if element.unique else ""
                definitions[INDEX, str(element.name)] = f"{unique}btree ({names})"
            case PrimaryKeyConstraint() if not names:
                pass
            case PrimaryKeyConstraint() if not options and not element.deferrable:
                definitions[PRIMARY_KEY, str(element.name)] = f"PRIMARY KEY ({names})"
            case UniqueConstraint() if not options and not element.deferrable:
                definitions[UNIQUE, str(element.name)] = f"UNIQUE ({names})"
            case _:
                return None
    return definitions


def without_defaults(definitions: Definitions) -> Definitions:
    """Return the definitions without those of compare_defaults()."""
    return {key: value for key, value in definitions.items() if key[0] != DEFAULT}


def replaced_columns(
    old: Definitions, new: Definitions, table: Table, stored_table: Table
) -> list[Column[Any]]:
    """Return the columns of the model that are generated in another way than in the database."""
    present = [column for column in table.columns if column.name in stored_table.columns]
    keys = [(GENERATED, column.name) for column in present]
    return [
        column for key, column in zip(keys, present, strict=True) if old.get(key) != new.get(key)
    ]


def replace(column: Column[Any], stored_table: Table) -> Iterator[MigrateOperation]:
    """Yield the operations that change how a column is generated; all its values are made anew.

    Only PostgreSQL 17 and later could change the expression of a column.
    """
    schema, name = stored_table.schema, stored_table.name
    stored = stored_table.columns[column.name]
    logger.info("Detected changed generation of column '%s.%s'", column.table.key, column.name)
    yield ops.DropColumnOp.from_column_and_tablename(schema, name, stored)
    yield ops.AddColumnOp.from_column_and_tablename(schema, name, column)


class Changes:
    """The operations that drop and add the constraints and indexes of a table."""

    def __init__(self, context: AutogenContext, stored_table: Table) -> None:
        self.context = context
        self.table = stored_table
        self.indexes = {str(index.name): index for index in stored_table.indexes}
        self.constraints = {str(each.name): each for each in stored_table.constraints}
        self.dropped: list[MigrateOperation] = []
        self.added: list[MigrateOperation] = []

    def compare(self, stored: Definitions, declared: list[Declared], replaced: list[str]) -> None:
        """Compare those in the database with those of the models.

        Those that use a column in `replaced` are dropped before that and added afterwards.
        """
        remaining = {key: value for key, value in stored.items() if key[0] in WORDS}
        matched = []
        for element in sorted(declared, key=lambda element: element.name or ""):
            key = find(element, remaining)
            definition = remaining.pop(key) if key else ""
            matched.append((element, key, definition))
        for (kind, name), definition in sorted(remaining.items()):
            self.drop("removed", kind, name, definition)
        for element, key, definition in matched:
            if key is None:
                self.add("added", element)
            elif definition != element.definition or uses(definition, replaced):
                self.drop("", *key, definition)
                self.add("changed", element)

    def drop(self, word: str, kind: str, name: str, definition: str) -> None:
        element = self.element(kind, name, definition)
        if word and not self.is_included(element, kind, name, reflected=True):
            return
        if word:
            self.log(word, kind, name)
        match element:
            case None:
                table = quoted(self.table.schema, self.table.name).replace("%%", "%")
                constraint = quoted(name).replace("%%", "%")
                self.dropped.append(
                    Statement(
                        f"ALTER TABLE {table} DROP CONSTRAINT {constraint}",
                        f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {definition}",
                    )
                )
            case Index():
                self.dropped.append(ops.DropIndexOp.from_index(element))
            case Constraint():
                self.dropped.append(ops.DropConstraintOp.from_constraint(element))

    def add(self, word: str, declared: Declared) -> None:
        element = declared.element
        if not self.is_included(element, declared.kind, declared.name, reflected=False):
            return
        self.log(word, declared.kind, declared.name)
        match element:
            case Index():
                self.added.append(ops.CreateIndexOp.from_index(element))
            case Constraint():
                self.added.append(ops.AddConstraintOp.from_constraint(element))

    def element(self, kind: str, name: str, definition: str) -> Constraint | Index | None:
        """Return a constraint or an index of the database, to add it again in a downgrade.

        SQLAlchemy does not reflect exclusion constraints.
        """
        match kind:
            case "index":
                return self.indexes[name]
            case "p":
                return self.table.primary_key
            case "u":
                unique: Any = self.constraints[name]
                unique.deferrable = " DEFERRABLE" in definition or None
                unique.initially = "DEFERRED" if "INITIALLY DEFERRED" in definition else None
                return unique  # type: ignore[no-any-return]
            case "c":
                condition = definition.removeprefix("CHECK (").rpartition(")")[0]
                check = CheckConstraint(text(escaped(condition)), name=conv(name))
                self.table.append_constraint(check)
                return check
        return None

    def is_included(
        self, element: Constraint | Index | None, kind: str, name: str | None, reflected: bool
    ) -> bool:
        """Return whether include_object(), if the project has one, lets it pass."""
        filtered: dict[str, NameFilterType] = {INDEX: "index", UNIQUE: "unique_constraint"}
        if element is None or kind not in filtered:
            return True
        return self.context.run_object_filters(element, name, filtered[kind], reflected, None)

    def log(self, word: str, kind: str, name: str | None) -> None:
        table = self.table.fullname
        logger.info("Detected %s %s %s on '%s'", word, WORDS[kind], name or "", table)


def find(element: Declared, stored: Definitions) -> tuple[str, str] | None:
    """Return the key of the stored one that is meant by a model's; a name is not always enough.

    A table has one primary key, and what has no name in the models has one in the database.
    """
    key = element.kind, element.name or ""
    if key in stored:
        return key
    same_kind = [key for key in stored if key[0] == element.kind]
    if element.kind == PRIMARY_KEY:
        return same_kind[0] if same_kind else None
    if element.name is None:
        return next((key for key in same_kind if stored[key] == element.definition), None)
    return None


def uses(definition: str, columns: list[str]) -> bool:
    """Return whether a definition names one of some columns."""
    return any(re.search(rf"\b{re.escape(column)}\b", definition) for column in columns)
