# Relationships of all kinds: write-only, dynamic, viewonly, ordered, raising, dictionary.
# app/models/forum.py
"""A model."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import (
    DynamicMapped,
    Mapped,
    WriteOnlyMapped,
    attribute_keyed_dict,
    mapped_column,
    relationship,
)

from app.models.base import BaseModel


class Forum(BaseModel):
    """A forum."""

    __tablename__ = "forums"

    name: Mapped[str] = mapped_column(unique=True)
    posts: WriteOnlyMapped["Message"] = relationship(
        back_populates="forum", cascade="all, delete-orphan", passive_deletes=True
    )
    latest: DynamicMapped["Message"] = relationship(viewonly=True, order_by="Message.id.desc()")
    labels: Mapped[dict[str, "Label"]] = relationship(
        collection_class=attribute_keyed_dict("key"), cascade="all, delete-orphan"
    )


class Message(BaseModel):
    """A message in a forum."""

    __tablename__ = "messages"

    text: Mapped[str]
    forum_id: Mapped[int] = mapped_column(ForeignKey("forums.id", ondelete="CASCADE"))
    forum: Mapped[Forum] = relationship(back_populates="posts", lazy="raise_on_sql")


class Label(BaseModel):
    """A label of a forum."""

    __tablename__ = "forum_labels"

    key: Mapped[str]
    forum_id: Mapped[int] = mapped_column(ForeignKey("forums.id"))
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.forum import Forum, Label, Message


def rows() -> Iterator[BaseModel]:
    forum = Forum(name="a", labels={"x": Label(key="x")})
    yield forum
    yield Message(text="a", forum=forum)
    yield Message(text="b", forum=forum)
