"""Runs the statements of a dump or script that shape tables.

Rows are not needed, and statements about roles, privileges and other databases would fail, or harm the
server.  So the text is split into statements, and only those that shape this database run.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from psycopg import errors
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from plumbing.errors import UserError
from plumbing.explanations import first_line

TOKEN = re.compile(
    r"""
    (?P<comment>--[^\n]* | /\*)
    | (?P<dollar>\$(?:[A-Za-z_\x80-\uffff][\w\x80-\uffff]*)?\$)
    | (?P<escape>\b[eE]'(?:[^'\\]|\\.|'')*')
    | (?P<text>'(?:[^']|'')*' | "(?:[^"]|"")*")
    | (?P<open>[(\[]) | (?P<close>[)\]])
    | (?P<end>;)
    | (?P<meta>(?:^|(?<=\n))\\[^\n]*)
    | (?P<word>[^\W\d]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)
COPY = re.compile(r"COPY\b.*\bFROM\s+stdin\b", re.IGNORECASE | re.DOTALL)
COPY_END = re.compile(r"^\\\.[ \t]*\r?$", re.MULTILINE)
INCLUDE = re.compile(r"\\ir?\b")

# The first words of the statements that run.
SHAPING = re.compile(
    r"""
    (?:
        (?:CREATE|ALTER|DROP)\b(?!\s+(?:
            DATABASE|ROLE|USER|GROUP|TABLESPACE|SYSTEM|SUBSCRIPTION|PUBLICATION|EVENT\s+TRIGGER|SERVER
            |DEFAULT\s+PRIVILEGES|LARGE\s+OBJECT|POLICY|FOREIGN\s+DATA\s+WRAPPER
            |(?:OR\s+REPLACE\s+)?(?:TRUSTED\s+)?(?:PROCEDURAL\s+)?LANGUAGE
        )\b)
        | COMMENT\s+ON\s+(?!DATABASE|ROLE|EXTENSION|TABLESPACE|SUBSCRIPTION|PUBLICATION|POLICY|LANGUAGE)
        | DO\b
        | SET\s+(?!ROLE|(?:SESSION|LOCAL)\s+(?:AUTHORIZATION|ROLE)|client_encoding)
        | SELECT\s+(?:pg_catalog\.)?set_config\s*\(
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
OWNER = re.compile(r"ALTER\b[^;]*\bOWNER\s+TO\s+\S+\s*\Z", re.IGNORECASE)
AUTHORIZATION = re.compile(r"(CREATE\s+SCHEMA\b.*?)\s+AUTHORIZATION\s+(\S+)(.*)", re.I | re.DOTALL)
EXTENSION = re.compile(
    r'CREATE\s+EXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?("[^"]+"|[\w-]+)', re.IGNORECASE
)

# What a table or a type needs is there, or the declaration would lack something without a word.
ESSENTIAL = re.compile(
    r"(?:CREATE\s+(?:(?:UNLOGGED|TEMP|TEMPORARY|GLOBAL|LOCAL)\s+)*(?:TABLE|TYPE|DOMAIN|SCHEMA|SEQUENCE)"
    r"|ALTER\s+(?:TABLE|TYPE|DOMAIN|SEQUENCE)(?!\b[^;]*\bENABLE\b))\b",
    re.IGNORECASE,
)
MISSING_TYPE = re.compile('type "(?P<name>[^"]+)" does not exist')
UUID_FUNCTIONS = """
    CREATE FUNCTION {schema}uuid_generate_v1() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';
    CREATE FUNCTION {schema}uuid_generate_v1mc() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';
    CREATE FUNCTION {schema}uuid_generate_v4() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()'
"""
"""What tables use of uuid-ossp, which many servers lack."""


@dataclass
class Statement:
    """A statement, and the number of its first line."""

    text: str
    line: int


def run_script(connection: Connection, sql: str) -> list[str]:
    """Run a script, each statement by itself.  Returns what was left out, for a person to read.

    Raises UserError for the first statement without which tables would be missing.
    """
    skipped: list[str] = []
    run(connection, "SET check_function_bodies = off")
    for statement in statements(sql):
        if INCLUDE.match(statement.text):
            skipped.append(f"line {statement.line}, {statement.text.strip()}")
        elif SHAPING.match(statement.text) and not OWNER.match(statement.text):
            attempt(connection, statement, skipped)
    return skipped


def attempt(connection: Connection, statement: Statement, skipped: list[str]) -> None:
    """Run a statement.  One that fails and shapes no table is added to `skipped`."""
    text = AUTHORIZATION.sub(without_authorization, statement.text)
    try:
        if EXTENSION.match(text):
            create_extension(connection, text)
        else:
            run_with_missing_types(connection, text, may_create=bool(skipped))
    except DBAPIError as error:
        line = first_line(error)
        # CREATE SCHEMA public, and SET of a parameter that only a newer version has.
        is_setting = text[:3].upper() in ("SET", "SEL")
        if is_setting or isinstance(error.orig, errors.DuplicateSchema):
            return
        if ESSENTIAL.match(text):
            missing = f" ({'; '.join(skipped)})" if skipped else ""
            raise UserError(f"line {place(statement, error)}: {line}.{missing}") from None
        if isinstance(error.orig, errors.SyntaxError):
            raise UserError(f"line {place(statement, error)}: {line}.") from None
        skipped.append(f"line {statement.line}, {line}")


def place(statement: Statement, error: DBAPIError) -> int:
    """Return the number of the line where the server found the error."""
    position = getattr(getattr(error.orig, "diag", None), "statement_position", None)
    before = statement.text[: int(position) - 1] if position else ""
    return statement.line + before.count("\n")


def without_authorization(match: re.Match[str]) -> str:
    """Return CREATE SCHEMA without a role, which may be missing and gives a schema its name."""
    has_name = re.search(r"SCHEMA\s+(?:IF\s+NOT\s+EXISTS\s+)?\S", match[1], re.IGNORECASE)
    is_named = has_name and not re.fullmatch(
        r"CREATE\s+SCHEMA(\s+IF\s+NOT\s+EXISTS)?", match[1], re.I
    )
    return f"{match[1]}{match[3]}" if is_named else f"{match[1]} {match[2]}{match[3]}"


def create_extension(connection: Connection, text: str) -> None:
    """Create an extension with the rights of the connection, which most need."""
    role = connection.exec_driver_sql("SELECT current_user").scalar()
    run(connection, "RESET ROLE")
    try:
        run(connection, text)
    except DBAPIError:
        if "uuid-ossp" in text:
            named = re.search(r"\bSCHEMA\s+(\S+)", text, re.IGNORECASE)
            run(connection, UUID_FUNCTIONS.format(schema=f"{named[1]}." if named else ""))
        raise
    finally:
        run(connection, f"SET ROLE {role}")


def run_with_missing_types(connection: Connection, text: str, may_create: bool) -> None:
    """Run a statement; a type of an extension that is missing becomes a domain of text.

    `may_create` says that something is missing.
    """
    created: set[str] = set()
    while True:
        try:
            run(connection, text)
            return
        except DBAPIError as error:
            missing = MISSING_TYPE.search(first_line(error))
            name = missing["name"].removesuffix("[]") if missing and may_create else ""
            if not name or name in created:
                raise
        created.add(name)
        quoted = ".".join(f'"{part}"' for part in name.split("."))
        run(connection, f"CREATE DOMAIN {quoted} AS text")
        # It takes no arguments, as in geometry(Point,4326).
        text = re.sub(rf"\b{re.escape(name)}\([^)]*\)", name, text)


def run(connection: Connection, sql: str) -> None:
    """Run SQL as it is: a % stands for itself."""
    connection.exec_driver_sql(sql, execution_options={"no_parameters": True})


def statements(sql: str) -> Iterator[Statement]:
    """Yield the statements of a script, without comments before them, and the commands of psql.

    The rows of COPY ... FROM stdin are passed over.  Semicolons inside quotes, brackets and bodies
    (BEGIN ATOMIC ... END) end no statement.
    """
    scanner = Scanner(sql)
    while found := scanner.next():
        yield found


class Scanner:
    """Finds the ends of statements in a script."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.position = 0
        self.line = 1
        self.counted = 0

    def next(self) -> Statement | None:
        """Return the next statement or command of psql, None at the end."""
        start: int | None = None
        depth = 0
        bodies = 0
        last_word = ""
        while match := TOKEN.search(self.sql, self.position):
            if start is None:
                start = self.first_character(match.start())
            self.position = match.end()
            if match["comment"]:
                self.position = self.end_of_comment(match)
                if start == match.start():
                    start = None
            elif match["dollar"]:
                self.position = self.end_of_dollar(match)
            elif match["open"]:
                depth += 1
            elif match["close"]:
                depth -= 1
            elif match["meta"] and start == match.start():
                return self.statement(start, match.end())
            elif match["word"]:
                word = match["word"].upper()
                if (last_word, word) == ("BEGIN", "ATOMIC") or (bodies and word == "CASE"):
                    bodies += 1
                elif bodies and word == "END":
                    bodies -= 1
                last_word = word
            elif match["end"] and depth <= 0 and not bodies:
                found = self.statement(start, match.start())
                if COPY.match(found.text):
                    self.skip_rows()
                return found
        rest = "" if start is None else self.sql[start:]
        self.position = len(self.sql)
        return self.statement(start, len(self.sql)) if start is not None and rest.strip() else None

    def first_character(self, limit: int) -> int:
        """Return where a statement begins: at the first character that is not a blank."""
        rest = self.sql[self.position : limit]
        return limit - len(rest.lstrip())

    def statement(self, start: int, end: int) -> Statement:
        self.line += self.sql.count("\n", self.counted, start)
        self.counted = start
        return Statement(self.sql[start:end], self.line)

    def end_of_comment(self, match: re.Match[str]) -> int:
        """Return where a comment ends; those in /* */ may be nested."""
        if match[0] != "/*":
            return match.end()
        depth = 1
        for found in re.compile(r"/\*|\*/").finditer(self.sql, match.end()):
            depth += 1 if found[0] == "/*" else -1
            if depth == 0:
                return found.end()
        return len(self.sql)

    def end_of_dollar(self, match: re.Match[str]) -> int:
        end = self.sql.find(match[0], match.end())
        return len(self.sql) if end < 0 else end + len(match[0])

    def skip_rows(self) -> None:
        """Go to the line after the rows of COPY."""
        end = COPY_END.search(self.sql, self.position)
        self.position = end.end() if end else len(self.sql)
