"""Define types that change a value, that Python and SQL see differently, and values that equal nothing."""

import enum
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, CHAR, Boolean, CheckConstraint, Enum, LargeBinary, Numeric, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import DOMAIN, HSTORE, INT4RANGE, JSON, JSONB, Range
from sqlalchemy.ext.mutable import MutableDict
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import UserDefinedType


class Base(DeclarativeBase):
    pass


class Lower(TypeDecorator[str]):
    """Reads values that differ from what was written."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return value if value is None else value.lower()


class Secret(TypeDecorator[str]):
    """Refuses unexpected values, and stores bytes."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> bytes | None:
        if value is None:
            return None
        if not isinstance(value, str) or value == "":
            raise ValueError("not a secret")
        return value[::-1].encode()

    def process_result_value(self, value: bytes | None, dialect: Any) -> str | None:
        return None if value is None else bytes(value).decode()[::-1]


class Point(UserDefinedType[str]):
    """A PostgreSQL type that cannot be compared with =."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "point"


class Color(enum.Enum):
    RED = "r"
    BLUE = "b"


class Sized(Base):
    __tablename__ = "sized"

    id: Mapped[int] = mapped_column(primary_key=True)
    lower: Mapped[str] = mapped_column(Lower, unique=True)
    secret: Mapped[str] = mapped_column(Secret, unique=True)
    rounded: Mapped[Decimal] = mapped_column(Numeric(4, 1), unique=True)
    not_a_number: Mapped[float] = mapped_column(unique=True)
    padded: Mapped[str] = mapped_column(CHAR(4), unique=True)
    numbers: Mapped[list[float]] = mapped_column(ARRAY(Numeric(asdecimal=False)), unique=True)
    span: Mapped[Range[int]] = mapped_column(INT4RANGE, unique=True)
    document: Mapped[dict[str, Any]] = mapped_column(MutableDict.as_mutable(JSONB), unique=True)
    plain: Mapped[dict[str, Any]] = mapped_column(JSON)
    null: Mapped[Any] = mapped_column(JSON(none_as_null=False))
    pairs: Mapped[dict[str, str]] = mapped_column(HSTORE)
    place: Mapped[str] = mapped_column(Point)
    native: Mapped[Color] = mapped_column(Enum(Color, name="color"), unique=True)
    checked: Mapped[Color] = mapped_column(
        Enum(
            Color,
            values_callable=lambda kind: [c.value for c in kind],
            native_enum=False,
            create_constraint=True,
        )
    )
    flag: Mapped[bool] = mapped_column(Boolean(create_constraint=True, name="is never created here"))
    email: Mapped[str] = mapped_column(DOMAIN("email", Text, check="VALUE ~ '@'", not_null=True), unique=True)
    percent: Mapped[int]

    __table_args__ = (
        CheckConstraint("percent % 10 = 0 AND percent <= 100", name="percent"),
        CheckConstraint(r"email ~ '%' OR email ~ '\:?'", name="colon: and 100%"),
        CheckConstraint("'{1}'::int[] <@ ARRAY[percent, 1]", name="always"),
    )


EXTENSIONS = ["hstore"]
NOT_TRIED = {
    "CHECK ('{1}'::int[] <@ ARRAY[percent, 1]) of sized": "no change that was tried breaks it alone",
    "CHECK (email ~ '%' OR email ~ ':?') of sized": "no change that was tried breaks it alone",
}

ALWAYS_ENFORCED = ["NOT NULL on email of sized"]


def rows() -> Iterator[Base]:
    for number, color in enumerate(Color, start=1):
        yield Sized(
            lower=f"ABC {number}",
            secret=f"secret {number}",
            rounded=Decimal("1.26") * number,
            not_a_number=float("nan") if number == 1 else float("-inf"),
            padded="a" * number,
            numbers=[float("nan")] * number,
            span=Range(1, number + 1),
            document={"a": [number, None]},
            plain={},
            null=None,
            pairs={},
            place="(1,2)",
            native=color,
            checked=color,
            flag=True,
            email=f"a@{number}",
            percent=10 * number,
        )
