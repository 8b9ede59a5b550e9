"""The rows that `python db_manage.py seed` inserts into an empty database: change them freely."""
<% set declared = models() %>

<% for line in seeds.imports(declared) %>
<< line >>
<% endfor %>

from app.extensions import Base
<% if declared %>
<< import_from("app.models", declared | map(attribute="name") | list) >>
<% endif %>


def rows() -> Iterator[Base]:
    """Yield new rows, which refer to each other."""
<% for line in seeds.statements(declared) %>
<< line >>
<% else %>
    yield from ()
<% endfor %>
