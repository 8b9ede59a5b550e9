"""Test two classes with one name: in `flask shell`, in the output of seed, and in messages."""

from collections.abc import Callable, Iterator
from importlib import import_module

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from plumbing import database, shell
from plumbing.current import db
from plumbing.names import model_names
from plumbing.rows import TablesNotEmpty, seed

NAMES = ["crew.Person", "app.models.guests.Person", "app.models.visitors.Person"]


@pytest.fixture
def gallery(create_app: Callable[[str], Flask]) -> Iterator[Flask]:
    """The application with models of every kind, in development."""
    from gallery import create_app as create_gallery

    app = create_gallery("development")
    app.config["DATABASE_IS_DISPOSABLE"] = True
    with app.app_context():
        database.create()
        with db().engine.begin() as connection:
            connection.exec_driver_sql("CREATE SCHEMA crew; CREATE SCHEMA guests")
            tables = db().metadata.tables
            db().metadata.create_all(connection, [tables["crew.people"], tables["guests.people"]])
        yield app
        db().engine.dispose()
        database.drop()


def test_names(create_app: Callable[[str], Flask]) -> None:
    owner = import_module("owners.names")
    assert list(model_names(owner.MODELS).values()) == NAMES
    assert list(model_names(owner.MODELS[:2]).values()) == ["crew.Person", "guests.Person"]
    assert list(model_names(owner.MODELS[1:2]).values()) == ["Person"]
    from owners.keys import City

    assert model_names([City, *owner.MODELS])[City] == "City"


def test_seed_counts_each(gallery: Flask) -> None:
    from gallery.models.guests import Person as Guest
    from gallery.models.inheritance import Person as Crew

    people = [Crew(name="Kim"), Guest(name="Pat"), Guest(name="Sam")]
    assert seed(lambda: iter(people)) == {"crew.Person": 1, "guests.Person": 2}
    with pytest.raises(TablesNotEmpty, match=r"there are rows in crew\.people, guests\.people$"):
        seed(lambda: iter([Crew(name="Kim"), Guest(name="Pat")]))


def test_shell(gallery: Flask) -> None:
    """Each model is available under a name that no other has."""
    from gallery.models.guests import Person as Guest
    from gallery.models.inheritance import Person as Crew

    known = gallery.make_shell_context()
    assert (known["crew_Person"], known["guests_Person"]) == (Crew, Guest)
    assert "Person" not in known
    assert known["Cat"].__name__ == "Cat"
    assert known["db"] is db()


def test_shell_without_models(create_app: Callable[[str], Flask]) -> None:
    """Flask-SQLAlchemy's own setting is respected."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    SQLAlchemy(add_models_to_shell=False).init_app(app)
    shell.init_app(app)
    assert not app.shell_context_processors
