"""The models.  Every module of this package is imported, so that none is forgotten."""

from importlib import import_module
from pkgutil import iter_modules

<# "base" is a module as the others are, and stands among them. -#>
from app.models.base import BaseModel
<% for model in models() | sort(attribute="import_order") %>
<< import_from("app.models." ~ model.module, [model.name]) >>
<% endfor %>

__all__ = [
    "BaseModel",
<% for model in models() | sort(attribute="name", case_sensitive=true) %>
    "<< model.name >>",
<% endfor %>
]

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")


def by_name() -> dict[str, type[BaseModel]]:
    """Return every model under its name, later ones included."""
    return {m.class_.__name__: m.class_ for m in BaseModel.registry.mappers}
