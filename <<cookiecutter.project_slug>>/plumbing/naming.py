"""Names check constraints that were declared without a name."""

import hashlib
import re
from typing import Any

from sqlalchemy import CheckConstraint, Constraint, Index, Table, TextClause
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import SQLAlchemyError

LONGEST_NAME = 63  # bytes, in PostgreSQL
HASH_DIGITS = 8
WORD = re.compile(r"[a-z_][a-z0-9_]*")
DIALECT: Any = postgresql.dialect


def constraint_name(constraint: Constraint | Index, table: Table) -> str:
    """Return the given name, or one that follows from the condition.

    It is a token of SQLAlchemy's naming convention "ck_%(table_name)s_%(constraint_name)s", whose
    own token refuses a check without a name.  CheckConstraint("price > 0") on a table items becomes
    ck_items_price_89b88009: the words of the condition, and digits that tell it from others.
    """
    if isinstance(constraint.name, str):
        return constraint.name
    text = condition(constraint)
    digits = hashlib.sha256(text.encode()).hexdigest()[:HASH_DIGITS]
    words = "_".join(dict.fromkeys(WORD.findall(text.lower())))
    free = LONGEST_NAME - len(f"ck_{table.name}__{digits}".encode())
    words = words[: max(free, 0)].strip("_")
    return f"{words}_{digits}" if words else digits


def condition(constraint: Constraint | Index) -> str:
    """Return the condition of a check as SQL, however its lines are broken."""
    if not isinstance(constraint, CheckConstraint):
        return ""
    sql = constraint.sqltext
    if isinstance(sql, TextClause):
        return " ".join(sql.text.split())
    options = {"literal_binds": True, "include_table": False}
    try:
        compiled = sql.compile(dialect=DIALECT(), compile_kwargs=options)
    except SQLAlchemyError:  # a value of a type that cannot be written into SQL
        compiled = sql.compile(dialect=DIALECT())
    return " ".join(str(compiled).split())
