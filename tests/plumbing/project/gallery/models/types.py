"""Define a table with every type, and a model that raises wherever it can."""

import datetime as dt
import decimal
import uuid
from typing import Any, NoReturn

from sqlalchemy import (
    ARRAY,
    CHAR,
    REAL,
    BigInteger,
    DateTime,
    Enum,
    Numeric,
    SmallInteger,
    String,
    Text,
    Time,
    TypeDecorator,
)
from sqlalchemy.dialects.postgresql import (
    BIT,
    CIDR,
    HSTORE,
    INET,
    INT4RANGE,
    JSON,
    JSONB,
    MACADDR,
    MONEY,
    TSTZMULTIRANGE,
    TSTZRANGE,
    TSVECTOR,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from gallery.extensions import Base


class Kind(Base):
    """Has a column of every type."""

    __tablename__ = "kinds"

    id: Mapped[int] = mapped_column(primary_key=True)
    a_smallint: Mapped[int | None] = mapped_column(SmallInteger)
    a_bigint: Mapped[int | None] = mapped_column(BigInteger)
    a_numeric: Mapped[decimal.Decimal | None] = mapped_column(Numeric(9, 2))
    a_real: Mapped[float | None] = mapped_column(REAL)
    a_float: Mapped[float | None]
    a_boolean: Mapped[bool | None]
    a_string: Mapped[str | None] = mapped_column(String(40))
    a_char: Mapped[str | None] = mapped_column(CHAR(4))
    a_text: Mapped[str | None] = mapped_column(Text)
    a_date: Mapped[dt.date | None]
    a_time: Mapped[dt.time | None] = mapped_column(Time(timezone=True))
    a_datetime: Mapped[dt.datetime | None]
    a_moment: Mapped[dt.datetime | None] = mapped_column(DateTime(timezone=True))
    an_interval: Mapped[dt.timedelta | None]
    a_uuid: Mapped[uuid.UUID | None]
    a_json: Mapped[Any | None] = mapped_column(JSON)
    a_jsonb: Mapped[Any | None] = mapped_column(JSONB)
    some_bytes: Mapped[bytes | None]
    an_enum: Mapped[str | None] = mapped_column(Enum("small", "it's", name="size"))
    an_array: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    a_matrix: Mapped[list[int] | None] = mapped_column(ARRAY(SmallInteger, dimensions=2))
    json_array: Mapped[list[Any] | None] = mapped_column(ARRAY(JSON))
    a_range: Mapped[Any | None] = mapped_column(INT4RANGE)
    a_period: Mapped[Any | None] = mapped_column(TSTZRANGE)
    some_periods: Mapped[Any | None] = mapped_column(TSTZMULTIRANGE)
    an_address: Mapped[Any | None] = mapped_column(INET)
    a_network: Mapped[Any | None] = mapped_column(CIDR)
    a_card: Mapped[str | None] = mapped_column(MACADDR)
    some_money: Mapped[Any | None] = mapped_column(MONEY)
    some_bits: Mapped[Any | None] = mapped_column(BIT(3))
    some_words: Mapped[Any | None] = mapped_column(TSVECTOR)
    some_pairs: Mapped[Any | None] = mapped_column(HSTORE)


class Stubborn(TypeDecorator[str]):
    """A type that can neither read nor write a value."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> NoReturn:
        raise ValueError("it cannot be written")

    def process_result_value(self, value: Any, dialect: Any) -> NoReturn:
        raise ValueError("it cannot be read")

    def column_expression(self, column: Any) -> NoReturn:
        raise ValueError("it cannot be selected")


class Trap(Base):
    """A model that raises wherever it can."""

    __tablename__ = "traps"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Stubborn)
    renamed: Mapped[str] = mapped_column("Another name: 100% \"of\" 'it'")

    @validates("renamed")
    def refuse(self, _: str, __: str) -> NoReturn:
        raise ValueError("it is not valid")

    @property
    def title(self) -> NoReturn:
        raise ValueError("it has no title")

    def __repr__(self) -> NoReturn:
        raise ValueError("it has no name")
