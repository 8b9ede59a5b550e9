"""The project that the commands are for, and the application whose context they run in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import update_wrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import DeclarativeBase

    from plumbing.local_postgres import LocalPostgres
    from plumbing.rows import RowSource

ENVIRONMENTS = ("development", "testing", "production")


@dataclass
class Project:
    """A project: its folder, and where its application factory and its seeds are."""

    root: Path
    create_app: str
    seeds: str
    environment: str = "default"

    def load_app(self) -> "Flask":
        """Return a new application for the environment."""
        from plumbing.mistakes import call

        app: Flask = call(self.create_app, self.environment)
        return app

    def load_seeds(self) -> "RowSource":
        """Return the function that yields the seed rows."""
        from plumbing.mistakes import call, recognized

        def rows() -> "Iterator[DeclarativeBase]":
            with recognized():
                yield from call(self.seeds)

        return rows

    def local_postgres(self) -> "LocalPostgres":
        """Return the PostgreSQL of the project's own."""
        from plumbing.local_postgres import LocalPostgres

        return LocalPostgres(self.root)


pass_project = click.make_pass_decorator(Project)


def with_app(function: Callable[..., Any]) -> Callable[..., Any]:
    """Run the function of a command in the context of the application.

    A context that is already active is used, such as that of a test.
    """

    @click.pass_context
    def wrapper(ctx: click.Context, /, *arguments: Any, **options: Any) -> Any:
        from flask import current_app

        from plumbing.explanations import explained

        with explained():
            if not current_app:
                enter_app(ctx)
            return ctx.invoke(function, *arguments, **options)

    return update_wrapper(wrapper, function)


def enter_app(ctx: click.Context) -> None:
    """Create an application, and enter its context until the command ends."""
    project = ctx.find_object(Project)
    assert project is not None
    app = project.load_app()
    ctx.with_resource(app.app_context())
