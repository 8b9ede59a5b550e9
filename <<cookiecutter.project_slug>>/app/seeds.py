"""The rows that `python db_manage.py seed` inserts into an empty database: change them freely."""
<% set declared = models() %>

<% for line in seeds.imports(declared) %>
<< line >>
<% endfor %>

<< import_from("app.models", ["BaseModel"] + declared | map(attribute="name") | list) >>


def rows() -> Iterator[BaseModel]:
    """Yield new rows, which refer to each other."""
<% for line in seeds.statements(declared) %>
<< line >>
<% else %>
    yield from ()
<% endfor %>
