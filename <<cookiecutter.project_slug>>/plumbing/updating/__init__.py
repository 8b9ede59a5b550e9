"""Merges a newer template, or a longer declaration, into a project that its owner has changed.

It is a three-way merge of the fresh project that the owner began with, the project as it is, and a fresh
project of today.  The first is in the history: the last commit that changed the record.  The last becomes a
commit on top of it, which git merges into the project.  All of this is tried out in a separate repository,
and the project is changed at the end, in one step.
"""

import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from plumbing.errors import UserError
from plumbing.updating import base, declared
from plumbing.updating.baking import Fresh, Template, located, without_secrets
from plumbing.updating.base import Origin
from plumbing.updating.git import Repository
from plumbing.updating.record import (
    FILES,
    RECORD,
    Record,
    keep_address,
    parse,
    read_answers,
    version_key,
)
from plumbing.updating.workspace import Workspace, workspace

SETTING = "template.location"
"""Where git's configuration of the project keeps the location of the template."""
START = "git init && git add . && git commit -m Start"


@dataclass(frozen=True)
class Request:
    """What to merge into which project."""

    project: Path
    template: str | None = None
    """Its location, or None for that of the last time."""
    checkout: str | None = None
    """The branch, tag or commit of the template, or None for the newest."""
    answers: Path | None = None
    """The file with the answers of a project that has no record."""
    declare: Callable[[str], str] | None = None
    """Returns the new declaration for the recorded one."""
    is_trial: bool = False


@dataclass
class Outcome:
    """What a merge has changed, or would change."""

    old_version: str
    new_version: str
    changes: dict[str, str] = field(default_factory=dict)
    """The letter that git gives to the change of each file, by its path in the project: A, M, D or T."""
    conflicts: list[str] = field(default_factory=list)
    message: str | None = None
    """A message for the migration that is needed, or None if the models are as they were."""


def update(request: Request) -> Outcome:
    """Merge a fresh project into an existing one.  If it raises UserError, nothing has changed."""
    project = Repository(request.project)
    prefix = check(project)
    record = base.recorded(project, prefix)
    template = Template(location(project, request.template, record), request.checkout)
    with workspace(project) as space:
        run = Update(space, prefix, template, request)
        outcome = run.with_record(record) if record else run.without_record()
    if not request.is_trial:
        project.run("config", "--local", SETTING, template.location)
    return outcome


