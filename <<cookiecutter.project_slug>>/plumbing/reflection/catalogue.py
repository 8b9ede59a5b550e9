"""Reads tables, columns, constraints and indexes from PostgreSQL's catalogue.

SQLAlchemy's inspector leaves out much that a declaration has to mention: domains, deferrable
constraints, orders and operator classes of indexes, partitions, triggers, what belongs to an
extension.  So all of it is read by the queries of this module, and nowhere else.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

# Everything is printed with its schema, and values are printed in the same form on every server.
SETTINGS = """
    SET search_path = pg_catalog;
    SET timezone = 'UTC';
    SET datestyle = 'ISO';
    SET intervalstyle = 'postgres';
    SET bytea_output = 'hex';
    SET extra_float_digits = 1;
    SET quote_all_identifiers = off
"""

# Tables that belong neither to PostgreSQL nor to an extension; of partitions, only the parent.
RELATIONS = text("""
    SELECT pg_class.oid, nspname AS schema, relname AS name, relkind AS kind,
        obj_description(pg_class.oid, 'pg_class') AS comment,
        relrowsecurity AS row_security, relpersistence = 'u' AS unlogged,
        pg_get_partkeydef(pg_class.oid) AS partition_key,
        ARRAY(
            SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = pg_class.oid
        ) AS parents,
        ARRAY(
            SELECT tgname FROM pg_trigger WHERE tgrelid = pg_class.oid AND NOT tgisinternal ORDER BY tgname
        )::text[] AS triggers
    FROM pg_class
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT relispartition AND relpersistence <> 't'
    AND nspname !~ '^pg_' AND nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend
        WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e'
    )
    ORDER BY nspname, relname
""")

# A domain is followed to the type that it is made of.
COLUMNS = text("""
    WITH RECURSIVE domains AS (
        SELECT oid, oid AS base, -1 AS modifier FROM pg_type WHERE typtype = 'd'
        UNION ALL
        SELECT domains.oid, typbasetype, typtypmod
        FROM domains
        JOIN pg_type ON pg_type.oid = base
        WHERE typtype = 'd'
    ), bases AS (
        SELECT domains.oid, base, modifier
        FROM domains
        JOIN pg_type ON pg_type.oid = base
        WHERE typtype <> 'd'
    )
    SELECT attrelid AS table, attname AS name, format_type(atttypid, atttypmod) AS declared_type,
        format_type(coalesce(base, atttypid), coalesce(modifier, atttypmod)) AS type,
        CASE WHEN base.typtype = 'e' THEN ARRAY(
            SELECT enumlabel::text FROM pg_enum WHERE enumtypid = base.oid ORDER BY enumsortorder
        ) END AS values,
        coalesce(element.typtype, base.typtype) AS kind,
        NOT attnotnull AS nullable,
        CASE attgenerated WHEN '' THEN pg_get_expr(adbin, adrelid) END AS default,
        CASE WHEN attgenerated <> '' THEN pg_get_expr(adbin, adrelid) END AS generated,
        attidentity AS identity,
        CASE WHEN attcollation <> base.typcollation THEN collname END AS collation,
        col_description(attrelid, attnum) AS comment
    FROM pg_attribute
    LEFT JOIN bases ON bases.oid = atttypid
    JOIN pg_type base ON base.oid = coalesce(base, atttypid)
    LEFT JOIN pg_type element ON element.oid = base.typelem AND base.typcategory = 'A'
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    LEFT JOIN pg_collation ON pg_collation.oid = attcollation
    WHERE attrelid = ANY(:tables) AND attnum > 0 AND NOT attisdropped
    ORDER BY attrelid, attnum
""")

CONSTRAINTS = text("""
    SELECT conrelid AS table, conname AS name, contype AS kind, condeferrable AS deferrable,
        ARRAY(
            SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS key (number, position)
            JOIN pg_attribute ON attrelid = conrelid AND attnum = number ORDER BY position
        ) AS columns,
        confrelid AS target,
        ARRAY(
            SELECT attname::text FROM unnest(confkey) WITH ORDINALITY AS key (number, position)
            JOIN pg_attribute ON attrelid = confrelid AND attnum = number ORDER BY position
        ) AS target_columns,
        confdeltype AS on_delete, confupdtype AS on_update,
        pg_get_constraintdef(oid) AS definition
    FROM pg_constraint
    WHERE conrelid = ANY(:tables) AND contype IN ('p', 'u', 'f', 'c', 'x') AND conparentid = 0
    ORDER BY conrelid, conname
