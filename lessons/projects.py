"""Leave the project of a lesson in build/, to look at or to work in.

python -m lessons.projects examples NAME     build/examples/NAME: after the lesson, each step tagged
python -m lessons.projects exercises NAME    build/exercises/NAME: before the solution, one test failing
"""

import argparse
import shutil
import sys
from contextlib import closing
from pathlib import Path

from lessons.replay import PROGRAMS, LessonError, Replay, each, keep, replayed

SOLUTION = "<summary>Solution</summary>"


def example(lesson: Path, folder: Path) -> str:
    """Make the repository of a lesson anew in a folder; return a line that says so."""
    with replayed(lesson.read_text()) as (_, project):
        keep(project, folder)
    return f"Ready: {folder}"


def exercise(lesson: Path, folder: Path) -> str:
    """Make the project as the exercise finds it, with its database; return lines that say how to go on."""
    if folder.exists():
        raise LessonError(f"{folder} exists: go on there, or remove it first")
    before, solution, _ = lesson.read_text().partition(SOLUTION)
    if not solution:
        raise LessonError(f"a line {SOLUTION} is missing")
    folder.mkdir(parents=True)
    try:
        with closing(Replay(before, folder.resolve())) as replay:
            replay.recorded()
            replay.stay = True
    except BaseException:
        shutil.rmtree(folder)
        raise
    return (
        f"Ready: {folder}. Make its test pass:\n\n    cd {folder / replay.project.name}\n"
        f"    . {PROGRAMS}/activate\n    python db_manage.py start\n    pytest -q tests/test_exercise.py"
    )


KINDS = {"examples": example, "exercises": exercise}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m lessons.projects", description="Make projects of lessons."
    )
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("names", nargs="*", metavar="NAME", help="for example 02-add-a-column; else all")
    arguments = parser.parse_args()
    folder = Path("build", arguments.kind)
    try:
        lines = each(arguments.names, lambda lesson: KINDS[arguments.kind](lesson, folder / lesson.stem))
    except LessonError as error:
        sys.exit(str(error))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
