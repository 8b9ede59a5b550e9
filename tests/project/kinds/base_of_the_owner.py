# The owner's own base class, with a mixin and a declared_attr.
# app/models/tenant.py
"""A model."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from app.extensions import Base


class TenantBase(Base):
    """A row with a key, in a table named after its class."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)

    @declared_attr.directive
    @classmethod
    def __tablename__(cls) -> str:
        return f"{cls.__name__.lower()}s"


class Tenant(TenantBase):
    """A tenant."""

    name: Mapped[str] = mapped_column(unique=True)


class OwnedByTenant:
    """A mixin: rows of a tenant."""

    @declared_attr
    @classmethod
    def tenant_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("tenants.id"), index=True)

    @declared_attr
    @classmethod
    def tenant(cls) -> Mapped[Tenant]:
        return relationship(Tenant)


class Invoice(OwnedByTenant, TenantBase):
    """An invoice."""

    amount: Mapped[int]
# app/seeds.py
"""The rows that `python db_manage.py seed` inserts."""

from collections.abc import Iterator

from app.extensions import Base
from app.models.tenant import Invoice, Tenant


def rows() -> Iterator[Base]:
    tenant = Tenant(name="ACME")
    yield tenant
    yield Tenant(name="Bolt")
    yield Invoice(tenant=tenant, amount=3)
