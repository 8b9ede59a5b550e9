"""Give every model a primary key."""

from sqlalchemy.orm import Mapped, mapped_column

from draft.extensions import Base


class BaseModel(Base):
    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
