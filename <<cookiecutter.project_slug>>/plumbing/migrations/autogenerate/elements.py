"""Compares constraints, indexes and generated columns, each as PostgreSQL prints it.

Alembic sees neither check and exclusion constraints nor primary keys, and of indexes, unique
constraints and generated columns only a part.  Foreign keys are left to it.

A database that was not created by migrations has other names.  What the naming convention of the models
names keeps such a name; only a name that begins as one of the convention is changed.
"""

import logging
import re
from collections.abc import Iterator
from typing import Any, TypeVar

from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops
from alembic.operations.ops import MigrateOperation, ModifyTableOps
from alembic.runtime.environment import NameFilterType
from alembic.util import PriorityDispatchResult
from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    Constraint,
    DefaultClause,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    TextClause,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.sql.elements import conv

from plumbing.migrations.autogenerate.printed import (
    CHECK,
    DEFAULT,
    EXCLUSION,
    GENERATED,
    INDEX,
    PRIMARY_KEY,
    TYPE,
    UNIQUE,
    UNIQUE_INDEX,
    VIRTUAL,
    Declared,
    Definitions,
    Key,
    Printed,
    full_name,
    printed,
    read,
)
from plumbing.migrations.autogenerate.rendering import escaped
from plumbing.migrations.autogenerate.statements import (
    Statement,
    add_exclusion,
    drop_exclusion,
    sql_name,
)

Element = TypeVar("Element", Index, Constraint)

# The kinds that the naming convention names, as it calls them.
CONVENTIONS = {
    CHECK: "ck",
    INDEX: "ix",
    UNIQUE: "uq",
}

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
    """Add the operations for a table that is in the database; a new one is left to Alembic.

    First constraints and indexes are dropped, then generated columns replaced, then constraints and
    indexes added.
    """
    tables = printed(context)
    if stored_table is None or tables is None:
        return PriorityDispatchResult.CONTINUE
    take_literally(stored_table)
    if table is None:
        indexes = sorted(stored_table.indexes, key=lambda index: str(index.name))
        modify.ops += [ops.DropIndexOp.from_index(plain(index)) for index in indexes]
        modify.ops += drop_exclusions(stored_table, context)
        return PriorityDispatchResult.STOP
    stored = tables.stored(table)
    if plain_definitions(table, context) != without_columns(stored):
        replaced = [
            column
            for column in table.columns
            if column.name in stored_table.columns and is_generated_otherwise(tables, column)
        ]
        changes = Changes(context, tables, table, stored_table)
        changes.compare(stored, tables.elements(table), [column.name for column in replaced])
        modify.ops += changes.dropped
        for column in replaced:
            modify.ops += replace(column, stored_table)
        modify.ops += changes.added
    return PriorityDispatchResult.STOP


def drop_exclusions(table: Table, context: AutogenContext) -> Iterator[MigrateOperation]:
    """Yield the operations for a dropped table, whose downgrade would not create them otherwise."""
    assert context.connection is not None
    stored = read(context.connection, [full_name(table)]).get(full_name(table), {})
    for (kind, name), definition in sorted(stored.items()):
        if kind == EXCLUSION:
            yield drop_exclusion(table, name, definition)


def plain_definitions(table: Table, context: AutogenContext) -> Definitions | None:
    """Return the definitions of a table that only has plain ones, which need no server, else None.

    This makes it quick to see that a table has not changed.
    """
    if any(column.computed is not None for column in table.columns):
        return None
    assert context.dialect is not None
    quote = context.dialect.identifier_preparer.quote
    definitions: Definitions = {}
    elements: list[Any] = [*table.indexes, *table.constraints]
    for element in elements:
        if isinstance(element, ForeignKeyConstraint):
            continue
        columns = [column for column in element.columns if isinstance(column, Column)]
        names = ", ".join(quote(column.name) for column in columns)
        options = {key for key, value in element.dialect_kwargs.items() if value is not None}
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


def without_columns(definitions: Definitions) -> Definitions:
    """Return the definitions without those that compare_defaults() and compare_types() look at."""
    return {key: value for key, value in definitions.items() if key[0] not in (DEFAULT, TYPE)}


