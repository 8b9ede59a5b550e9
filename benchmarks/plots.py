"""Draws the figures of a benchmark as SVG, which a browser shows in its light or dark colors.

Curves have logarithmic axes, so a time proportional to the size is a straight line of slope 1.
"""

import math
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path

FOLDER = Path(__file__).parent / "plots"
WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 44, 44  # the margins, in pixels
BAR, GAP = 18, 6
LABEL = 16  # the height of a line of text
STYLE = """\
  <style>
    svg { background: #ffffff; font: 13px system-ui, sans-serif }
    text { fill: #1f2328 } .quiet { fill: #59636e } .grid { stroke: #d1d9e0 }
    .a { stroke: #0969da; fill: #0969da } .b { stroke: #bc4c00; fill: #bc4c00 }
    .line { fill: none; stroke-width: 2 } .start { stroke: none }
    @media (prefers-color-scheme: dark) {
      svg { background: #0d1117 }
      text { fill: #f0f6fc } .quiet { fill: #9198a1 } .grid { stroke: #3d444d }
      .a { stroke: #58a6ff; fill: #58a6ff } .b { stroke: #f0883e; fill: #f0883e }
      .line { fill: none }
    }
  </style>
"""

Points = list[tuple[float, float]]
"""Pairs of a size and the value measured at that size."""


def curves(name: str, title: str, sizes: str, unit: str, lines: dict[str, Points]) -> None:
    """Write `plots/NAME.svg`: one line for each of at most two sides, on logarithmic axes."""
    points = [point for line in lines.values() for point in line]
    x_of = scale([x for x, _ in points], LEFT, WIDTH - RIGHT)
    y_of = scale([y for _, y in points], HEIGHT - BOTTOM, TOP)
    parts = [text(LEFT, 24, title), text(LEFT, HEIGHT - 8, sizes, "quiet")]
    for x in sorted({x for x, _ in points}):
        parts.append(text(x_of(x), HEIGHT - 26, f"{x:,.0f}", "quiet", "middle"))
    for y in powers(y for _, y in points):
        height = y_of(y)
        parts.append(f'<path class="grid" d="M{LEFT} {height:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(text(LEFT - 8, height + 4, f"{y:g} {unit}", "quiet", "end"))
    labels = apart([y_of(line[-1][1]) for line in lines.values()])
    for side, height, (label, line) in zip("ab", labels, lines.items(), strict=False):
        places = [(x_of(x), y_of(y)) for x, y in line]
        parts.append(f'<path class="{side} line" d="M{" ".join(f"{x:.1f},{y:.1f}" for x, y in places)}"/>')
        parts += [f'<circle class="{side}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in places]
        parts.append(text(places[-1][0] + 10, height + 4, label))
    write(name, HEIGHT, parts)


def bars(name: str, title: str, unit: str, rows: dict[str, float]) -> None:
    """Write `plots/NAME.svg`: a bar for each row; those of the project have the other color."""
    space = WIDTH - 230 - 90
    longest = max(rows.values())
    parts = [text(12, 24, title)]
    for number, (label, value) in enumerate(rows.items()):
        y = TOP + number * (BAR + GAP)
        side = "a" if label.startswith("project") else "b"
        parts.append(text(222, y + 13, label, "", "end"))
        parts.append(
            f'<rect class="{side} start" x="230" y="{y}" width="{space * value / longest:.1f}" height="{BAR}"/>'
        )
        parts.append(text(236 + space * value / longest, y + 13, f"{value:,.0f} {unit}", "quiet"))
    write(name, TOP + len(rows) * (BAR + GAP) + 12, parts)


def scale(values: list[float], start: float, end: float) -> Callable[[float], float]:
    """Return the function that maps a value to its position on a logarithmic axis."""
    low, high = math.log10(min(values)), math.log10(max(values))
    if start > end:  # the vertical axis ends at powers of ten
        low, high = math.floor(low), math.ceil(high)
    return lambda value: start + (math.log10(value) - low) / ((high - low) or 1) * (end - start)


def apart(heights: list[float]) -> list[float]:
    """Return the heights of labels, with the upper one moved up if they would overlap."""
    upper, lower = sorted(heights)
    return [min(upper, lower - LABEL) if height == upper else lower for height in heights]


def powers(values: Iterable[float]) -> list[float]:
    """Return the powers of ten that enclose some values."""
    logarithms = [math.log10(value) for value in values]
    return [10.0**n for n in range(math.floor(min(logarithms)), math.ceil(max(logarithms)) + 1)]


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """Return an element with one line of text."""
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def write(name: str, height: float, parts: list[str]) -> None:
    """Write the SVG file, in the folder `plots`."""
    FOLDER.mkdir(exist_ok=True)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img">\n'
    body = "".join(f"  {part}\n" for part in parts)
    (FOLDER / f"{name}.svg").write_text(f"{head}{STYLE}{body}</svg>\n")


def exponent(points: Points) -> float:
    """Return k for a time that grows as start + c * size**k, from the last three geometric sizes.

    It is 0 for a time that grows by less than a tenth.
    """
    (_, first), (size, second), (larger, third) = points[-3:]
    if third < 1.1 * first or second <= first or third <= second:
        return 0.0
    return math.log((third - second) / (second - first)) / math.log(larger / size)
