"""Define a valid model for faulty ones to refer to."""

from sqlalchemy.orm import Mapped

from draft.models.base import BaseModel


class User(BaseModel):
    __tablename__ = "users"

    name: Mapped[str]