""")

INDEXES = text("""
    SELECT indrelid AS table, relname AS name, indisunique AS unique,
        pg_get_indexdef(indexrelid) AS definition,
        ARRAY(
            SELECT pg_get_indexdef(indexrelid, number, false) FROM generate_series(1, indnatts) AS number
        ) AS parts
    FROM pg_index
    JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indrelid = ANY(:tables) AND indislive
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
    ORDER BY indrelid, relname
""")


@dataclass
class Column:
    """A column, with its type as PostgreSQL prints it."""

    name: str
    declared_type: str
    """The type in the table, which may be a domain."""
    type: str
    """The type behind a domain."""
    kind: str
    """The typtype of the type, or of an array's elements: b, c, e, r, m ..."""
    values: list[str] | None
    """Those of a PostgreSQL enum."""
    nullable: bool
    default: str | None
    generated: str | None
    identity: str
    collation: str | None
    comment: str | None

    @property
    def is_numbered(self) -> bool:
        """Whether PostgreSQL counts the values."""
        return bool(self.identity) or (self.default or "").startswith("nextval(")


@dataclass
class Constraint:
    """A constraint other than a foreign key."""

    name: str
    columns: list[str]
    definition: str
    deferrable: bool


@dataclass
class ForeignKey:
    """A foreign key, and the oid of the table that it refers to."""

    name: str
    columns: list[str]
    target: int
    target_columns: list[str]
    on_delete: str
    on_update: str
    definition: str
    deferrable: bool


@dataclass
class Index:
    """An index that no constraint owns; its parts are columns in quotes or expressions."""

    name: str
    unique: bool
    parts: list[str]
    definition: str

    @property
    def rest(self) -> str:
        """The definition from the method on: btree (lower(email)) WHERE active."""
        return self.definition.partition(" USING ")[2]


@dataclass
class Table:
    """A table with all that is in it."""

    oid: int
    schema: str
    name: str
    kind: str
    comment: str | None
    row_security: bool
    unlogged: bool
    partition_key: str | None
    parents: list[str]
    triggers: list[str]
    columns: list[Column] = field(default_factory=list)
    primary_key: Constraint | None = None
    uniques: list[Constraint] = field(default_factory=list)
    checks: list[Constraint] = field(default_factory=list)
    exclusions: list[Constraint] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)

    @property
    def full_name(self) -> str:
        """The name with its schema, unless that is public."""
        return self.name if self.schema == "public" else f"{self.schema}.{self.name}"

    @property
    def key(self) -> list[str]:
        """The columns of the primary key."""
        return self.primary_key.columns if self.primary_key else []

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def has_column(self, name: str) -> bool:
        return any(column.name == name for column in self.columns)


def read(connection: Connection) -> list[Table]:
    """Return the tables and views of a database, sorted by schema and name."""
    connection.exec_driver_sql(SETTINGS)
    found = {row.oid: Table(**row._mapping) for row in connection.execute(RELATIONS)}
    tables = {"tables": list(found)}
    for row in connection.execute(COLUMNS, tables):
        values = dict(row._mapping)
        found[values.pop("table")].columns.append(Column(**values))
    for row in connection.execute(CONSTRAINTS, tables):
        add_constraint(found[row.table], row)
    for row in connection.execute(INDEXES, tables):
        index = Index(row.name, row.unique, row.parts, row.definition)
        found[row.table].indexes.append(index)
    return list(found.values())


def add_constraint(table: Table, row: Any) -> None:
    """Put a constraint where its kind belongs."""
    if row.kind == "f":
        key = ForeignKey(
            row.name,
            row.columns,
            row.target,
            row.target_columns,
            row.on_delete,
            row.on_update,
            row.definition,
            row.deferrable,
        )
        table.foreign_keys.append(key)
        return
    constraint = Constraint(row.name, row.columns, row.definition, row.deferrable)
    match row.kind:
        case "p":
            table.primary_key = constraint
        case "u":
            table.uniques.append(constraint)
        case "c":
            table.checks.append(constraint)
        case "x":
            table.exclusions.append(constraint)
