"""The tables of the models as the database has them, with the rows to try constraints on."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, Table, text

MOST_ROWS = 10  # of a table; the constraints are tried on these

COLUMNS = text("""
    SELECT nspname, relname, relkind, attname,
        attgenerated <> '' OR attidentity = 'a' AS is_generated
    FROM pg_class
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE nspname = ANY(:schemas) AND attnum > 0 AND NOT attisdropped
""")
UNIQUE_COLUMNS = text("""
    SELECT nspname, pg_table.relname, pg_class.relname, array_agg(attname)
    FROM pg_index
    JOIN pg_class ON pg_class.oid = indexrelid
    JOIN pg_class AS pg_table ON pg_table.oid = indrelid
    JOIN pg_namespace ON pg_namespace.oid = pg_table.relnamespace
    JOIN pg_attribute ON attrelid = indexrelid AND attnum <= indnkeyatts
    WHERE nspname = ANY(:schemas) AND indisunique AND indexprs IS NULL AND indpred IS NULL
    GROUP BY nspname, pg_table.relname, pg_class.relname
""")
TABLE, PARTITIONED_TABLE = "r", "p"


@dataclass(frozen=True)
class Row:
    """Where a row is.  This needs no primary key, and no type of Python's."""

    table: int
    place: str

    def condition(self, alias: str) -> str:
        """Return the SQL that selects the row."""
        return f"{alias}.tableoid = {self.table} AND {alias}.ctid = '{self.place}'"


@dataclass
class Target:
    """A table with rows."""

    table: Table
    name: str  # in SQL
    source: str  # the same, without the rows of tables that inherit from it
    is_partitioned: bool
    columns: list[str] = field(default_factory=list)  # in SQL, without those that are generated
    generated: set[str] = field(default_factory=set)  # columns that no UPDATE can set
    unique: dict[str, set[str]] = field(default_factory=dict)  # columns, by the name of the index
    rows: list[Row] = field(default_factory=list)


def targets_of(connection: Connection, tables: Iterable[Table]) -> list[Target]:
    """Return those of the tables that exist, and are not views."""
    found = {(table.schema or "public", table.name): table for table in tables}
    schemas = {"schemas": sorted({schema for schema, _ in found})}
    targets: dict[tuple[str, str], Target] = {}
    for schema, name, kind, column, is_generated in connection.execute(COLUMNS, schemas):
        table = found.get((schema, name))
        if table is None or kind not in (TABLE, PARTITIONED_TABLE):
            continue
        if (schema, name) not in targets:
            targets[schema, name] = make_target(connection, table, kind)
        if is_generated:
            targets[schema, name].generated.add(column)
        else:
            targets[schema, name].columns.append(quoted(connection, column))
    for schema, name, index, columns in connection.execute(UNIQUE_COLUMNS, schemas):
        if (schema, name) in targets:
            targets[schema, name].unique[index] = set(columns)
    for target in targets.values():
        target.rows = rows_of(connection, target)
    return [targets[key] for key in sorted(targets)]


def make_target(connection: Connection, table: Table, kind: str) -> Target:
    """Return a table, or a partitioned table, without its rows."""
    name = quoted(connection, table.schema or "public", table.name)
    if kind == PARTITIONED_TABLE:
        return Target(table, name, name, is_partitioned=True)
    return Target(table, name, f"ONLY {name}", is_partitioned=False)


def rows_of(connection: Connection, target: Target) -> list[Row]:
    """Return where the first rows of a table are."""
    query = f"SELECT CAST(tableoid AS bigint), CAST(ctid AS text) FROM {target.source}"
    found = connection.exec_driver_sql(f"{query} LIMIT {MOST_ROWS}")
    return [Row(table, place) for table, place in found]


def quoted(connection: Connection, *names: str) -> str:
    """Return a name, or a schema's and a table's, in quotes for SQL."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    return ".".join(quote(name) for name in names)
