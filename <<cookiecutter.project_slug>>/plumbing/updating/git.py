"""Runs git in a repository."""

import os
import subprocess  # nosec B404 # it runs git, without a shell
from collections.abc import Iterable
from pathlib import Path

from plumbing.errors import UserError

# What git sets for the hooks of a repository, and would take for that of every other one.
FOREIGN = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_WORK_TREE",
)


def environment(**changes: str) -> dict[str, str]:
    """Return the variables of a git process: its messages are in English, and it asks nothing."""
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return kept | {"LC_ALL": "C.UTF-8", "GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "true"} | changes


class Repository:
    """A repository with a work tree, in whose folder git is run."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.variables = variables

    def run(
        self,
        *words: str,
        stdin: bytes | None = None,
        allowed: Iterable[int] = (0,),
    ) -> subprocess.CompletedProcess[bytes]:
        """Run git.  Raises UserError if its exit status is not allowed.

        It is a session of its own, so that it finishes if this program is interrupted or killed.
        """
        command = ["git", *words]
        try:
            result = subprocess.run(  # nosec B603 # the words are ours
                command,
                cwd=self.folder,
                env=environment(**self.variables),
                input=b"" if stdin is None else stdin,
                capture_output=True,
                start_new_session=True,
            )
        except FileNotFoundError:
            raise UserError(
                "git is not installed: install it with your system's package manager."
            ) from None
        if result.returncode not in allowed:
            name = next(word for word in words if word != "-c" and "=" not in word)
            raise UserError(f"git {name}: {reason(result)}")
        return result

    def text(self, *words: str, allowed: Iterable[int] = (0,)) -> str:
        """Return what git prints, without the last line break."""
        output = self.run(*words, allowed=allowed).stdout.decode(errors="surrogateescape")
        return output.removesuffix("\n")

    def names(self, *words: str) -> list[str]:
        """Return the names that git prints with -z."""
        output = self.run(*words).stdout.decode(errors="surrogateescape")
        return [name for name in output.split("\0") if name]

    def has(self, object_name: str) -> bool:
        """Return whether the repository has an object."""
        return self.run("cat-file", "-e", object_name, allowed=(0, 1, 128)).returncode == 0

    def files(self, commit: str, folder: str = "") -> dict[str, str]:
        """Return the id of the content of each file in a commit, by its path in a folder.

        `folder` is empty, or ends with a slash.
        """
        tree = f"{commit}:{folder}" if folder else commit
        files = {}
        for line in self.names("ls-tree", "-r", "-z", "--full-tree", tree):
            facts, path = line.split("\t", 1)
            files[path] = facts.split()[2]
        return files


def reason(result: subprocess.CompletedProcess[bytes]) -> str:
    """Return why git failed, in one line."""
    lines = result.stderr.decode(errors="replace").strip().splitlines()
    marked = [line for line in lines if line.startswith(("fatal: ", "error: "))]
    line = (marked or lines or [f"exit status {result.returncode}"])[0]
    return line.removeprefix("fatal: ").removeprefix("error: ")
