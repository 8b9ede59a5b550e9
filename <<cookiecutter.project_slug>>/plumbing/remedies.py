"""What to do about an error, by its code or its message."""

import re
from dataclasses import dataclass

from plumbing.diagnostics import Diagnosis

UPGRADE = "Run: python db_manage.py upgrade"
RUN_AGAIN = "Run it again: whatever was applied has been kept."
CREATE_SCHEMAS = "An administrator can run: python db_manage.py schemas --owner ROLE"

CORRECT_ROWS = "Correct these rows first, for example in this migration."
CORRECT_VALUES = "Correct such values first, for example in this migration."
CREATED_ANOTHER_WAY = (
    "Created another way? If it matches, run: python db_manage.py stamp REVISION."
    " Otherwise rename one of the two."
)
RECREATE = "Drop {it} first, and create it again afterwards, in the same migration."
EXTENSION = (
    'Create it first, in the same migration: op.execute("CREATE EXTENSION IF NOT EXISTS {name}")'
)


@dataclass(frozen=True)
class Rule:
    """A remedy for errors of one kind.

    The remedy has the groups of the patterns for its fields.  An empty one says that there is none.
    """

    code: str  # or its beginning
    remedy: str
    message: str = ""  # patterns, which have to be found
    detail: str = ""
    hint: str = ""
    statement: str = ""


# The first one that fits counts: https://www.postgresql.org/docs/current/errcodes-appendix.html
RULES = [
    Rule("23502", "Give it a value, or give the column a default."),
    Rule("25006", "The server is a standby or read-only: correct {variable}."),
    Rule("3F000", UPGRADE),
    Rule("42501", CREATE_SCHEMAS, message=" for (database|schema public)"),
    Rule(
        "42501",
        "An administrator can run: GRANT TEMPORARY ON DATABASE {database} TO ROLE",
        message='create temporary tables in database (?P<database>"[^"]+")',
    ),
    Rule("42501", "Only its owner or an administrator can do that."),
    Rule("42703", UPGRADE),
    Rule("42704", "An administrator can create it: CREATE ROLE.", message="^role"),
    Rule("42P01", UPGRADE),
    Rule("53100", "Free space on the disk of the server."),
    Rule("55P03", "Another session uses the table. Try again later."),
    Rule("57P01", RUN_AGAIN),
    Rule("57P02", RUN_AGAIN),
    Rule("57P03", RUN_AGAIN),
    Rule("57P05", RUN_AGAIN),
]

# What comes with an extension, and which.
EXTENSIONS = [
    (r"gin_trgm_ops|gist_trgm_ops|similarity\(", "pg_trgm"),
    (r'"(half|sparse)?vec(tor)?"|vector_\w+_ops|"(hnsw|ivfflat)"', "vector"),
    (r'"(geometry|geography|box2d|raster)"|function (public\.)?st_', "postgis"),
    (r'"citext"', "citext"),
    (r'"hstore"', "hstore"),
    (r'"l(tree|query)"', "ltree"),
    (r"function (public\.)?uuid_generate_", '\\"uuid-ossp\\"'),
    (r"function (public\.)?(crypt|gen_salt|digest|hmac)\(", "pgcrypto"),
    (r"function (public\.)?unaccent\(", "unaccent"),
    ('method "gist"', "btree_gist"),
    ('method "gin"', "btree_gin"),
]

