# A native enum gets a value that becomes the default; from Alembic's documentation of ADD VALUE.
# app/models/order.py
"""A model."""

from sqlalchemy import Enum
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Order(BaseModel):
    """An order."""

    __tablename__ = "orders"

    state: Mapped[str] = mapped_column(
        Enum("new", "sent", name="order_state"),
        server_default="new",
    )
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.order import Order


def rows() -> Iterator[BaseModel]:
    yield Order()
    yield Order(state="sent")
# then: app/models/order.py
"""A model."""

from sqlalchemy import Enum
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Order(BaseModel):
    """An order."""

    __tablename__ = "orders"

    state: Mapped[str] = mapped_column(
        Enum("new", "sent", "draft", name="order_state"),
        server_default="draft",
    )
