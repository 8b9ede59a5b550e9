"""Test discovery: models are found anywhere below app/models/, or an error says why not."""

import shutil
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from plumbing.discovery import import_modules
from plumbing.errors import UserError

Draft = Callable[..., Path]

MODEL = """\
from draft.models.base import BaseModel


class {name}(BaseModel):
    __tablename__ = "{table}"
"""


def model(name: str) -> str:
    """Return the source of a model."""
    return MODEL.format(name=name, table=f"{name.lower()}s")


def tables() -> list[str]:
    """Load the models; return the names of their tables."""
    import_modules(import_module("draft.models"))
    extensions: Any = import_module("draft.extensions")
    return sorted(extensions.Base.metadata.tables)


def test_packages_in_packages(draft: Draft) -> None:
    """Models may be in a package's __init__.py, imported there, or neither."""
    draft(
        {
            "models/shop/__init__.py": "from draft.models.shop.product import Product",
            "models/shop/product.py": model("Product"),
            "models/shop/stock/__init__.py": model("Shelf"),
            "models/shop/stock/depot.py": model("Depot"),
            "models/shop/stock/old/__init__.py": "",
            "models/shop/stock/old/parcel.py": model("Parcel"),
        }
    )
    assert tables() == ["depots", "parcels", "products", "shelfs", "users"]


def test_a_single_module(draft: Draft) -> None:
    folder = draft()
    files = [folder / "models/base.py", folder / "models/user.py"]
    base, user = [file.read_text() for file in files]
    shutil.rmtree(folder / "models")
    (folder / "models.py").write_text(base + user.replace("from draft.models.base import BaseModel\n", ""))
    assert tables() == ["users"]


@pytest.mark.parametrize(
    "name", ["models/my-note.py", "models/2fa.py", "models/class.py", "models/a note.py"]
)
def test_names_that_no_statement_imports(draft: Draft, name: str) -> None:
    draft({name: model("Note")})
    assert tables() == ["notes", "users"]


def test_what_is_left_alone(draft: Draft) -> None:
    """Files of editors and caches, and folders without Python, are ignored."""
    folder = draft(
        {
            "models/.user.py.swp": "?",
            "models/user.py~": "?",
            "models/user.py.orig": "?",
            "models/._user.py": "?",
            "models/#user.py#": "?",
            "models/__pycache__/note.py": "?",
            "models/.ipynb_checkpoints/note.py": "?",
            "models/sql/.ipynb_checkpoints/note.py": "?",
            "models/sql/view.sql": "SELECT 1",
        }
    )
    (folder / "models/.#user.py").symlink_to("anna@laptop.1234:5678")
    assert tables() == ["users"]


@pytest.mark.parametrize("folder", ["shop", "shop/stock", "shop-2", "link"])
def test_folder_without_init(draft: Draft, folder: str, tmp_path: Path) -> None:
    models = draft() / "models"
    if folder == "link":
        (models / folder).symlink_to(tmp_path / "elsewhere")
        (tmp_path / "elsewhere").mkdir()
    (models / folder).mkdir(parents=True, exist_ok=True)
    (models / folder / "product.py").write_text(model("Product"))
    if folder == "shop/stock":
        (models / "shop/__init__.py").touch()
    with pytest.raises(UserError) as raised:
        tables()
    assert str(raised.value) == (
        f"draft/models/{folder}/ has no __init__.py, so its models are not found."
        f" Create an empty file: draft/models/{folder}/__init__.py"
    )
    (models / folder / "__init__.py").touch()
    assert tables() == ["products", "users"]


def test_upper_folder_without_init(draft: Draft) -> None:
    """Packages inside it would not be found either."""
    draft({"models/shop/stock/__init__.py": "", "models/shop/stock/product.py": model("Product")})
    with pytest.raises(UserError, match=r"^draft/models/shop/ has no __init__.py"):
        tables()


def test_models_without_init(draft: Draft) -> None:
    (draft() / "models/__init__.py").unlink()
    with pytest.raises(UserError, match=r"^draft/models/ has no __init__.py"):
        tables()


@pytest.mark.parametrize("init", ["shop/__init__.py", "shop/product.py"])
def test_file_and_folder_of_one_name(draft: Draft, init: str) -> None:
    draft({"models/shop.py": model("Shop"), f"models/{init}": model("Product")})
    with pytest.raises(UserError) as raised:
        tables()
    assert str(raised.value) == (
        "draft/models/shop.py and draft/models/shop/ have the same name, so Python reads only one of"
        " them. Move the models of the file into the folder, or rename one of the two."
    )


@pytest.mark.parametrize("package", [True, False])
def test_models_as_file_and_folder(draft: Draft, package: bool) -> None:
    folder = draft({"models.py": ""})
    if not package:
        (folder / "models/__init__.py").unlink()
    with pytest.raises(UserError, match=r"^draft/models.py and draft/models/ have the same name"):
        tables()


@pytest.mark.parametrize("name", ["user.old.py", "v1.2/note.py"])
def test_dot_in_a_name(draft: Draft, name: str) -> None:
    draft({f"models/{name}": model("Note"), f"models/{Path(name).parent}/__init__.py": ""})
    shown = "draft/models/" + (name if name.endswith("old.py") else "v1.2")
    with pytest.raises(UserError) as raised:
        tables()
    assert str(raised.value) == f"Python cannot import {shown}: rename it, without the dot."


def test_folder_that_leads_back(draft: Draft) -> None:
    """A link is followed once: importing a file under a second name is a mistake of its own."""
    folder = draft()
    (folder / "models/again").symlink_to(".")
    with pytest.raises(Exception, match="Table 'users' is already defined"):
        tables()


def test_an_import_error_is_not_hidden(draft: Draft) -> None:
    draft({"models/shop/__init__.py": "import nothing_of_this_name"})
    with pytest.raises(ModuleNotFoundError):
        tables()
    assert "draft.models.shop" not in sys.modules
