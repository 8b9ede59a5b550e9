"""Find out what a downgrade would lose, by reading the source of the migrations.

No migration runs for this: its Python may do anything, and the user has not confirmed yet.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from alembic.script import Script

LONGEST = 100  # characters of a statement that are shown

# Methods that run SQL, of Alembic's op, of connections and of sessions.
RUN_SQL = ("execute", "exec_driver_sql")

PART = r'(?:"(?:[^"]|"")+"|\w+)'
NAME = rf"{PART}(?:\.{PART})?"
DROP_TABLE = re.compile(
    rf"DROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?({NAME}(?:\s*,\s*{NAME})*)(?:\s+CASCADE|\s+RESTRICT)?\s*;?\s*",
    re.IGNORECASE,
)
DROP_COLUMN = re.compile(
    rf"ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?({NAME})"
    rf"\s+DROP\s+(?:COLUMN\s+)?(?:IF\s+EXISTS\s+)?(?!CONSTRAINT\b)({PART})\s*;?\s*",
    re.IGNORECASE,
)

Table = tuple[str | None, str]  # schema and name
Column = tuple[str | None, str, str]  # schema, table and name


@dataclass
class Losses:
    """The tables and columns that are dropped, and the statements that may change or delete rows."""

    tables: list[Table] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)


def losses_of(scripts: Iterable[Script]) -> Losses:
    """Return what the downgrade() of some migrations drops, and what else it runs."""
    losses = Losses()
    for script in scripts:
        source = Path(script.path).read_text(encoding="utf-8")
        read_downgrade(ast.parse(source), losses)
    return losses


def read_downgrade(module: ast.Module, losses: Losses) -> None:
    """Add what the function downgrade() of a migration does, with the functions that it calls."""
    functions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    waiting = ["downgrade"]
    seen = set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        batches = batches_of(functions[name])
        for call in calls(functions[name]):
            match call.func:
                case ast.Name(id=called):
                    waiting.append(called)
                case ast.Attribute():
                    read_operation(call, batches, losses)


def calls(function: ast.FunctionDef) -> Iterator[ast.Call]:
    """Yield the calls in a function, in the order of their lines."""
    found = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    yield from sorted(found, key=lambda call: (call.lineno, call.col_offset))


def batches_of(function: ast.FunctionDef) -> dict[str, Table | None]:
    """Return the table of each `with op.batch_alter_table("posts") as batch_op`, by its variable.

    It is None if it is not written as a literal.
    """
    batches: dict[str, Table | None] = {}
    for node in ast.walk(function):
        if not isinstance(node, ast.With):
            continue
        for item in node.items:
            match item:
                case ast.withitem(
                    ast.Call(ast.Attribute(attr="batch_alter_table")) as call, ast.Name(id=name)
                ):
                    batches[name] = table_of(call)
    return batches


def read_operation(call: ast.Call, batches: dict[str, Table | None], losses: Losses) -> None:
    """Add what one operation drops; if that cannot be told, add the operation as it is written."""
    assert isinstance(call.func, ast.Attribute)
    match call.func:
        case ast.Attribute(attr="drop_table"):
            table = table_of(call)
            if table:
                losses.tables.append(table)
                return
        case ast.Attribute(ast.Name(id=name), "drop_column") if name in batches:
            table = batches[name]
            column = literal(call, 0, "column_name")
            if table and column:
                losses.columns.append((*table, column))
                return
        case ast.Attribute(attr="drop_column"):
            table = table_of(call)
            column = literal(call, 1, "column_name")
            if table and column:
                losses.columns.append((*table, column))
                return
        case ast.Attribute(attr=method) if method in RUN_SQL:
            sql = sql_of(call)
            if sql:
                read_sql(sql, losses)
                return
        case ast.Attribute(attr="alter_column") if changes_type(call):
            pass
        case _:
            return
    losses.statements.append(shortened(ast.unparse(call)))


def table_of(call: ast.Call) -> Table | None:
    """Return the table that an operation names as a literal, else None."""
    name = literal(call, 0, "table_name")
    if name is None:
        return None
    for option in call.keywords:
        if option.arg == "schema":
            match option.value:
                case ast.Constant(str(schema)):
                    return schema, name
                case ast.Constant(None):
                    return None, name
            return None
        if option.arg is None:  # **options may hold a schema
            return None
    return None, name


def literal(call: ast.Call, position: int, keyword: str) -> str | None:
    """Return an argument that is written as a literal, else None."""
    values = call.args[position : position + 1]
    values += [option.value for option in call.keywords if option.arg == keyword]
    match values:
        case [ast.Constant(str(text))]:
            return text
    return None


def changes_type(call: ast.Call) -> bool:
    """Return whether an operation on a column may change its values: 12.50 as an integer is 13."""
    return any(option.arg == "type_" for option in call.keywords)


def sql_of(call: ast.Call) -> str | None:
    """Return the SQL of op.execute("...") or op.execute(sa.text("...")), else None."""
    match call.args:
        case [ast.Constant(str(sql)), *_]:
            return sql
        case [
            ast.Call(ast.Attribute(attr="text") | ast.Name(id="text"), [ast.Constant(str(sql))]),
            *_,
        ]:
            return sql
    return None


def read_sql(sql: str, losses: Losses) -> None:
    """Add the table or the column that a statement drops, or the statement itself."""
    statement = sql.strip()
    if match := DROP_TABLE.fullmatch(statement):
        names = re.findall(NAME, match[1])
        losses.tables += [table_named(name) for name in names]
    elif match := DROP_COLUMN.fullmatch(statement):
        (column,) = parts(match[2])
        losses.columns.append((*table_named(match[1]), column))
    else:
        losses.statements.append(shortened(statement))


def table_named(name: str) -> Table:
    """Return the schema, if there is one, and the name of a table as SQL writes it."""
    found = parts(name)
    schema = found[0] if len(found) == 2 else None
    return schema, found[-1]


def parts(name: str) -> list[str]:
    """Return the parts of a name in SQL: without quotes, else in lower case."""
    found = []
    for part in re.findall(PART, name):
        if part.startswith('"'):
            found.append(part[1:-1].replace('""', '"'))
        else:
            found.append(part.lower())
    return found


def shortened(statement: str) -> str:
    """Return a statement on one line that is not too long."""
    line = " ".join(statement.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}..."
