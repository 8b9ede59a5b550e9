"""Two commands in turn, and their ratio pair by pair: what else the machine does meets both."""

import statistics
import time
from collections.abc import Callable

Command = tuple[str, Callable[[], object]]  # its name, and what runs it


def seconds(run: Callable[[], object]) -> float:
    """Return the wall time of a run."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def compare(pairs: int, ours: Command, theirs: Command) -> None:
    """Print the times of two commands, and their ratio: median, minimum and maximum."""
    (name, our_run), (their_name, their_run) = ours, theirs
    for run in (our_run, their_run):  # warm up
        run()
    times = [(seconds(our_run), seconds(their_run)) for _ in range(pairs)]
    for what, values in (
        (f"{name}, seconds", [ours for ours, _ in times]),
        (f"  {their_name}, seconds", [theirs for _, theirs in times]),
        ("  ratio", [ours / theirs for ours, theirs in times]),
    ):
        print(f"{what:30} {statistics.median(values):.3f} {min(values):.3f} {max(values):.3f}")
