"""Distinct names for models: two classes may have the same name, in two schemas or modules."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import class_mapper


def model_names(models: Iterable[type[Any]]) -> dict[type[Any], str]:
    """Return a unique name for each model.

    That is the name of the class; if several classes have it, with the schema, as in users.Person;
    if several of these are in one schema, with the module.
    """
    unique = dict.fromkeys(models)
    names = {model: model.__name__ for model in unique}
    for longer in (name_with_schema, name_with_module):
        number = Counter(names.values())
        names = {m: longer(m) if number[name] > 1 else name for m, name in names.items()}
    return names


def name_with_schema(model: type[Any]) -> str:
    """Return the name of a class with the schema of its table."""
    table = class_mapper(model).local_table
    schema = table.schema if isinstance(table, Table) else None
    return f"{schema or 'public'}.{model.__name__}"


def name_with_module(model: type[Any]) -> str:
    """Return the name of a class with the module that defines it."""
    return f"{model.__module__}.{model.__name__}"
