"""The names in `flask shell`: the extension db, and every model."""

import re
from typing import Any

from flask import Flask
from flask_sqlalchemy.cli import add_models_to_shell

from plumbing.current import db, mappers
from plumbing.names import model_names


def init_app(app: Flask) -> None:
    """Replace the names that Flask-SQLAlchemy adds, of which two equal ones would hide each other."""
    processors = app.shell_context_processors
    if add_models_to_shell in processors:
        processors[processors.index(add_models_to_shell)] = names


def names() -> dict[str, Any]:
    """Return the names.  Of two classes Person, they are users_Person and blog_Person."""
    models = model_names(mapper.class_ for mapper in mappers())
    return {re.sub(r"\W", "_", name): model for model, name in models.items()} | {"db": db()}
