"""Test the diagram as a picture: where the boxes are, and which lines connect them."""

from itertools import combinations

from sqlalchemy import (
    Column,
    DateTime,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from plumbing.diagram.picture import LARGE, Box, Picture, layers, picture


def table(metadata: MetaData, name: str, *parents: str, schema: str | None = None) -> Table:
    """Add a table that refers to others."""
    columns: list[Column[int]] = [
        Column(f"{parent.replace('.', '_')}_id", ForeignKey(f"{parent}.id")) for parent in parents
    ]
    return Table(name, metadata, Column("id", Integer, primary_key=True), *columns, schema=schema)


def boxes(picture: Picture) -> dict[str, Box]:
    return {box.key: box for box in picture.boxes}


def names(metadata: MetaData) -> list[list[str]]:
    """Return the names of the tables in each layer."""
    tables = sorted(metadata.tables.values(), key=lambda table: table.key)
    return [[table.name for table in layer] for layer in layers(tables)]


def overlap(one: Box, other: Box) -> bool:
    across = one.x < other.right and other.x < one.right
    down = one.y < other.y + other.height and other.y < one.y + one.height
    return across and down


def test_tables_are_right_of_those_they_refer_to() -> None:
    metadata = MetaData()
    table(metadata, "comments", "posts", "users")
    table(metadata, "posts", "users")
    table(metadata, "users")
    assert names(metadata) == [["users"], ["posts"], ["comments"]]
    found = boxes(picture(metadata))
    assert found["users"].right < found["posts"].x
    assert found["posts"].right < found["comments"].x


def test_tables_that_refer_to_each_other() -> None:
    metadata = MetaData()
    table(metadata, "stores", "staff", "cities")
    table(metadata, "staff", "stores", "cities")
    table(metadata, "cities")
    table(metadata, "orders", "stores")
    assert names(metadata) == [["cities"], ["stores"], ["orders", "staff"]]
    assert len(picture(metadata).lines) == 5


def test_tables_without_relations_come_last() -> None:
    metadata = MetaData()
    table(metadata, "alone")
    table(metadata, "trees", "trees")
    table(metadata, "posts", "users")
    table(metadata, "users")
    assert names(metadata) == [["users"], ["posts"], ["alone", "trees"]]


def test_nothing_to_draw() -> None:
    assert picture(MetaData()).boxes == []


def test_what_a_box_shows() -> None:
    metadata = MetaData()
    table(metadata, "users", schema="auth")
    Table(
        "posts",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("title", Text, unique=True, nullable=False),
        Column("user_id", ForeignKey("auth.users.id")),
        schema="blog",
    )
    drawn = picture(metadata)
    posts = boxes(drawn)["blog.posts"]
    rows = [(row.name, row.type, row.key) for row in posts.rows]
    assert rows == [("id", "integer", "PK"), ("title", "text", "UK"), ("user_id", "integer?", "FK")]
    assert posts.schema != boxes(drawn)["auth.users"].schema
    (line,) = drawn.lines
    assert line.title == "blog.posts.user_id refers to auth.users"
    x, y = posts.edge(-1, "user_id")
    assert line.curve.endswith(
        f"{boxes(drawn)['auth.users'].right:.0f} {boxes(drawn)['auth.users'].y + 41:.0f}"
    )
    assert line.curve.startswith(f"M{x:.0f} {y:.0f}C")


def test_what_a_row_says_when_the_mouse_is_over_it() -> None:
    """A tooltip lists an enum's values and columns unique together; the two timestamps have no row."""
    metadata = MetaData()
    Table(
        "orders",
        metadata,
        Column("state", Enum("new", "paid", native_enum=False), nullable=False),
        Column("number", Integer, nullable=False),
        Column("created_at", DateTime, nullable=False),
        UniqueConstraint("state", "number"),
    )
    (box,) = picture(metadata).boxes
    rows = [(row.name, row.type, row.title) for row in box.rows]
    assert rows == [("state", "enum", "unique together; new, paid"), ("number", "integer", "unique together")]


def test_the_signs_of_a_line() -> None:
    """A crow's foot means many, a bar one, and a circle one or none."""
    metadata = MetaData()
    table(metadata, "users")
    Table("posts", metadata, Column("user_id", ForeignKey("users.id"), nullable=False))
    Table("drafts", metadata, Column("user_id", ForeignKey("users.id")))
    Table("profiles", metadata, Column("user_id", ForeignKey("users.id"), nullable=False, unique=True))
    drafts, posts, profiles = picture(metadata).lines
    assert "L" in posts.child_sign and "v" in posts.parent_sign
    assert "L" in drafts.child_sign and "a" in drafts.parent_sign
    assert "v" in profiles.child_sign and "v" in profiles.parent_sign


def test_a_foreign_key_of_several_columns() -> None:
    metadata = MetaData()
    Table(
        "seats", metadata, Column("row", Integer, primary_key=True), Column("seat", Integer, primary_key=True)
    )
    key = ForeignKeyConstraint(["row", "seat"], ["seats.row", "seats.seat"])
    Table("tickets", metadata, Column("row", Integer), Column("seat", Integer), key)
    (line,) = picture(metadata).lines
    assert line.title == "tickets.row, seat refers to seats"


def test_many_tables() -> None:
    """No two boxes overlap, the picture is not a tower, and each box shows only its keys."""
    metadata = MetaData()
    table(metadata, "root")
    for number in range(200):
        child = table(metadata, f"t{number:03}", "root")
        child.append_column(Column("notes", Text))
    drawn = picture(metadata)
    assert drawn.only_keys and len(drawn.boxes) == 201 > LARGE
    assert {row.name for box in drawn.boxes for row in box.rows} == {"id", "root_id"}
    assert drawn.height < 2 * drawn.width
    assert not [pair for pair in combinations(drawn.boxes, 2) if overlap(*pair)]
    for box in drawn.boxes:
        assert 0 < box.x < box.right < drawn.width
        assert 0 < box.y < box.y + box.height < drawn.height


def test_a_long_chain() -> None:
    metadata = MetaData()
    table(metadata, "t0000")
    for number in range(1, 1200):
        table(metadata, f"t{number:04}", f"t{number - 1:04}")
    assert len(names(metadata)) == 1200
