"""The models.  Every module of this package is imported, so that none is forgotten."""

from importlib import import_module
from pkgutil import iter_modules

<< import_models(dict(models() | map(attribute="module_and_name"), base="BaseModel")) >>

<< list_of("__all__", ["BaseModel"] + models() | map(attribute="name") | sort(case_sensitive=true)) >>

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")


def by_name() -> dict[str, type[BaseModel]]:
    """Return every model under its name, sorted; later ones are included."""
    models = [mapper.class_ for mapper in BaseModel.registry.mappers]
    return {model.__name__: model for model in sorted(models, key=lambda model: model.__name__)}
