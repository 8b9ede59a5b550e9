# A tree, and a model with two references to itself.
# app/models/folder.py
"""A model."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import BaseModel


class Folder(BaseModel):
    """A folder in a folder."""

    __tablename__ = "folders"

    name: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("folders.id", ondelete="CASCADE"))
    copy_of_id: Mapped[int | None] = mapped_column(ForeignKey("folders.id", ondelete="SET NULL"))
    parent: Mapped["Folder | None"] = relationship(
        remote_side="Folder.id", foreign_keys=[parent_id], back_populates="children"
    )
    children: Mapped[list["Folder"]] = relationship(
        foreign_keys=[parent_id], back_populates="parent"
    )
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.folder import Folder


def rows() -> Iterator[BaseModel]:
    root = Folder(name="root")
    yield root
    yield Folder(name="one", parent=root)
    yield Folder(name="two", parent=root)
