"""Defaults, constraints and indexes as PostgreSQL prints them.

The server rewrites an expression when it stores it: `state IN ('new', 'paid')` becomes an array
with casts.  So the expressions of the models cannot be compared with those of the database as text.
Here the server stores them in a temporary table, and prints both.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from alembic.autogenerate.api import AutogenContext
from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Constraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateIndex

from plumbing.database import quoted
from plumbing.enums import declared_enums, enum_sql, literal, stored_enums

# The kinds of what is printed; those of constraints are the contype in pg_constraint.
DEFAULT = "default"  # of a column
TYPE = "type"  # of a column
GENERATED = "generated"  # how a column is computed
INDEX = "index"
CHECK = "c"
EXCLUSION = "x"
PRIMARY_KEY = "p"
UNIQUE = "u"
AGAIN = "plumbing_again"  # the name of what is created once more
VIRTUAL = " VIRTUAL"
UNIQUE_INDEX = "UNIQUE "

KINDS = {
    CheckConstraint: CHECK,
    ExcludeConstraint: EXCLUSION,
    PrimaryKeyConstraint: PRIMARY_KEY,
    UniqueConstraint: UNIQUE,
}

# Of those tables in :tables that exist.
DEFINITIONS = text("""
    WITH tables AS (
        SELECT name, to_regclass(name) AS oid FROM unnest(CAST(:tables AS text[])) AS name
    ), definitions (table_oid, kind, item, definition) AS (
        SELECT adrelid, CASE attgenerated WHEN '' THEN 'default' ELSE 'generated' END, attname,
            pg_get_expr(adbin, adrelid) || CASE attgenerated WHEN 'v' THEN ' VIRTUAL' ELSE '' END
        FROM pg_attrdef
        JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
        UNION ALL
        SELECT attrelid, 'type', attname,
            format_type(atttypid, atttypmod) || coalesce(' COLLATE ' || quote_ident(collname), '')
        FROM pg_attribute
        JOIN pg_type ON pg_type.oid = atttypid
        LEFT JOIN pg_collation ON pg_collation.oid = attcollation AND attcollation <> typcollation
        WHERE attnum > 0 AND NOT attisdropped
        UNION ALL
        SELECT conrelid, CAST(contype AS text), conname, pg_get_constraintdef(oid)
        FROM pg_constraint
        WHERE contype IN ('c', 'p', 'u', 'x') AND conislocal
        UNION ALL
        SELECT indrelid, 'index', relname, pg_get_indexdef(indexrelid)
        FROM pg_index
        JOIN pg_class ON pg_class.oid = indexrelid
        WHERE indexrelid NOT IN (SELECT conindid FROM pg_constraint WHERE contype IN ('p', 'u', 'x'))
    )
    SELECT name, kind, item, definition
    FROM definitions
    JOIN tables ON tables.oid = table_oid
""")

# Else the type `date` would be a row of the temporary table for a table `date`.
TEMPORARY_LAST = """
    SELECT set_config(
        'search_path', concat_ws(', ', nullif(current_setting('search_path'), ''), 'pg_temp'), true
    )
"""

Key = tuple[str, str]  # the kind, and the name of the column, constraint or index
Definitions = dict[Key, str]


@dataclass(frozen=True)
class Declared:
    """A constraint or an index of a model, as PostgreSQL prints it."""

    kind: str
    name: str | None  # None if PostgreSQL is to choose it
    element: Constraint | Index
    definition: str | None  # None if the server refuses it: what it needs does not exist yet


def printed(context: AutogenContext) -> "Printed | None":
    """Return what PostgreSQL prints in the course of one comparison.

    Return None on SQLite, and on a standby, where there cannot be a temporary table: what Alembic
    finds has to do there.
    """
    if context not in in_use:
        assert context.connection is not None and context.dialect is not None
        tables = list(context.sorted_tables)
        in_use[context] = None
        if context.dialect.name == "postgresql" and not is_read_only(context.connection):
            declared_enums(tables)  # raises UserError if one cannot be printed
            in_use[context] = Printed(context.connection, tables)
    return in_use[context]


def is_read_only(connection: Connection) -> bool:
    """Return whether a transaction can only read."""
    return bool(connection.scalar(text("SHOW transaction_read_only")) == "on")


class Printed:
    """What PostgreSQL prints of the tables in the database, and of those of the models."""

    def __init__(self, connection: Connection, tables: list[Table]) -> None:
        self.connection = connection
        self.tables = tables
        self.of_models: dict[str, tuple[Definitions, list[Declared]]] = {}

    def stored(self, table: Table) -> Definitions:
        """Return the definitions in the database, for a table of the models."""
        return self.all_stored.get(full_name(table), {})

    @cached_property
    def all_stored(self) -> dict[str, Definitions]:
        return read(self.connection, [full_name(table) for table in self.tables])

    def type_of(self, column: Column[Any]) -> str | None:
        """Return the type of a model's column; None if the database does not have it yet."""
        return self.all_types.get(compiled_type(self.connection, column))

    @cached_property
    def all_types(self) -> dict[str, str]:
        columns = [column for table in self.tables for column in table.columns]
        return print_types(self.connection, {compiled_type(self.connection, c) for c in columns})

    def columns(self, table: Table) -> Definitions:
        """Return the definitions of the defaults and the generated columns of a model's table."""
        return self.model(table)[0]

    def elements(self, table: Table) -> list[Declared]:
        """Return the constraints and indexes of a model's table; foreign keys are not among them."""
        return self.model(table)[1]

    def differs(self, table: Table, key: Key, old: str | None, new: str | None) -> bool:
        """Return whether two definitions of the same thing differ in more than their form.

        What was created from SQL that PostgreSQL had printed is printed in a second form, with more
        casts; this form then stays.
        """
        if old is None or new is None or old == new:
            return old != new
        return print_again(self.connection, table, key, old) != print_again(
            self.connection, table, key, new
        )

    def model(self, table: Table) -> tuple[Definitions, list[Declared]]:
        if table.key not in self.of_models:
            self.of_models[table.key] = print_model(self.connection, table)
        return self.of_models[table.key]


