"""The bases of the models, with the columns that these have in common."""

<% for line in model_file.base_imports(key()) %>
<< line >>
<% endfor %>

<< import_from("sqlalchemy", model_file.base_core_names(key())) >>
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base
from plumbing.labels import label


class Timestamped(Base):
    """A row with the times when it was created and last changed.  Its model declares the key."""

    __abstract__ = True

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
        key = inspect(self).identity or ["new"]
        return f"<{type(self).__name__} {', '.join(map(str, key))}>"

    def __str__(self) -> str:
        return label(self)


class BaseModel(Timestamped):
    """A row with an id as well: what most models inherit from."""

    __abstract__ = True

<< model_file.base_key(key()) >>