# Inside a migration.  The rows are there, and the migration is one transaction.
MIGRATION_RULES = [
    # The rows
    Rule(
        "23502",
        "The table has rows: add the column with nullable=True, fill it, then set nullable=False."
        " If you renamed a column, write op.alter_column(TABLE, OLD, new_column_name=NEW) instead.",
        statement=r"(?i)\bALTER TABLE\b.*\bADD\b(?! CONSTRAINT| PRIMARY| CHECK)",
    ),
    Rule("23502", 'Fill it first, for example in this migration: op.execute("UPDATE ...")'),
    Rule("23503", "Change the rows that refer to it first.", message="^update or delete"),
    Rule("23503", CORRECT_ROWS),
    Rule("23505", "Make these values unique first, for example in this migration."),
    Rule("23514", CORRECT_ROWS),
    Rule("23P01", CORRECT_ROWS),
    # The type of a column
    Rule(
        "22001",
        "Keep the column long enough, or shorten such values first, for example in this migration.",
    ),
    Rule(
        "22P02",
        "Add it to the type, or correct such values first, for example in this migration.",
        message="for enum",
    ),
    Rule("22003", CORRECT_VALUES),
    Rule("22007", CORRECT_VALUES),
    Rule("22008", CORRECT_VALUES),
    Rule("22P02", CORRECT_VALUES),
    Rule(
        "42804",
        "Add the conversion: op.alter_column(..., postgresql_using='{using}')",
        hint=r"\bUSING (?P<using>[^»]+::.*?)[\s\"».”]*$",
    ),
    Rule(
        "42804",
        "Drop the default first: op.alter_column(..., server_default=None)",
        message="^default for",
    ),
    Rule(
        "42804",
        "Give both columns the same type: drop the constraint before that, create it afterwards.",
        message="^foreign key",
    ),
    Rule(
        "42846",
        "Add a conversion: postgresql_using with a CASE, or through text, such as COLUMN::text::{type}",
        message=r"^cannot cast type .+ to (?P<type>.+)$",
    ),
    Rule("0A000", RECREATE.format(it="the view"), message="view or rule"),
    Rule("0A000", RECREATE.format(it="the generated column"), message="generated column"),
    Rule("0A000", RECREATE.format(it="it"), message="used (by|in) "),
    # What depends on it
    Rule(
        "2BP01",
        "Give these columns another type first, in the same migration: op.alter_column(..., type_=...)",
        message="type",
        detail=r"^column (?!.*, (?!column|and))",
    ),
    Rule(
        "2BP01", "Move these to another schema first, or drop them.", message="^cannot drop schema"
    ),
    Rule(
        "2BP01",
        "Change these first, so that they do not depend on it.",
        detail=r"(^|, )(column|table) ",
    ),
    Rule(
        "2BP01",
        "Drop these first, in the same migration, and create again afterwards what is still needed.",
    ),
    # What exists already
    Rule(
        "42P07",
        "Left by an interrupted run? Drop the index, then run it again.",
        statement="CONCURRENTLY",
    ),
    Rule("42P07", CREATED_ANOTHER_WAY),
    Rule("42701", CREATED_ANOTHER_WAY),
    Rule("42710", "Write ADD VALUE IF NOT EXISTS.", message="^enum label"),
    Rule(
        "42710",
        "Does an earlier migration create it? Write postgresql.ENUM(..., create_type=False) here.",
        message="^type",
        statement=r"(?i)\bAS ENUM\b",
    ),
    Rule("42710", CREATED_ANOTHER_WAY),
    Rule("42723", "Write CREATE OR REPLACE FUNCTION."),
    Rule(
        "42P16", "Drop the old primary key first: op.drop_constraint(...)", message="primary keys"
    ),
    Rule(
        "42P16", "Drop the primary key first: op.drop_constraint(...)", message="in a primary key"
    ),
    Rule("42P16", RECREATE.format(it="the view"), message="^cannot .* view"),
    # What does not exist
    Rule("3F000", "Create it first, in the same migration: op.create_schema(NAME)"),
    *(
        Rule(code, EXTENSION.format(name=name), message=pattern)
        for code in ("42704", "42883")
        for pattern, name in EXTENSIONS
    ),
    Rule(
        "42704", "Create it first, in the same migration, or write its schema too.", message="^type"
    ),
    Rule(
        "42704",
        r"This shows the names: python db_manage.py psql -c '\d {table}'",
        message=r'^constraint "[^"]*" of relation "(?P<table>[^"]*)"',
    ),
    Rule(
        "42830",
        "Make the referenced columns unique first: op.create_unique_constraint(...)",
        message="^there is no unique",
    ),
    # Inside of a transaction
    Rule("25001", "Run it inside: with op.get_context().autocommit_block():"),
    Rule(
        "55P04",
        "Add the value inside: with op.get_context().autocommit_block():",
    ),
    Rule(
        "55006",
        'Run op.execute("SET CONSTRAINTS ALL IMMEDIATE") before it, or give it a migration of its own.',
        message="pending trigger events",
    ),
    # Limits
    Rule("54011", "Dropped columns count too. Put some columns into another table."),
    # An upgrade is no remedy for what is missing here.
    Rule("42703", ""),
    Rule("42P01", ""),
]

