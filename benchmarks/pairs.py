"""Run two sides alternately and compare them pair by pair, so that other load on the machine affects both."""

import statistics
import time
from collections.abc import Callable
from typing import Any

Run = Callable[[], Any]
Command = tuple[str, Run]  # its name, and the function that runs it


def seconds(run: Run) -> float:
    """Return the wall time of a run."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def compare(
    pairs: int,
    ours: Command,
    theirs: Command,
    measure: Callable[[Run], float] = seconds,
    unit: str = "seconds",
    digits: int = 3,
) -> tuple[float, float]:
    """Print what two commands measure, and their ratio: median, minimum and maximum.  Return both medians."""
    (name, our_run), (their_name, their_run) = ours, theirs
    for run in (our_run, their_run):  # warm up
        run()
    measured = [(measure(our_run), measure(their_run)) for _ in range(pairs)]
    for what, values, places in (
        (f"{name}, {unit}", [ours for ours, _ in measured], digits),
        (f"  {their_name}, {unit}", [theirs for _, theirs in measured], digits),
        ("  ratio", [ours / theirs for ours, theirs in measured], 3),
    ):
        shown = (statistics.median(values), min(values), max(values))
        print(f"{what:30}", *(f"{value:.{places}f}" for value in shown), flush=True)
    return statistics.median(ours for ours, _ in measured), statistics.median(
        theirs for _, theirs in measured
    )
