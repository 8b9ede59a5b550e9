"""How `migrate` writes what Alembic would write wrongly."""

from typing import Any

from plumbing.migrations.autogenerate.enums import render_enum


def render_item(kind: str, item: Any, context: Any) -> str | bool:
    """Render a literal default as it is: Alembic would cut off a quote at its ends."""
    literal = getattr(item, "arg", None)
    if kind == "server_default" and isinstance(literal, str):
        return repr(literal)
    if kind == "type":
        return render_enum(item, context) or False
    return False
