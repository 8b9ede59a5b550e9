"""Access to the active application, because this package cannot import app/."""

from pathlib import Path
from typing import Any

from flask import current_app
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData
from sqlalchemy.orm import Mapper


def db() -> SQLAlchemy:
    """Return the application's Flask-SQLAlchemy extension."""
    extension: SQLAlchemy = current_app.extensions["sqlalchemy"]
    return extension


def migrate() -> Migrate:
    """Return the application's Flask-Migrate extension."""
    return current_app.extensions["migrate"].migrate


def metadata() -> MetaData:
    """Return the tables of the application's models."""
    return db().metadata


def mappers() -> list[Mapper[Any]]:
    """Return the mapper of each model, sorted by the name of the model, then by its module."""
    base: Any = db().Model
    return sorted(base.registry.mappers, key=name_and_module)


def name_and_module(mapper: Mapper[Any]) -> tuple[str, str]:
    """Return the sort key of a mapper."""
    return mapper.class_.__name__, mapper.class_.__module__


def setting(name: str) -> Any:
    """Return a value of the application's configuration."""
    return current_app.config[name]


def root() -> Path:
    """Return the folder of the project."""
    return project_root(current_app.root_path)


def project_root(root_path: str) -> Path:
    """Return the folder that holds the package of an application."""
    return Path(root_path).parent
