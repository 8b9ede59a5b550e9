"""The models.  Every module of this package is imported, so that none is forgotten."""

from importlib import import_module
from pkgutil import iter_modules

<< import_models(model_file.modules(models())) >>

<< list_of("__all__", ["BaseModel"] + models() | map(attribute="name") | sort(case_sensitive=true)) >>

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")
