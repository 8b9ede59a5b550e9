"""Lays out the diagram of the tables as a picture: where each box and each line is.

A table stands to the right of those that it refers to.  Lengths are in pixels, and the origin is at
the top left.  The template plumbing/diagram.svg draws the result.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import mean
from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, MetaData, Table

from plumbing.diagram.columns import (
    is_one_to_one,
    keys,
    short_type,
    shown_columns,
    unique_together,
    values,
)

CHARACTER = 7.3  # width of a monospaced character at 12 pixels, or a little more
PADDING = 12  # between the edge of a box and its text
HEADER = 30  # height of the name of a table
ROW = 22  # height of a column
GAP_ACROSS = 72  # room for the lines between two columns of boxes
GAP_DOWN = 24
MARGIN = 32  # around the picture; the loop of a reference to the same table fits into it
LARGE = 30  # tables; in a picture of more of them, boxes hold keys only

LEFT, RIGHT = -1, 1  # sides of a box

Point = tuple[float, float]
Layer = list[Table]


@dataclass
class Row:
    """A column of a table."""

    name: str
    type: str
    key: str
    title: str = ""  # what else there is to say; browsers show it when the mouse is over the row


@dataclass
class Box:
    """A table."""

    key: str
    rows: list[Row]
    width: float
    schema: int  # the number of its schema, from which its color follows
    x: float = 0
    y: float = 0

    @property
    def height(self) -> int:
        return HEADER + ROW * len(self.rows)

    @property
    def right(self) -> float:
        return self.x + self.width

    def edge(self, side: int, column: str) -> Point:
        """Return the point where a line to a column ends; the header, if no row shows the column."""
        x = self.right if side == RIGHT else self.x
        for number, row in enumerate(self.rows):
            if row.name == column:
                return x, self.y + HEADER + ROW * (number + 0.5)
        return x, self.y + HEADER / 2


@dataclass
class Line:
    """A foreign key: the curve and the signs at its ends, as the data of SVG paths."""

    curve: str
    child_sign: str
    parent_sign: str
    title: str


@dataclass
class Picture:
    """The whole diagram."""

    width: float = 0
    height: float = 0
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    only_keys: bool = False


def picture(metadata: MetaData) -> Picture:
    """Return the picture of all tables."""
    tables = sorted(metadata.tables.values(), key=lambda table: table.key)
    if not tables:
        return Picture()
    only_keys = len(tables) > LARGE
    schemas = sorted({table.schema or "" for table in tables})
    boxes = {table: box(table, schemas, only_keys) for table in tables}
    columns = columns_of_boxes(tables, boxes)
    place(columns)
    lines = []
    for table in tables:
        foreign_keys = sorted(table.foreign_key_constraints, key=lambda key: list(key.column_keys))
        lines += [connection(foreign_key, boxes) for foreign_key in foreign_keys]
    return Picture(
        width=max(box.right for box in boxes.values()) + MARGIN,
        height=max(box.y + box.height for box in boxes.values()) + MARGIN,
        boxes=list(boxes.values()),
        lines=lines,
        only_keys=only_keys,
    )


# Boxes


def box(table: Table, schemas: list[str], only_keys: bool) -> Box:
    """Return the box of a table, not yet in its place."""
    columns = shown_columns(table)
    if only_keys:
        columns = [column for column in columns if column.primary_key or column.foreign_keys]
    rows = [row(column) for column in columns]
    texts = [table.key] + [f"{row.name}  {row.type} {row.key}" for row in rows]
    width = max(len(text) for text in texts) * CHARACTER + 2 * PADDING
    return Box(table.key, rows, width, schemas.index(table.schema or ""))


def row(column: Column[Any]) -> Row:
    """Return what a box shows of a column; a ? behind the type means that it may be NULL."""
    null = "?" if column.nullable else ""
    title = "; ".join(part for part in [unique_together(column), ", ".join(values(column))] if part)
    return Row(column.name, short_type(column) + null, " ".join(keys(column)), title)


# Places


def columns_of_boxes(tables: list[Table], boxes: dict[Table, Box]) -> list[list[Box]]:
    """Return the columns of the picture from left to right, each with its boxes from the top.

    A layer that would be much higher than the picture is wide becomes several columns.
    """
    area = sum((box.width + GAP_ACROSS) * (box.height + GAP_DOWN) for box in boxes.values())
    tallest = max(box.height for box in boxes.values())
    limit = max(tallest, math.sqrt(area))
    columns = []
    for layer in sorted_layers(layers(tables)):
        column: list[Box] = []
        for table in layer:
            height = sum(box.height + GAP_DOWN for box in column) + boxes[table].height
            if column and height > limit:
                columns.append(column)
                column = []
            column.append(boxes[table])
        columns.append(column)
    return columns


def layers(tables: list[Table]) -> list[Layer]:
    """Return the tables in layers, each of which refers to the layers before it only.

    Of tables that refer to each other in a circle, the one that most others refer to comes first.
    Tables without any relation to others are the last layer.
    """
    related = {table for pair in references(tables) for table in pair}
    alone = [table for table in tables if table not in related]
    missing = {table: parents(table) for table in tables if table in related}
    result = []
    while missing:
        layer = [table for table, lacking in missing.items() if not lacking]
        if not layer:
            layer = [most_wanted(missing)]
        result.append(layer)
        for table in layer:
            del missing[table]
        for lacking in missing.values():
            lacking.difference_update(layer)
    return [*result, alone] if alone else result


def most_wanted(missing: dict[Table, set[Table]]) -> Table:
    """Return one of the tables that lack the fewest others: that which most others lack."""
    wanted = Counter(parent for lacking in missing.values() for parent in lacking)
    return min(missing, key=lambda table: (len(missing[table]), -wanted[table], table.key))


def references(tables: Iterable[Table]) -> set[tuple[Table, Table]]:
    """Return the pairs of a table and another that it refers to."""
    return {(table, parent) for table in tables for parent in parents(table)}


def parents(table: Table) -> set[Table]:
    """Return the other tables that a table refers to."""
    return {key.referred_table for key in table.foreign_key_constraints} - {table}


def sorted_layers(layers: list[Layer]) -> list[Layer]:
    """Return the layers with each table about as high as those that it refers to."""
    position = {table: number for layer in layers for number, table in enumerate(layer)}
    for before, layer in pairwise(layers):
        default = len(before)
        layer.sort(key=lambda table: (height_of_parents(table, position, default), table.key))
        position |= {table: number for number, table in enumerate(layer)}
    return layers


def height_of_parents(table: Table, position: dict[Table, int], default: int) -> float:
    """Return the mean position of the tables that a table refers to."""
    known = [position[parent] for parent in parents(table)]
    return mean(known) if known else default


def place(columns: list[list[Box]]) -> None:
    """Set the coordinates of the boxes; each column is centered from top to bottom."""
    heights = [sum(box.height + GAP_DOWN for box in column) - GAP_DOWN for column in columns]
    x: float = MARGIN
    for column, height in zip(columns, heights, strict=True):
        y = MARGIN + (max(heights) - height) / 2
        for box in column:
            box.x, box.y = x, y
            y += box.height + GAP_DOWN
        x += max(box.width for box in column) + GAP_ACROSS


# Lines


def connection(foreign_key: ForeignKeyConstraint, boxes: dict[Table, Box]) -> Line:
    """Return the line of a foreign key, from its first column to the one that this refers to."""
    element = foreign_key.elements[0]
    child = boxes[foreign_key.table]
    parent = boxes[foreign_key.referred_table]
    child_side, parent_side = sides(child, parent)
    start = child.edge(child_side, element.parent.name)
    end = parent.edge(parent_side, element.column.name)
    is_optional = any(column.nullable for column in foreign_key.columns)
    columns = ", ".join(foreign_key.column_keys)
    return Line(
        curve=curve(start, child_side, end, parent_side),
        child_sign=(bar if is_one_to_one(foreign_key) else crows_foot)(start, child_side),
        parent_sign=circle(end, parent_side) if is_optional else bar(end, parent_side),
        title=f"{child.key}.{columns} refers to {parent.key}",
    )


def sides(child: Box, parent: Box) -> tuple[int, int]:
    """Return the sides of the boxes where a line starts and ends."""
    if child.x >= parent.right:
        return LEFT, RIGHT
    if child.right <= parent.x:
        return RIGHT, LEFT
    return RIGHT, RIGHT


def curve(start: Point, start_side: int, end: Point, end_side: int) -> str:
    """Return a curve that leaves and arrives horizontally."""
    (x1, y1), (x2, y2) = start, end
    bend = GAP_ACROSS / 2 if start_side == end_side else max(GAP_ACROSS / 2, abs(x1 - x2) / 2)
    control1 = f"{x1 + start_side * bend:.0f} {y1:.0f}"
    control2 = f"{x2 + end_side * bend:.0f} {y2:.0f}"
    return f"M{x1:.0f} {y1:.0f}C{control1} {control2} {x2:.0f} {y2:.0f}"


def crows_foot(point: Point, side: int) -> str:
    """Return the sign for many rows."""
    x, y = point
    return f"M{x:.0f} {y - 5:.0f}L{x + side * 10:.0f} {y:.0f}L{x:.0f} {y + 5:.0f}"


def bar(point: Point, side: int) -> str:
    """Return the sign for exactly one row."""
    x, y = point
    return f"M{x + side * 8:.0f} {y - 5:.0f}v10"


def circle(point: Point, side: int) -> str:
    """Return the sign for one row or none."""
    x, y = point
    return f"M{x + side * 8 - 4:.0f} {y:.0f}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0"
