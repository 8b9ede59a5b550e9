"""What gunicorn.conf.py takes from plumbing."""

import sys

import pytest
from gunicorn.workers.gthread import ThreadWorker
from psycopg.errors import UniqueViolation
from sqlalchemy.exc import IntegrityError

from plumbing import serving


def test_a_gunicorn_that_lacks_a_method_ends_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The worker would be dead code, and requests lost, without anybody noticing."""
    monkeypatch.setenv("FLASK_ENV", "production")
    monkeypatch.delattr(ThreadWorker, "set_accept_enabled")
    with pytest.raises(SystemExit) as ended:
        serving.check_application()
    assert str(ended.value).startswith("Error: this gunicorn's ThreadWorker has no set_accept_enabled")
    assert "\n" not in str(ended.value)


def test_every_method_that_is_overridden_is_looked_for() -> None:
    own = {name for name in vars(serving.DrainingWorker) if not name.startswith("__")}
    assert own <= set(serving.METHODS)
    assert all(hasattr(ThreadWorker, name) for name in serving.METHODS)


def test_tracebacks_quote_no_values() -> None:
    try:
        try:
            raise UniqueViolation('duplicate key violates unique constraint "uq_a"\nDETAIL: (s3cret)')
        except UniqueViolation as error:
            raise IntegrityError("INSERT s3cret", {"name": "s3cret"}, error) from error
    except IntegrityError:
        kind, value, trace = sys.exc_info()
    assert kind is not None and value is not None
    lines = serving.format_exception((kind, value, trace))
    assert "s3cret" not in lines.replace(
        'raise IntegrityError("INSERT s3cret", {"name": "s3cret"}', ""
    ).replace("(s3cret)')", "")
    assert 'unique constraint "uq_a"' in lines
    assert "IntegrityError" in lines