def declaration(project: Path) -> str:
    """Return the declaration in the record of a project.  Raises UserError."""
    try:
        record = parse(project.joinpath(RECORD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"This project has no {RECORD}: python db_manage.py help update") from None
    return record.answers["models"]


def check(project: Repository) -> str:
    """Return the path of a project in its repository.  Raises UserError unless all is committed."""
    inside = project.run("rev-parse", "--show-prefix", allowed=(0, 128))
    if inside.returncode and b"not a git repository" not in inside.stderr:
        project.run("rev-parse", "--show-prefix")  # which says what is wrong
    if inside.returncode:
        raise UserError(
            f"An update is a git merge, but this project is not in a git repository. Run: {START}"
        )
    if project.run("rev-parse", "--verify", "HEAD", allowed=(0, 128)).returncode:
        raise UserError(
            f"An update is a git merge, but nothing has been committed yet. Run: {START}"
        )
    if project.run("rev-parse", "--verify", "MERGE_HEAD", allowed=(0, 128)).returncode == 0:
        raise UserError(
            "A merge is in progress. Finish it: git merge --continue. Or cancel it: git merge --abort"
        )
    changes = project.names("status", "--porcelain", "-z")
    if changes:
        raise UserError(
            f"{changes[0][3:]} is not committed. Commit it, or stash it: git stash -u"
            if len(changes) == 1
            else f"{len(changes)} files are not committed. Commit them, or stash them: git stash -u"
        )
    return inside.stdout.decode().removesuffix("\n")


def location(project: Repository, given: str | None, record: Record | None) -> str:
    """Return where the template is: as given, as the last time, or as recorded.  Raises UserError."""
    if given:
        return located(given)
    last = project.text("config", "--local", "--get", SETTING, allowed=(0, 1))
    recorded = record.template if record else None
    if last or recorded:
        return last or recorded or ""
    raise UserError(
        "Where is the template? Name its folder, git address or zip file once: update TEMPLATE,"
        " or declare --template TEMPLATE"
    )


@dataclass
class Update:
    """One run: a merge that is tried out in a workspace."""

    space: Workspace
    prefix: str
    """The path of the project in its repository: empty, or with a slash at its end."""
    template: Template
    request: Request

    def with_record(self, record: Record) -> Outcome:
        """Merge into a project with a record."""
        if self.request.answers:
            raise UserError(f"The answers of this project are in {RECORD}: leave --answers out.")
        answers = dict(record.answers)
        if self.request.declare:
            answers["models"] = self.request.declare(answers["models"])
        fresh = self.bake("fresh", answers, record.page)
        old_version = record.version or ""
        if version_key(fresh.version) < version_key(old_version):
            raise UserError(
                f"{without_secrets(self.template.location)} is version {fresh.version}, older than"
                f" {old_version}, which generated this project. Get a newer version."
            )
        keep_address(fresh.folder, record)
        found = base.origin(self.space.project, self.prefix, record, fresh.record.files)
        known = [fresh.folder, *(self.older(record) if found.edited else ())]
        return self.merge(found, known, fresh, old_version)

    def older(self, record: Record) -> list[Path]:
        """Return fresh projects of the recorded answers: by this template, and by its tag for the version."""
        templates = {
            "recorded": self.template,
            "tagged": Template(self.template.location, f"v{record.version}"),
        }
        folders = []
        for name, template in templates.items():
            with suppress(UserError):  # there need not be such a tag, nor a repository
                baked = template.bake(self.space.folder / name, record.answers, record.page)
                folders.append(baked.folder)
        return folders

    def without_record(self) -> Outcome:
        """Merge into a project from the version before there was a record."""
        if not self.request.answers:
            raise UserError(
                f"This project has no {RECORD}: it is from version 0.1.0. Give its answers in a file:"
                " update TEMPLATE --answers FILE"
            )
        answers = read_answers(self.request.answers)
        if answers is None:
            folder = self.space.folder / "answers"
            answers = self.template.bake(folder, self.request.answers.resolve()).record.answers
        fresh = self.bake("fresh", answers)
        edition = self.template.first_edition(self.space.folder / "fresh")
        old = edition.generate(self.space.folder / "old", answers)
        files = base.listed(self.space.repository, old)
        found = base.first_origin(self.space.project, self.prefix, files)
        return self.merge(found, [old], fresh, "0.1.0")

    def bake(self, name: str, answers: dict[str, str], page: str = "") -> Fresh:
        return self.template.bake(self.space.folder / name, answers, page)

    def merge(self, found: Origin, known: list[Path], fresh: Fresh, old_version: str) -> Outcome:
        """Merge a fresh project; `known` are folders in which a file of the origin may be found."""
        project = self.space.project
        outcome = Outcome(old_version, fresh.version)
        head = project.text("rev-parse", "HEAD")
        if found.edited and project.text("rev-parse", "--is-shallow-repository") == "true":
            raise UserError(
                "This clone has only the newest commits. Get the others: git fetch --unshallow"
            )
        start = base.clean_commit(self.space, found, self.prefix, known, old_version)
        new = self.commit(start, found, fresh)
        if new == start:
            return outcome
        outcome.message = self.message(start, found, fresh)
        into = head if start == found.commit else self.note(head, start, old_version)
        title = self.title(outcome)
        self.space.check_out(into)
        is_clean = self.space.merge(self.space.repository, new, title)
        result = self.space.repository.text("rev-parse", "HEAD")
        outcome.changes = self.changes(head)
        outcome.conflicts = self.conflicts(self.space.repository)
        if not self.request.is_trial:
            with undisturbed():
                if is_clean:
                    self.space.give(result)
                    project.run("merge", "--ff-only", "--no-verify-signatures", "--quiet", result)
                else:
                    self.space.give(new)
                    self.space.give(into)
                    project.run("update-ref", "HEAD", into, head)
                    self.space.merge(project, new, title)
        return outcome

    def commit(self, start: str, found: Origin, fresh: Fresh) -> str:
        """Return a commit with the fresh project after another one, or that if nothing has changed.

        Migrations stay as they are, and files that the owner has removed.
        """
        space = self.space
        space.check_out(start)
        root = space.repository.folder / self.prefix
        for path in found.files:
            if path not in fresh.record.files and path not in found.removed:
                root.joinpath(path).unlink(missing_ok=True)
        for path in [*fresh.record.files, RECORD, FILES]:
            if path not in found.removed:
                target = root / path
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(fresh.folder / path, target)
        space.repository.run("add", "--all", "--force")
        if not space.repository.names("diff", "--cached", "--name-only", "-z"):
            return start
        space.repository.run("commit", "--quiet", "-m", f"Template {fresh.version}: fresh project")
        return space.repository.text("rev-parse", "HEAD")

    def note(self, head: str, start: str, version: str) -> str:
        """Return a commit that has the files of `head`, and `start` in its history."""
        title = f"Record the fresh project of template {version}"
        return self.space.commit_tree(f"{head}^{{tree}}", [head, start], title)

    def title(self, outcome: Outcome) -> str:
        """Return the message of the merge."""
        if self.request.declare:
            return f"Declare: {outcome.message or 'no change of the models'}"
        return f"Update the template to {outcome.new_version}"

    def message(self, start: str, found: Origin, fresh: Fresh) -> str | None:
        """Return a message for the migration that the new models need, or None if they need none.

        A declaration may change any part of a model. A newer template changes tables and columns, or only the
        code around them.
        """
        repository = self.space.repository
        present = repository.files(start, self.prefix)
        known = {path: present[path] for path in found.files if is_model(path) and path in present}
        new = {path: name for path, name in fresh.record.files.items() if is_model(path)}
        before = declared.read(repository.text("cat-file", "blob", name) for name in known.values())
        after = declared.read((fresh.folder / path).read_text(encoding="utf-8") for path in new)
        has_changed = new != known if self.request.declare else after != before
        return after.message(before) if has_changed else None

    def changes(self, head: str) -> dict[str, str]:
        """Return what the work tree of the workspace has changed since a commit."""
        words = ["diff", "--name-status", "--no-renames", "-z", head, "--", f":(top){self.prefix}"]
        found = iter(self.space.repository.names(*words))
        return {next(found).removeprefix(self.prefix): status for status in found}

    def conflicts(self, repository: Repository) -> list[str]:
        """Return the files that have conflicts."""
        names = repository.names("diff", "--name-only", "--diff-filter=U", "-z")
        return [name.removeprefix(self.prefix) for name in names]


def is_model(path: str) -> bool:
    """Return whether a file of the project defines a model."""
    return path.startswith("app/models/") and path.endswith(".py")


@contextmanager
def undisturbed() -> Iterator[None]:
    """Delay Ctrl-C and SIGTERM, in this process and in those that it starts."""
    signals = {signal.SIGINT, signal.SIGTERM}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
