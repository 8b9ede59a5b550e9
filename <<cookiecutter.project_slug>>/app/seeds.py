"""The rows that `python db_manage.py seed` inserts into an empty database: change them freely."""
<% set declared = models() %>

<% for line in seeds.imports(declared) %>
<< line >>
<% endfor %>
<% if seeds.imports(declared) %>

<% endif %>
<< import_from("app.models", ["BaseModel"] + declared | map(attribute="name") | list) >>


def rows() -> list[BaseModel]:
    """Return new rows, which refer to each other."""
<% for line in seeds.statements(declared) %>
<< line >>
<% endfor %>
<< seeds.all_rows(declared) >>