def is_generated_otherwise(tables: Printed, column: Column[Any]) -> bool:
    """Return whether a column is generated in another way than in the database.

    If the model does not say whether it is stored, either is right: PostgreSQL 18 has changed that.
    """
    key = GENERATED, column.name
    old = tables.stored(column.table).get(key)
    new = tables.columns(column.table).get(key)
    if column.computed is not None and column.computed.persisted is None and old and new:
        old, new = old.removesuffix(VIRTUAL), new.removesuffix(VIRTUAL)
    return tables.differs(column.table, key, old, new)


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

    def __init__(
        self, context: AutogenContext, tables: Printed, table: Table, stored_table: Table
    ) -> None:
        self.context = context
        self.tables = tables
        self.model = table
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
        unmatched = [element for element, key, _ in matched if key is None]
        renamed = self.adopted(unmatched, remaining)
        renamed += self.renamed([each for each in unmatched if each not in renamed], remaining)
        for (kind, name), definition in sorted(remaining.items()):
            self.drop("removed", kind, name, definition)
        for element, key, definition in matched:
            if key is None:
                if element not in renamed and not self.comes_with_a_column(element):
                    self.add("added", element)
            elif uses(definition, replaced) or self.differs(element, key, definition):
                self.drop("", *key, definition)
                self.add("changed", element)

    def comes_with_a_column(self, declared: Declared) -> bool:
        """Return whether a new column brings a check along, as that of an enum of strings does."""
        check = declared.element
        if not isinstance(check, CheckConstraint) or not check._type_bound:
            return False
        return any(column.name not in self.table.columns for column in check.columns)

    def adopted(self, added: list[Declared], removed: Definitions) -> list[Declared]:
        """Return those that another database has under a name of its own; take these out of `removed`.

        A unique index does what a unique constraint does.
        """
        adopted = []
        for element in added:
            prefix = self.prefix(element)
            if not prefix:
                continue
            for key in list(removed):
                if not key[1].startswith(prefix) and self.is_same(element, key, removed[key]):
                    del removed[key]
                    adopted.append(element)
                    break
        return adopted

    def prefix(self, element: Declared) -> str:
        """Return how a name begins that the convention gives, nothing if it has not given this one."""
        name = element.element.name
        convention: Any = self.model.metadata.naming_convention
        pattern = convention.get(CONVENTIONS.get(element.kind, ""), "")
        if not isinstance(name, conv) or not isinstance(pattern, str):
            return ""
        return pattern.partition("%")[0]

    def is_same(self, element: Declared, key: Key, definition: str) -> bool:
        """Return whether a constraint or index of the database does what one of the models does."""
        if element.definition is None:
            return False
        if element.kind == UNIQUE and key[0] == INDEX:
            return definition == UNIQUE_INDEX + element.definition.replace("UNIQUE", "btree", 1)
        return key[0] == element.kind and not self.differs(element, key, definition)

    def renamed(self, added: list[Declared], removed: Definitions) -> list[Declared]:
        """Rename those that only have another name; take their old names out of `removed`."""
        renamed = []
        for element in added:
            same = [key for key in removed if key[0] == element.kind]
            old = next((key for key in same if removed[key] == element.definition), None)
            if old and element.name:
                del removed[old]
                renamed.append(element)
                self.dropped.append(self.rename(element.kind, old[1], element.name))
                self.log("renamed", element.kind, element.name)
        return renamed

    def rename(self, kind: str, old: str, new: str) -> Statement:
        schema = self.table.schema
        table = sql_name(schema, self.table.name)
        if kind == INDEX:
            return Statement(
                f"ALTER INDEX {sql_name(schema, old)} RENAME TO {sql_name(new)}",
                f"ALTER INDEX {sql_name(schema, new)} RENAME TO {sql_name(old)}",
            )
        return Statement(
            f"ALTER TABLE {table} RENAME CONSTRAINT {sql_name(old)} TO {sql_name(new)}",
            f"ALTER TABLE {table} RENAME CONSTRAINT {sql_name(new)} TO {sql_name(old)}",
        )

    def differs(self, element: Declared, key: Key, definition: str) -> bool:
        return self.tables.differs(self.model, key, definition, element.definition)

    def drop(self, word: str, kind: str, name: str, definition: str) -> None:
        element = self.element(kind, name, definition)
        if word and not self.is_included(element, kind, name, reflected=True):
            return
        if word:
            self.log(word, kind, name)
        match element:
            case None:
                self.dropped.append(drop_exclusion(self.table, name, definition))
            case Index():
                self.dropped.append(ops.DropIndexOp.from_index(plain(element)))
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
            case CheckConstraint():
                self.added.append(self.new_check(element))
            case ExcludeConstraint() if element.name:
                self.added.append(add_exclusion(element))
            case Constraint():
                self.added.append(ops.AddConstraintOp.from_constraint(element))

    def new_check(self, check: CheckConstraint) -> MigrateOperation:
        """Return the operation for a check; a condition with columns would add it to the model."""
        name: Any = check.name
        condition = self.context.migration_context.impl.render_ddl_sql_expr(check.sqltext)
        table = self.table
        return ops.CreateCheckConstraintOp(name, table.name, text(condition), schema=table.schema)

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
                unique: Any = plain(self.constraints[name])
                unique.deferrable = " DEFERRABLE" in definition or None
                unique.initially = "DEFERRED" if "INITIALLY DEFERRED" in definition else None
                return unique  # type: ignore[no-any-return]
            case "c":
                condition = definition.removeprefix("CHECK (").rpartition(")")[0]
                check = CheckConstraint(literal(condition), name=conv(name))
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


def plain(element: Element) -> Element:
    """Take out of a reflected index or constraint the options that say nothing, such as include=[]."""
    for key, value in dict(element.dialect_kwargs).items():
        if value in (False, [], ()):
            del element.dialect_kwargs[key]
    return element


def take_literally(table: Table) -> None:
    """Let :name in the SQL of a table of the database stand for itself, not for a parameter."""
    for column in table.columns:
        default: Any = column.server_default
        if isinstance(default, DefaultClause):
            default.arg = literal(str(getattr(default.arg, "text", default.arg)))
        elif isinstance(default, Computed):
            default.sqltext = literal(str(getattr(default.sqltext, "text", default.sqltext)))
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint):
            constraint.sqltext = literal(str(getattr(constraint.sqltext, "text", "")))
    for index in table.indexes:
        expressions: list[Any] = list(index.expressions)
        for place, expression in enumerate(expressions):
            if isinstance(expression, TextClause):
                expressions[place] = literal(expression.text)
        index.expressions = expressions


def literal(sql: str) -> TextClause:
    return text(escaped(sql))


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
