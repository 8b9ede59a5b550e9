"""Provide commands and edits that many tests share."""

import os
import pty
import re
import subprocess

from tests.support.bake import Project, Result, warm

# Everything in the database except rows and the objects of extensions.
SCHEMA_DUMP = """
    WITH ours AS (
        SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    ), extended AS (
        SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
    ), relations AS (
        SELECT pg_class.*, nspname FROM pg_class JOIN ours ON ours.oid = relnamespace
        WHERE (1259, pg_class.oid) NOT IN (SELECT classid, objid FROM extended)
    )
    SELECT nspname, 'schema', '', '', '', '' FROM ours
    UNION ALL SELECT nspname, relname, relkind::text, relpersistence::text,
    CASE relkind WHEN 'v' THEN pg_get_viewdef(oid) WHEN 'p' THEN pg_get_partkeydef(oid) ELSE '' END
    || coalesce(pg_get_expr(relpartbound, oid), ''), obj_description(oid, 'pg_class')
    FROM relations WHERE relkind NOT IN ('i', 'I')
    UNION ALL SELECT nspname, relname, attname, format_type(atttypid, atttypmod),
    pg_get_expr(adbin, adrelid),
    concat_ws(' ', attnotnull, attidentity, attgenerated, collname, col_description(attrelid, attnum))
    FROM pg_attribute JOIN relations ON relations.oid = attrelid AND relkind NOT IN ('i', 'I', 'S')
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    LEFT JOIN pg_collation ON pg_collation.oid = attcollation AND collname <> 'default'
    WHERE attnum > 0 AND NOT attisdropped
    UNION ALL SELECT relations.nspname, relations.relname, conname, pg_get_constraintdef(pg_constraint.oid),
    '', '' FROM pg_constraint JOIN relations ON relations.oid = conrelid WHERE contype <> 'n'
    UNION ALL SELECT relations.nspname, relations.relname, 'index', pg_get_indexdef(indexrelid), '', ''
    FROM pg_index JOIN relations ON relations.oid = indrelid
    UNION ALL SELECT relations.nspname, relations.relname, 'trigger', pg_get_triggerdef(pg_trigger.oid), '', ''
    FROM pg_trigger JOIN relations ON relations.oid = tgrelid WHERE NOT tgisinternal
    UNION ALL SELECT nspname, relname, 'sequence', format_type(seqtypid, NULL),
    concat_ws(' ', seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle), ''
    FROM pg_sequence JOIN relations ON relations.oid = seqrelid
    UNION ALL SELECT nspname, typname, typtype::text, format_type(typbasetype, typtypmod), typdefault,
    concat_ws(' ', typnotnull, (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum
    WHERE enumtypid = pg_type.oid))
    FROM pg_type JOIN ours ON ours.oid = typnamespace WHERE typtype IN ('e', 'd', 'r')
    AND (1247, pg_type.oid) NOT IN (SELECT classid, objid FROM extended)
    UNION ALL SELECT nspname, proname, 'function', pg_get_function_identity_arguments(pg_proc.oid),
    prosrc, '' FROM pg_proc JOIN ours ON ours.oid = pronamespace
    WHERE (1255, pg_proc.oid) NOT IN (SELECT classid, objid FROM extended)
    UNION ALL SELECT '', extname, 'extension', '', '', '' FROM pg_extension
    ORDER BY 1, 2, 3, 4
"""


def flask(project: Project, *words: str, status: int = 0) -> str:
    """Run `flask db ...`; return stdout and stderr."""
    result = project.run("flask", "db", *words)
    assert result.returncode == status, result.stdout + result.stderr
    return result.stdout + result.stderr


def manage(project: Project, *words: str, status: int = 0, **variables: str) -> Result:
    """Run db_manage.py and check its status; for 2, also that stderr is one line or a wrong declaration."""
    result = project.run("python", "db_manage.py", *words, **variables)
    assert result.returncode == status, result.stdout + result.stderr
    if status == 2:
        source_and_caret = "    .+\n +\\^\n"  # printed below mistakes in a declaration
        assert re.fullmatch(
            f"(Applying: .+\n|Creating: .+\n)*Error: .+\n((models:.+\n)*{source_and_caret})?", result.stderr
        ), result.stderr
    return result


def edit(project: Project, name: str, old: str, new: str) -> None:
    path = project.path / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def revision(project: Project, name: str) -> str:
    return (project.path / "migrations/versions" / f"{name}.py").read_text()


REVISION = """
from alembic import op

revision = "{name}"
down_revision = "{after}"


def upgrade():
    {upgrade}


def downgrade():
    {downgrade}
"""


def write_revision(project: Project, name: str, after: str, upgrade: str, downgrade: str = "pass") -> None:
    path = project.path / "migrations/versions" / f"{name}.py"
    path.write_text(REVISION.format(name=name, after=after, upgrade=upgrade, downgrade=downgrade))


def applying(names: list[str]) -> list[str]:
    """Return the lines that `upgrade` prints when it applies these migrations."""
    total = len(names)
    counts = [f" ({number} of {total})" if total > 1 else "" for number in range(1, total + 1)]
    return [f"Applying: {name}{count}" for name, count in zip(names, counts, strict=True)]


def terminal(project: Project, *command: str, answer: str = "") -> str:
    """Return what a command writes to a terminal at which `answer` is typed."""
    ours, its = pty.openpty()
    path = f"{warm().programs()}{os.pathsep}{project.environment()['PATH']}"
    process = subprocess.Popen(
        command, cwd=project.path, env=project.environment(PATH=path), stdin=its, stdout=its, stderr=its
    )
    os.close(its)
    os.write(ours, answer.encode())
    output = b""
    while True:
        try:
            output += os.read(ours, 1000)
        except OSError:  # the command has closed its side
            break
    os.close(ours)
    assert process.wait() == 0, output
    return output.decode().replace("\r\n", "\n")
