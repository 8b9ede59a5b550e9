"""Define the seed rows."""

from collections.abc import Iterator

from host.extensions import Base
from host.models.author import Author
from host.models.book import Book


def rows() -> Iterator[Base]:
    author = Author(name="Mary")
    yield author
    yield Book(title="One", author=author)
    yield Book(title="Two")
