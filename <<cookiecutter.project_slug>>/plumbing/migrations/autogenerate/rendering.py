"""How `migrate` writes what Alembic would write wrongly."""

import re
from typing import Any

from sqlalchemy import TextClause

from plumbing.migrations.autogenerate.enums import render_enum

NAMED_PARAMETER = re.compile(
    r"(?<![:\w\\]):(?=\w+(?!:))"
)  # text() would read the x in 'a :x' as one


def render_item(kind: str, item: Any, context: Any) -> str | bool:
    """Render an enum, and defaults as they are.

    Alembic would cut off a quote at either end of a literal default, and double a % in one of SQL.
    """
    default = getattr(item, "arg", None)
    if kind == "server_default" and isinstance(default, str):
        return repr(default)
    if kind == "server_default" and isinstance(default, TextClause):
        sql = NAMED_PARAMETER.sub(r"\:", default.text)
        return f"sa.text({sql!r})"
    if kind == "type":
        return render_enum(item, context) or False
    return False
