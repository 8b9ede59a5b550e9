"""The line in the log for each migration that is applied or reverted."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from alembic.runtime.migration import RevisionStep

logger = logging.getLogger("alembic.runtime.migration")


@contextmanager
def progress() -> Iterator[None]:
    """Word Alembic's own line about each migration as "Applying: 0002_add_phone"."""
    wording = Wording()
    logger.addFilter(wording)
    try:
        yield
    finally:
        logger.removeFilter(wording)


class Wording(logging.Filter):
    """Rewrites the lines about migrations that run, and drops Alembic's other ones.

    If several run, they are counted: "Applying: 0002_add_phone (1 of 3)".
    """

    def __init__(self) -> None:
        super().__init__()
        self.number = 0
        self.total = 0

    def filter(self, record: logging.LogRecord) -> bool:
        step = record.args[0] if isinstance(record.args, tuple) and record.args else None
        if not isinstance(step, RevisionStep) or context.is_offline_mode():
            return record.levelno > logging.INFO
        verb = "Applying" if step.is_upgrade else "Reverting"
        record.msg = f"{verb}: %s{self.count(step)}"
        record.args = (step.revision.revision,)
        return True

    def count(self, step: RevisionStep) -> str:
        """Return " (1 of 3)", or nothing for the only one."""
        if self.total == 0:
            self.total = self.length_of_run(step.is_upgrade)
        self.number += 1
        return f" ({self.number} of {self.total})" if self.total > 1 else ""

    def length_of_run(self, is_upgrade: bool) -> int:
        """Return how many migrations there are from the database's revision to the target."""
        migration_context = context.get_context()
        heads = migration_context.get_current_heads()
        environment = migration_context.environment_context
        assert environment is not None
        target = environment.context_opts["destination_rev"]
        if is_upgrade:
            revisions = context.script.iterate_revisions(target, heads, implicit_base=True)
        else:
            revisions = context.script.iterate_revisions(heads, target, select_for_downgrade=True)
        return len(list(revisions))
