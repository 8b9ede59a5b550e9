"""Answer requests to the API of a project, as a server would.

    python tests/support/api.py FOLDER URL

Run it with the packages of a project (build/project).  It creates and fills the database.  It reads one
request per line, as JSON, and answers each with one line: the status and the body.
"""

import base64
import json
import os
import sys
import traceback
from typing import Any


def main(folder: str, url: str) -> None:
    os.chdir(folder)
    sys.path.insert(0, folder)
    os.environ["DATABASE_URL"] = url
    from app import create_app, seeds

    from plumbing import database, migrations, rows

    app = create_app("development")
    with app.app_context():
        database.create()
        migrations.upgrade()
        app.extensions["sqlalchemy"].create_all()  # for models written by hand
        rows.seed(seeds.rows)
    client = app.test_client()
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(client, json.loads(line))), flush=True)


def answer(client: Any, request: dict[str, Any]) -> list[Any]:
    """Return the status and body of the response; an uncaught exception becomes status 599."""
    try:
        response = client.open(
            request["path"],
            method=request["method"],
            data=base64.b64decode(request["body"]),
            headers=request["headers"],
            query_string=request["query"],
        )
    except Exception:
        return [599, traceback.format_exc()]
    return [response.status_code, response.text]


if __name__ == "__main__":
    main(*sys.argv[1:])
