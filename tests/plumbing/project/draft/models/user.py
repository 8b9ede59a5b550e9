"""A model without a mistake."""

from sqlalchemy.orm import Mapped

from draft.models.base import BaseModel


class User(BaseModel):
    __tablename__ = "users"

    name: Mapped[str]
