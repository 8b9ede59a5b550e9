"""Define a model in a schema."""

from sqlalchemy.orm import Mapped, mapped_column

from host.extensions import Base


class Author(Base):
    __tablename__ = "authors"
    __table_args__ = {"schema": "library"}

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(server_default="it's", unique=True)
