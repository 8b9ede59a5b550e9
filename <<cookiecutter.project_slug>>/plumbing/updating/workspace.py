"""A separate repository in which an update is tried out before the project is changed."""

import shlex
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from plumbing.errors import UserError
from plumbing.updating.git import Repository

PACKAGES = Path(__file__).resolve().parents[2]
MERGED_BY_DRIVER = ("*.py", "requirements*.txt", "*.md", ".template.*")
"""The files whose two changes plumbing.merging merges, rather than git alone."""
RESULT = "refs/heads/result"


class Workspace:
    """A temporary folder with a repository that reads the objects of the project's, and writes its own."""

    def __init__(self, project: Repository, folder: Path) -> None:
        self.project = project
        self.folder = folder
        tree = folder / "tree"
        tree.mkdir()
        repository = Repository(tree, **identity(project))
        object_format = project.text("rev-parse", "--show-object-format")
        repository.run("init", "--quiet", "--template=", f"--object-format={object_format}")
        git = tree / ".git"
        git.joinpath("objects", "info").mkdir(exist_ok=True)
        objects = path_in(project, "objects")
        git.joinpath("objects", "info", "alternates").write_text(f"{objects}\n")
        if path_in(project, "shallow").is_file():
            shutil.copy(path_in(project, "shallow"), git / "shallow")
        # The owner's settings hold here, too: line ends, signatures, the style of conflicts.
        settings = git.joinpath("config").read_text()
        included = str(path_in(project, "config")).replace("\\", "\\\\").replace('"', '\\"')
        hooks = folder / "hooks"
        git.joinpath("config").write_text(
            f'[include]\n\tpath = "{included}"\n{settings}[core]\n\thooksPath = {hooks}\n\tworktree = ..\n'
            "[gc]\n\tauto = 0\n"
        )
        self.repository = repository

    def write_tree(self, start: str, changes: dict[str, str | None]) -> str:
        """Return the tree of a commit with other contents: object ids by their paths, None for no file."""
        modes = {}
        for line in self.repository.names("ls-tree", "-r", "-z", "--full-tree", start):
            facts, path = line.split("\t", 1)
            modes[path] = facts.split()[0]
        lines = []
        for path, content in changes.items():
            mode = modes.get(path, "100644") if content else "0"
            lines.append(f"{mode} {content or '0' * 40}\t{path}\0")
        self.repository.run("read-tree", start)
        stdin = "".join(lines).encode(errors="surrogateescape")
        self.repository.run("update-index", "-z", "--index-info", stdin=stdin)
        return self.repository.text("write-tree")

    def commit_tree(self, tree: str, parents: list[str], message: str) -> str:
        """Return a new commit."""
        words = [word for parent in parents for word in ("-p", parent)]
        return self.repository.text("commit-tree", tree, *words, "-m", message)

    def check_out(self, commit: str) -> None:
        """Put the files of a commit into the work tree."""
        self.repository.run("checkout", "--quiet", "--force", "--detach", commit)

    def merge(self, repository: Repository, commit: str, title: str) -> bool:
        """Merge a commit into what a repository has checked out; return whether there are no conflicts."""
        attributes = self.folder / "attributes"
        attributes.write_text("".join(f"{name} merge=plumbing\n" for name in MERGED_BY_DRIVER))
        program = f"{shlex.quote(sys.executable)} -m plumbing.merging %O %A %B %L %P"
        driver = f"PYTHONPATH={shlex.quote(str(PACKAGES))} PYTHONDONTWRITEBYTECODE=1 {program}"
        result = repository.run(
            *("-c", f"core.attributesFile={attributes}"),
            *("-c", "merge.plumbing.name=files of the template"),
            *("-c", f"merge.plumbing.driver={driver}"),
            *("merge", "--no-ff", "--no-edit", "--no-log", "--no-verify-signatures", "--quiet"),
            *("-m", title, commit),
            allowed=(0, 1),
        )
        if result.returncode == 0:
            return True
        if not repository.names("diff", "--name-only", "--diff-filter=U", "-z"):
            message = result.stderr.decode(errors="replace").strip().splitlines()
            raise UserError(f"git merge: {message[0] if message else 'it has failed'}")
        return False

    def give(self, commit: str) -> None:
        """Copy a commit, and all that it needs, into the project's repository."""
        self.repository.run("update-ref", RESULT, commit)
        words = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance"]
        self.project.run(*words, str(self.repository.folder), RESULT)


def path_in(project: Repository, name: str) -> Path:
    """Return the path of a file in the folder .git of a project, or in that which a worktree shares."""
    return project.folder / project.text("rev-parse", "--git-path", name)


def identity(project: Repository) -> dict[str, str]:
    """Return the variables with the names under which the owner commits.  Raises UserError."""
    variables = {}
    for role in ("AUTHOR", "COMMITTER"):
        ident = project.text("var", f"GIT_{role}_IDENT")
        name, rest = ident.split(" <", 1)
        variables[f"GIT_{role}_NAME"] = name
        variables[f"GIT_{role}_EMAIL"] = rest.split(">")[0]
    return variables


@contextmanager
def workspace(project: Repository) -> Iterator[Workspace]:
    """Yield a workspace; its folder is gone afterwards, also after SIGTERM."""

    def stop(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        with tempfile.TemporaryDirectory(prefix="update-") as folder:
            yield Workspace(project, Path(folder).resolve())
    finally:
        signal.signal(signal.SIGTERM, before)
