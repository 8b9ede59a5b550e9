"""Define a class with the same name as one in another module."""

from sqlalchemy.orm import Mapped, mapped_column

from gallery.extensions import Base


class Person(Base):
    __tablename__ = "people"
    __table_args__ = {"schema": "guests"}

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
