"""Test how the rows of app/seeds.py are inserted: their order, their ids, and the error message."""

import pytest
from sqlalchemy import BigInteger, Connection, ForeignKey, Identity
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from plumbing.errors import UserError
from plumbing.inserting import insert


class Base(DeclarativeBase):
    pass


class Zoo(Base):
    __tablename__ = "The Zoos: 100%"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)

    keepers: Mapped[list["Keeper"]] = relationship(back_populates="zoo")


class Keeper(Base):
    __tablename__ = "keepers"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    zoo_id: Mapped[int] = mapped_column(ForeignKey("The Zoos: 100%.id"))

    zoo: Mapped[Zoo] = relationship(back_populates="keepers")


class Animal(Base):
    """Has foreign keys but no relationship."""

    __tablename__ = "animals"

    id: Mapped[int] = mapped_column(primary_key=True)
    zoo_id: Mapped[int] = mapped_column(ForeignKey("The Zoos: 100%.id"))
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("keepers.id"))


class Meal(Base):
    __tablename__ = "meals"

    animal_id: Mapped[int] = mapped_column(ForeignKey("animals.id"), primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


@pytest.fixture
def session(connection: Connection) -> Session:
    """A session on the tables of these models."""
    Base.metadata.create_all(connection)
    return Session(connection, join_transaction_mode="create_savepoint")


def test_rows_that_refer_by_key_come_later(session: Session) -> None:
    """Rows that refer by key follow their targets, although SQLAlchemy only sorts by relationships."""
    zoo = Zoo(name="Bern")
    keeper = Keeper(zoo=zoo)
    rows = [zoo, Animal(zoo_id=1), keeper, Animal(zoo_id=1, keeper_id=1), Meal(animal_id=2, hour=9)]
    assert insert(session, rows) == rows
    assert keeper.zoo_id == 1


def test_numbers_go_on(session: Session) -> None:
    """Rows with explicit ids do not collide with the next generated ones."""
    insert(session, [Zoo(id=1, name="a"), Zoo(id=7, name="b"), Keeper(id=3, zoo_id=1)])
    zoo, keeper = Zoo(name="c"), Keeper(zoo_id=7)
    insert(session, [zoo, keeper])
    assert (zoo.id, keeper.id) == (8, 4)


def test_what_is_refused(session: Session) -> None:
    message = (
        'A row of app/seeds.py is refused: duplicate key value violates unique constraint "The Zoos: 100%_name_key".'
        r" Key \(name\)=\(a\) already exists."
    )
    with pytest.raises(UserError, match=f"^{message}$") as refusal:
        insert(session, [Zoo(name="a"), Zoo(name="a")])
    assert refusal.value.__suppress_context__
