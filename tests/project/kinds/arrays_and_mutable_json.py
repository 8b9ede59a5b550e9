# Arrays by annotation, a mutable dictionary in JSONB, and a two-dimensional array.
# app/models/survey.py
"""A model."""

import uuid
from typing import Any

from sqlalchemy import Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.mutable import MutableDict, MutableList
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import BaseModel


class Survey(BaseModel):
    """A survey."""

    __tablename__ = "surveys"

    answers: Mapped[dict[str, Any]] = mapped_column(
        MutableDict.as_mutable(JSONB()), server_default="{}"
    )
    words: Mapped[list[str]] = mapped_column(MutableList.as_mutable(ARRAY(Text)))
    grid: Mapped[list[list[int]] | None] = mapped_column(ARRAY(Integer, dimensions=2))
    keys: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

import uuid
from collections.abc import Iterator

from app.models.base import BaseModel
from app.models.survey import Survey


def rows() -> Iterator[BaseModel]:
    yield Survey(words=["a"], answers={"a": {"b": 1}}, grid=[[1, 2], [3, 4]])
    yield Survey(words=[], keys=[uuid.UUID(int=1)])
