"""Runs in the new project: splits archives, writes .env once, prints the next commands."""

import re
import secrets
import shlex
from pathlib import Path

for archive in Path().rglob("*.txtar"):
    text = archive.read_text(encoding="utf-8")
    _, *parts = re.split(r"^-- (\S+) --\n", text, flags=re.MULTILINE)
    for name, content in zip(parts[::2], parts[1::2], strict=True):
        archive.with_name(name).write_text(content, encoding="utf-8", newline="\n")
    archive.unlink()

env = Path(".env")
if not env.exists():
    example = Path(".env.example").read_text(encoding="utf-8")
    secret = f"SECRET_KEY={secrets.token_urlsafe(32)}"
    env.touch(mode=0o600)
    env.write_text(re.sub(r"^SECRET_KEY=.*", secret, example, flags=re.MULTILINE), encoding="utf-8")

print(f"""
Next:

    cd {shlex.quote(str(Path.cwd()))}
    python3 -m venv .venv
    . .venv/bin/activate
    pip install -r requirements-dev.txt
    python db_manage.py setup
    pytest
    flask run --debug
""")