in_use: WeakKeyDictionary[AutogenContext, Printed | None] = WeakKeyDictionary()


def full_name(table: Table) -> str:
    return quoted(table.schema or "public", table.name).replace("%%", "%")


def read(connection: Connection, tables: list[str]) -> dict[str, Definitions]:
    """Return what the database has, by the names of the tables."""
    found: dict[str, Definitions] = {}
    for table, kind, name, definition in connection.execute(DEFINITIONS, {"tables": tables}):
        if kind == INDEX:  # without its name and that of the table
            create, _, rest = definition.partition(" USING ")
            definition = UNIQUE_INDEX + rest if create.startswith("CREATE UNIQUE") else rest
        definition = definition.removesuffix(" NOT VALID")  # it may be validated later
        found.setdefault(table, {})[kind, name] = definition
    return found


def print_model(connection: Connection, table: Table) -> tuple[Definitions, list[Declared]]:
    """Let the server print the definitions of a model's table; nothing stays in the database."""
    copy = Copy(connection, table)
    with connection.begin_nested() as savepoint:
        elements = copy.constraints_and_indexes()
        run(connection, copy.create, enums_as_declared(connection, table), copy.columns(), elements)
        definitions = read(connection, [copy.full_name]).get(copy.full_name, {})
        savepoint.rollback()
    declared = [
        Declared(kind, name, element, definitions.get((kind, temporary_name)))
        for temporary_name, (kind, name, element) in copy.elements.items()
    ]
    return definitions, declared


def enums_as_declared(connection: Connection, table: Table) -> Iterator[str]:
    """Yield the statements that give PostgreSQL's enums the values that the models have.

    A default or a check may need a value that a migration is still to add.
    """
    declared = declared_enums([table])
    stored = stored_enums(connection) if declared else {}
    for number, (name, enum) in enumerate(declared.items()):
        present = stored.get(name)
        if present is not None and present.values == enum.values:
            continue
        type_ = enum_sql(*name).replace("%", "%%")
        if present is not None:
            yield f"ALTER TYPE {type_} RENAME TO plumbing_old_{number}"
        values = ", ".join(literal(value) for value in enum.values).replace("%", "%%")
        yield f"CREATE TYPE {type_} AS ENUM ({values})"


def print_again(connection: Connection, table: Table, key: Key, definition: str) -> str | None:
    """Let the server print what it has printed; None if that does not suit the model's table."""
    copy = Copy(connection, table)
    with connection.begin_nested() as savepoint:
        again = copy.again(key, definition.replace("%", "%%"))
        run(connection, copy.create, copy.columns(), [again])
        found = read(connection, [copy.full_name]).get(copy.full_name, {})
        savepoint.rollback()
    return found.get((key[0], AGAIN))


def compiled_type(connection: Connection, column: Column[Any]) -> str:
    compiler = connection.dialect.type_compiler_instance
    return compiler.process(column.type, type_expression=column)


def print_types(connection: Connection, types: set[str]) -> dict[str, str]:
    """Let the server print types."""
    names = {f"type_{number}": type_ for number, type_ in enumerate(sorted(types))}
    table = "pg_temp.plumbing_types"
    add = [f"ALTER TABLE {table} ADD COLUMN {name} {type_}" for name, type_ in names.items()]
    with connection.begin_nested() as savepoint:
        run(connection, "CREATE TEMPORARY TABLE plumbing_types ()", add)
        found = read(connection, [table]).get(table, {})
        savepoint.rollback()
    return {names[name]: type_ for (_, name), type_ in found.items()}


def run(connection: Connection, create: str, *more: Iterable[str]) -> None:
    """Create a temporary table, and change it: all at once, or, if that fails, as far as it goes.

    Raises DBAPIError if the role may not create a temporary table.
    """
    execute(connection, f"{TEMPORARY_LAST};\n{create}")
    statements = [statement for part in more for statement in part]
    try:
        with connection.begin_nested():
            execute(connection, ";\n".join(statements))
    except DBAPIError:
        for statement in statements:
            try:
                with connection.begin_nested():
                    execute(connection, statement)
            except DBAPIError:
                continue


