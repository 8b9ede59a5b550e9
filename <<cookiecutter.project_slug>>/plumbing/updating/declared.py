"""What a declaration has changed in the models, read from their source."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

FEW = 3
"""How many names a message can hold."""


@dataclass
class Models:
    """The tables and columns that model files define."""

    tables: list[str] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)
    """The attributes of each model that are columns."""

    def message(self, old: "Models") -> str:
        """Return a message for the migration that leads here from the old models."""
        added = [table for table in self.tables if table not in old.tables]
        if added:
            return f"add {listed(added)}" if len(added) <= FEW else f"add {len(added)} tables"
        gone = [table for table in old.tables if table not in self.tables]
        if gone:
            return f"remove {listed(gone)}" if len(gone) <= FEW else f"remove {len(gone)} tables"
        new = [
            name
            for model in self.columns
            for name in self.columns[model]
            if not old.has(model, name)
        ]
        if new and len(new) <= FEW:
            return f"add {listed(new)}"
        return "change the models"

    def has(self, model: str, column: str) -> bool:
        return column in self.columns.get(model, ())


def listed(names: list[str]) -> str:
    """Return names as a sentence lists them."""
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def read(sources: Iterable[str]) -> Models:
    """Return what the sources of model files define."""
    models = Models()
    for source in sources:
        for statement in ast.parse(source).body:
            if isinstance(statement, ast.ClassDef):
                read_class(statement, models)
            elif isinstance(statement, ast.Assign):
                read_table(statement.value, models)
    return models


def read_class(statement: ast.ClassDef, models: Models) -> None:
    """Add the table and the columns of a class, unless it is a base of models."""
    table = None
    columns = []
    for part in statement.body:
        match part:
            case ast.Assign(targets=[ast.Name("__tablename__")], value=ast.Constant(str(name))):
                table = name
            case ast.AnnAssign(
                target=ast.Name(name), value=ast.Call(func=ast.Name("mapped_column"))
            ):
                columns.append(name)
    if table:
        models.tables.append(table)
        models.columns[statement.name] = columns


def read_table(value: ast.expr, models: Models) -> None:
    """Add the table of a `Table(...)`."""
    match value:
        case ast.Call(func=ast.Name("Table"), args=[ast.Constant(str(table)), *_]):
            models.tables.append(table)
