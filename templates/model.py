<% set standard_imports = model_file.standard_imports(model) %>
<% set sqlalchemy_imports = model_file.sqlalchemy_imports(model) %>
<% set partners = model_file.partners(model) %>
<% set table_arguments = model_file.table_arguments(model) %>
<% set aliases = model_file.enum_aliases(model, names) %>
<% set relationships = model_file.relationships(model) %>
<% for line in standard_imports %>
<< line >>
<% endfor %>
<% if standard_imports %>

<% endif %>
<% for line in sqlalchemy_imports %>
<< line >>
<% endfor %>
<% if sqlalchemy_imports %>

<% endif %>
<< import_from("app.models.base", model_file.base_names(model)) >>
<% if partners %>

if TYPE_CHECKING:
    << import_models(partners) | indent >>
<% endif %>
<% if aliases %>

<% endif %>
<% for statement in model_file.enum_types(aliases) %>
<< statement >>
<% endfor %>
<% if model.links %>

<% endif %>
<% for statement in model_file.link_tables(model) %>
<< statement >>
<% endfor %>


class << model.name >>(<< model_file.base(model) >>):
    __tablename__ = "<< model.table >>"
<% if table_arguments %>
<< table_arguments >>
<% endif %>
<% if model_file.own_columns(model) %>

<% endif %>
<% for line in model_file.columns(model, aliases) %>
<< line >>
<% endfor %>
<% if relationships %>

<% endif %>
<% for line in relationships %>
<< line >>
<% endfor %>
