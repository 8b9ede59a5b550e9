"""The models: every module in this package is loaded, so a new file is all that a model needs."""

<< import_models(model_file.modules(models())) >>

<< list_of("__all__", ["BaseModel"] + models() | map(attribute="name") | sort(case_sensitive=true)) >>
<% set names = model_file.class_names(models()) %>
<% for model in models() %>
<% filter written(model.module ~ ".py") %><% include "model.py" %><% endfilter %>
<% endfor %>
