"""Finds the base of the merge: the fresh project that the owner began with."""

from dataclasses import dataclass, replace
from pathlib import Path

from plumbing.errors import UserError
from plumbing.updating.git import Repository
from plumbing.updating.record import FILES, RECORD, Record, parse, parse_files
from plumbing.updating.workspace import Workspace


@dataclass(frozen=True)
class Origin:
    """The fresh project in the history of a project."""

    commit: str
    """The commit that added it, or that last updated it; it may hold changes of the owner's as well."""
    files: dict[str, str]
    """The object ids of the fresh files, by their paths in the project."""
    removed: set[str]
    """The paths of the fresh files that the owner has removed since."""
    edited: list[str]
    """The paths of the other ones that the commit does not have as they were."""


def recorded(repository: Repository, prefix: str) -> Record | None:
    """Return the record of the last commit, or None if it has none.

    Its files are those of the fresh project that the record came with.
    """
    content = read(repository, "HEAD", prefix, RECORD)
    if content is None:
        return None
    record = parse(content)
    commits = record_commits(repository, prefix)
    lists = {commit: read_files(repository, commit, prefix) for commit in commits}
    whole = {commit: files for commit, files in lists.items() if files}
    # Where two branches have been merged, the record may be that of one, and the list a mixture.
    same = [commit for commit in whole if read(repository, commit, prefix, RECORD) == content]
    commit = next(iter([*same, *whole, *commits]))
    return replace(record, commit=commit, files=whole.get(commit, {}))


def record_commits(repository: Repository, prefix: str) -> list[str]:
    """Return the commits that have changed the record, newest first, and the merges last."""
    names = [f":(top){prefix}{name}" for name in (RECORD, FILES)]
    words = ["log", "--full-history", "--topo-order", "--format=%H"]
    kinds = ("--no-merges", "--merges")
    logs = [repository.text(*words, kind, "HEAD", "--", *names) for kind in kinds]
    return [commit for log in logs for commit in log.splitlines()]


def read(repository: Repository, commit: str, prefix: str, name: str) -> str | None:
    """Return the content of a file of the project in a commit, or None if there is no such file."""
    result = repository.run("cat-file", "blob", f"{commit}:{prefix}{name}", allowed=(0, 128))
    return result.stdout.decode(errors="replace") if result.returncode == 0 else None


def read_files(repository: Repository, commit: str, prefix: str) -> dict[str, str] | None:
    """Return the files that a commit lists, or None if the list is missing or a mixture."""
    text = read(repository, commit, prefix, FILES)
    return None if text is None else parse_files(text)


def origin(repository: Repository, prefix: str, record: Record, fresh: dict[str, str]) -> Origin:
    """Return the origin of a project with a record.

    If the record has no files, its commit is trusted to have them as they were, as far as a `fresh` project of
    today has them, too.
    """
    files = record.files
    if not files:
        present = repository.files(record.commit, prefix)
        files = {path: present[path] for path in present if path in fresh}
    return compared(repository, prefix, record.commit, files)


def first_origin(repository: Repository, prefix: str, files: dict[str, str]) -> Origin:
    """Return the origin of a project without a record: its first commit.

    `files` are the object ids of the files that the version without a record makes.  Raises UserError if the
    commit does not have their models.
    """
    path = f":(top){prefix}db_manage.py"
    commits = repository.text("log", "--diff-filter=A", "--format=%H", "HEAD", "--", path)
    if not commits:
        raise UserError("No commit has db_manage.py. Run this in the folder of a project.")
    commit = commits.splitlines()[-1]
    present = repository.files(commit, prefix)
    missing = [path for path in files if path.startswith("app/models/") and path not in present]
    if missing:
        raise UserError(
            f"These answers lead to {missing[0]}, which the first commit {commit[:7]} does not have."
            " Give the answers that the project was generated from."
        )
    return compared(repository, prefix, commit, files)


def compared(repository: Repository, prefix: str, commit: str, files: dict[str, str]) -> Origin:
    """Return the origin in a commit that has, or should have, these fresh files."""
    gone = removed(repository, prefix, commit, files)
    present = repository.files(commit, prefix)
    edited = [path for path in files if path not in gone and present.get(path) != files[path]]
    return Origin(commit, files, gone, edited)


def removed(repository: Repository, prefix: str, commit: str, files: dict[str, str]) -> set[str]:
    """Return the files that the last commit no longer has, unless they have moved."""
    changes = repository.names(
        "diff", "--name-status", "-M", "-z", "--relative", commit, "HEAD", "--"
    )
    renamed = set()
    words = iter(changes)
    for status in words:
        path = next(words)
        if status.startswith(("R", "C")):
            next(words)
            renamed.add(path)
    present = repository.files("HEAD", prefix)
    return {path for path in files if path not in present and path not in renamed}


def clean_commit(
    space: Workspace, found: Origin, prefix: str, folders: list[Path], version: str
) -> str:
    """Return a commit with the fresh files only as they were: that of the origin, or a new one after it.

    Where the commit of the origin holds changes of the owner's, the files as they were are looked up in the
    history and in `folders`.  A file that is nowhere is left out: then both sides have added it.
    """
    if not found.edited:
        return found.commit
    repository = space.repository
    changes: dict[str, str | None] = {}
    for path in found.edited:
        content = found.files[path]
        copies = [folder / path for folder in folders if folder.joinpath(path).is_file()]
        known = {write_blob(repository, copy) for copy in copies}
        is_known = content in known or repository.has(content)
        changes[prefix + path] = content if is_known else None
    tree = space.write_tree(found.commit, changes)
    return space.commit_tree(tree, [found.commit], f"Template {version}, as it was")


def write_blob(repository: Repository, path: Path) -> str:
    """Add a file to the objects; return its id."""
    return repository.text("hash-object", "-w", "--no-filters", "--", str(path))


def listed(repository: Repository, folder: Path) -> dict[str, str]:
    """Return the object ids of the files in the folder of a fresh project, but for .env and migrations."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    names = [path.relative_to(folder).as_posix() for path in paths]
    names = [
        name for name in names if name != ".env" and not name.startswith("migrations/versions/")
    ]
    return {name: write_blob(repository, folder / name) for name in names}
