"""Put the project of a lesson into build/, to inspect it or to work in it.

python -m lessons.projects examples NAME     build/examples/NAME: after the lesson, with each step tagged
python -m lessons.projects exercises NAME    build/exercises/NAME: before the solution, with one failing test
"""

import argparse
import shlex
import shutil
import sys
from contextlib import closing
from pathlib import Path

from lessons.names import renamed
from lessons.replay import PROGRAMS, TOOLS, LessonError, Replay, each, keep, replayed

SOLUTION = "<details>\n<summary>Solution</summary>\n"
TASK = """# Exercise: {title}

{task}

## Commands

Change to the project, activate its packages, and start its database:

{commands}

Run these lines again in each new terminal.

## Check your work

The exercise is done when its test and all other tests pass:

    pytest -q tests/test_exercise.py
    pytest -q

The lesson is `{lesson}`. Its solution follows the exercise.
"""


def example(lesson: Path, folder: Path, name: str = "") -> str:
    """Build the repository of a lesson from scratch in a folder; return a line that says so."""
    with replayed(renamed(lesson.read_text(), name)) as (_, project):
        keep(project, folder)
    return f"Ready: {folder}"


def exercise(lesson: Path, folder: Path, name: str = "") -> str:
    """Build the project at the start of the exercise, with its database; return the next steps."""
    if folder.exists():
        raise LessonError(f"{folder} already exists. Continue there, or remove it first")
    before, solution, _ = renamed(lesson.read_text(), name).partition(SOLUTION)
    if not solution:
        raise LessonError("its exercise has no solution (<summary>Solution</summary> in <details>)")
    folder.mkdir(parents=True)
    try:
        with closing(Replay(before, folder.resolve())) as replay:
            replay.recorded()
            replay.stay = True
    except BaseException:
        shutil.rmtree(folder)
        raise
    go_there = commands(replay.project)
    title = before.partition("\n")[0].removeprefix("# ")
    task = before.partition("\n## Exercise\n")[2].strip()
    text = TASK.format(title=title, task=task, commands=go_there, lesson=lesson.resolve())
    (replay.project / "EXERCISE.md").write_text(text)
    with (replay.project / ".git/info/exclude").open("a") as excluded:
        excluded.write("/EXERCISE.md\n")
    return f"Ready: {folder}. The task is in EXERCISE.md:\n\n{go_there}\n    cat EXERCISE.md"


def commands(project: Path) -> str:
    """Return the first commands to run in a project, for a shell and as a block of Markdown."""
    folder, programs, tools = (shlex.quote(str(path)) for path in (project, PROGRAMS, TOOLS))
    # This does what `activate` does, but also works if the path contains a $, which `activate` does not quote
    # before 3.12.8.  If no other cookiecutter is installed, `declare` finds the one of this repository.
    return f'    cd {folder}\n    export PATH={programs}:"$PATH":{tools}\n    python db_manage.py start'


KINDS = {"examples": example, "exercises": exercise}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m lessons.projects", description="Generate the projects of lessons."
    )
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("names", nargs="*", metavar="NAME", help="for example 02-add-a-column; default: all")
    parser.add_argument("--project-name", default="", help="another name for the projects")
    arguments = parser.parse_args()
    make, folder, name = KINDS[arguments.kind], Path("build", arguments.kind), arguments.project_name
    try:
        lines = each(arguments.names, lambda lesson: make(lesson, folder / lesson.stem, name))
    except LessonError as error:
        sys.exit(str(error))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
