# A relationship through a plain table.
# app/models/recipe.py
"""A model."""

from sqlalchemy import Column, ForeignKey, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.models.base import BaseModel

recipe_tags = Table(
    "recipe_tags",
    Base.metadata,
    Column("recipe_id", ForeignKey("recipes.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("recipe_labels.id", ondelete="CASCADE"), primary_key=True),
)


class Label(BaseModel):
    """A label."""

    __tablename__ = "recipe_labels"

    name: Mapped[str] = mapped_column(unique=True)


class Recipe(BaseModel):
    """A recipe."""

    __tablename__ = "recipes"

    title: Mapped[str]
    labels: Mapped[set[Label]] = relationship(secondary=recipe_tags)
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.recipe import Label, Recipe


def rows() -> Iterator[BaseModel]:
    sweet = Label(name="sweet")
    yield sweet
    yield Recipe(title="Pie", labels={sweet})
    yield Recipe(title="Soup")