# A connection that fails has no SQLSTATE in psycopg, only a message.
CONNECTION_REMEDIES = [
    (".*pg_hba.conf", "Its administrator can add an entry for this user and host."),
    ("database .* does not exist", "Run: python db_manage.py create"),
    ("permission denied for database", "Its owner can GRANT CONNECT ON DATABASE."),
    (".*(too many|connection slots)", "Try again later, or close other sessions."),
    ("the database system is", "Try again later: upgrade --wait SECONDS waits for it."),
    (".*(password|authentication)", "Correct user and password in {variable}."),
    ("role .* (is not|does not)", "Correct user and password in {variable}."),
    (".*(resolve|translate) host", "Correct the host in {variable}."),
    (".*(SSL|sslmode|certificate)", "Correct sslmode in {variable}."),
    (".*(closed|lost|reset)", RUN_AGAIN),
    (".*(failed|timeout)", "Start the server, or correct {variable}."),
]
HISTORY = "an id from python db_manage.py history"
ALEMBIC_REMEDIES = [
    (".*not up to date", UPGRADE),
    (".*didn't produce", "There are fewer migrations than that. Run: python db_manage.py history"),
    ("Can't locate", f"Get the code that contains it, or {HISTORY}"),
    ("Ambiguous walk", "Name the revision to go back to: python db_manage.py downgrade REVISION"),
    (".*[Mm]ultiple head", "Join them. Run: python db_manage.py merge"),
    (
        ".*overlaps with other requested",
        "The table alembic_version has both, but one includes the other: delete the older row.",
    ),
    (
        ".*[Ll]oop is detected|.*[Cc]ycle is detected",
        "Correct down_revision in one of these files.",
    ),
    ("Could not determine revision id", "Add it to the file, or move the file elsewhere."),
]
SQLITE_REMEDIES = [("no such", UPGRADE)]


def by_rules(said: Diagnosis, statement: str, migrating: bool) -> str:
    """Return the remedy of the first rule that fits what the server said, or nothing.

    A field of it that no pattern fills, such as {variable}, is left as it is.
    """
    for rule in MIGRATION_RULES + RULES if migrating else RULES:
        fields = fields_of(rule, said, statement)
        if fields is not None:
            remedy = rule.remedy
            for name, value in fields.items():
                remedy = remedy.replace(f"{{{name}}}", value)
            return remedy
    return ""


def fields_of(rule: Rule, said: Diagnosis, statement: str) -> dict[str, str] | None:
    """Return the groups of a rule's patterns, or None if the rule does not fit."""
    if not said.code.startswith(rule.code):
        return None
    pairs = (
        (rule.message, said.message),
        (rule.detail, said.detail),
        (rule.hint, said.hint),
        (rule.statement, statement),
    )
    fields: dict[str, str] = {}
    for pattern, text in pairs:
        match = re.search(pattern, text, re.DOTALL)
        if match is None:
            return None
        fields |= match.groupdict()
    return fields


def by_message(remedies: list[tuple[str, str]], message: str) -> str:
    """Return the first remedy whose pattern matches the beginning of a message."""
    for pattern, remedy in remedies:
        if re.match(pattern, message):
            return remedy
    return ""