def execute(connection: Connection, sql: str) -> None:
    """Run SQL that SQLAlchemy has compiled: without parameters, so that a % stands for itself."""
    connection.exec_driver_sql(sql.replace("%%", "%"), execution_options={"no_parameters": True})


class Copy:
    """A temporary table like that of a model, without keys to other tables."""

    def __init__(self, connection: Connection, table: Table) -> None:
        dialect = connection.dialect
        self.connection = connection
        self.table = table
        self.name = quoted(table.name)
        self.full_name = f"pg_temp.{self.name}".replace("%%", "%")
        self.create = f"CREATE TEMPORARY TABLE {self.name} ()"
        self.compiler: Any = dialect.ddl_compiler(dialect, None)  # type: ignore[arg-type]
        self.elements: dict[str, tuple[str, str | None, Constraint | Index]] = {}

    def columns(self) -> Iterator[str]:
        """Yield the statements that add the columns, and then their defaults."""
        columns = [column for column in self.table.columns if not column.system]
        for column in sorted(columns, key=lambda column: column.computed is not None):
            yield self.altered(f"ADD COLUMN {self.column(column)}")
        for column in columns:
            default = self.compiler.get_column_default_string(column)
            if default is not None:
                name = quoted(column.name)
                yield self.altered(f"ALTER COLUMN {name} SET DEFAULT {default}")

    def constraints_and_indexes(self) -> Iterator[str]:
        """Yield the statements that create them, and take down which is which."""
        for constraint in self.table.constraints:
            if type(constraint) in KINDS and self.is_created(constraint):
                yield self.constraint(constraint)
        for index in self.table.indexes:
            yield self.index(index)

    def altered(self, change: str) -> str:
        return f"ALTER TABLE pg_temp.{self.name} {change}"

    def column(self, column: Column[Any]) -> str:
        """Return the name, the type and how it is generated; neither key nor NOT NULL."""
        words = [quoted(column.name), compiled_type(self.connection, column)]
        if column.computed is not None:
            words.append(self.compiler.process(column.computed))
        return " ".join(words)

    def is_created(self, constraint: Constraint) -> bool:
        """Return whether a table gets a constraint: no empty key, no check that a boolean needs."""
        if isinstance(constraint, PrimaryKeyConstraint) and not constraint.columns:
            return False
        rule = constraint._create_rule  # as SQLAlchemy's compiler asks it
        return rule is None or bool(rule(self.compiler))

    def constraint(self, constraint: Constraint) -> str:
        temporary = f"plumbing_{len(self.elements)}"
        definition = self.compiler.process(constraint)
        name = None
        if constraint.name is not None:
            name = self.compiler.preparer.format_constraint(constraint)
            definition = definition.removeprefix(f"CONSTRAINT {name} ")
        self.elements[temporary] = KINDS[type(constraint)], unquoted(name), constraint
        return self.altered(f"ADD CONSTRAINT {temporary} {definition}")

    def index(self, index: Index) -> str:
        sql = str(CreateIndex(index).compile(dialect=self.connection.dialect))
        table = self.compiler.preparer.format_table(self.table)
        sql = sql.replace(f" ON {table} ", f" ON pg_temp.{self.name} ", 1)
        name = self.compiler.preparer.format_index(index)
        self.elements[unquoted(name) or ""] = INDEX, unquoted(name), index
        return sql.replace("INDEX CONCURRENTLY ", "INDEX ", 1)

    def again(self, key: Key, definition: str) -> str:
        """Return the statement that creates something anew from its definition."""
        kind, name = key
        match kind:
            case "default":
                type_ = compiled_type(self.connection, self.table.columns[name])
                return self.altered(f"ADD COLUMN {AGAIN} {type_} DEFAULT {definition}")
            case "generated":
                type_ = compiled_type(self.connection, self.table.columns[name])
                storage = "VIRTUAL" if definition.endswith(VIRTUAL) else "STORED"
                generation = f"GENERATED ALWAYS AS ({definition.removesuffix(VIRTUAL)}) {storage}"
                return self.altered(f"ADD COLUMN {AGAIN} {type_} {generation}")
            case "index":
                unique = "UNIQUE " if definition.startswith(UNIQUE_INDEX) else ""
                rest = definition.removeprefix(UNIQUE_INDEX)
                return f"CREATE {unique}INDEX {AGAIN} ON pg_temp.{self.name} USING {rest}"
        return self.altered(f"ADD CONSTRAINT {AGAIN} {definition}")


def unquoted(name: str | None) -> str | None:
    """Return the name that SQLAlchemy has quoted where that is needed."""
    if name is None:
        return None
    if name.startswith('"'):
        name = name[1:-1].replace('""', '"')
    return name.replace("%%", "%")
