"""docs/messages.md lists what the product prints."""

from tests.support.messages import PAGE, messages, page


def test_page_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "run: make messages"


def test_what_counts_as_a_message() -> None:
    """Prose does, however it is put together; docstrings, code, SQL and patterns do not."""
    source = '''
"""Say what is wrong, in one line."""
raise UserError(
    f"{name} is not a folder: "
    "choose another one"
)
echo("Applying: " + revision)
QUERY = "SELECT name FROM users WHERE id = {key}"
PATTERN = r"(?P<name>.+) is not a table"
IMPORT = "from sqlalchemy import text"
WORDS = "aluminium copper iron lead silver tin zinc"
'''
    assert messages(source) == ["{name} is not a folder: choose another one", "Applying: {...}"]
