"""The columns that every model has."""

import datetime as dt

from sqlalchemy import DateTime, func, inspect
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from plumbing.labels import label


class BaseModel(Base):
    """A row with an id, the time when it was created, and the time of its last change."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)
    created_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.current_timestamp(), sort_order=1
    )
    updated_at: Mapped[dt.datetime] = mapped_column(
        DateTime(timezone=True),
        server_default=func.current_timestamp(),
        onupdate=func.current_timestamp(),
        sort_order=1,
    )

    def __repr__(self) -> str:
        identity = inspect(self).identity
        return f"<{type(self).__name__} {identity[0] if identity else 'new'}>"

    def __str__(self) -> str:
        return label(self)
