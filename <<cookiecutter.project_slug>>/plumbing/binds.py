"""Models with a `__bind_key__`, which are in another database: migrations leave them alone.

See https://flask-sqlalchemy.palletsprojects.com/en/stable/binds/
"""

from collections.abc import Iterator

from plumbing.current import db, mappers


def left_alone() -> Iterator[str]:
    """Yield a line for each database and each model that is not treated as its author may expect."""
    for key, metadata in db().metadatas.items():
        if key is not None and metadata.tables:
            names = ", ".join(sorted(metadata.tables))
            yield (
                f"Not checked: {names} in the database {key!r}. Migrations, seeds and tests use only"
                " the main database."
            )
    for mapper in mappers():
        key = getattr(mapper.class_, "__bind_key__", None)
        if key is not None and mapper.local_table in db().metadata.tables.values():
            name = mapper.class_.__name__
            yield (
                f"Ignored: the __bind_key__ of {name}, whose table is in the main database. It has an"
                f" effect only in models on db.Model: class {name}(db.Model)"
            )
