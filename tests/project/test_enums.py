"""Test enums of generated models: what mypy finds, and how a value is added."""

import re
from collections.abc import Callable

import pytest

from tests.support.bake import Baker, Project, mypy_cache

MODELS = (
    "Order status:enum(new|paid|'it''s, 100%')=new refund:enum(new|paid|'it''s, 100%')? label:text;"
    " TeamMember role:enum(ADMIN|MEMBER); TeamInvite role:enum(ADMIN|MEMBER) size:enum(ADMIN|MEMBER|'für')"
)

# Each line with a mark is a mistake; the others are not.
USES = """\
from app.models.order import Order, OrderStatus
from app.models.team_invite import TeamInvite, TeamInviteRole
from app.models.team_member import TeamMember

order = Order()
order.status = "paid"
order.status = "it's, 100%"
order.refund = None
order.refund = order.status
text: str = order.status
order.status = "payed"  # wrong
order.status = None  # wrong
order.status = order.label  # wrong
order.refund = "old"  # wrong
if order.refund == "payed":  # wrong
    order.status = "new"

wanted: OrderStatus = "new"
order.status = wanted
wanted = "payed"  # wrong


def invite(member: TeamMember, role: TeamInviteRole) -> TeamInvite:
    invited = TeamInvite()
    invited.role = role
    invited.role = member.role
    member.role = invited.role
    member.role = invited.size  # wrong
    invited.size = member.role
    return invited


invite(TeamMember(), "ADMIN")
invite(TeamMember(), "admin")  # wrong
"""

ADD_VALUE = ('"paid", ', '"paid", "sent", ')


@pytest.mark.long
def test_enums(baker: Baker, database: Callable[[], str]) -> None:
    """Literals with the same values are one type, even across models; a value is added in one place."""
    project = baker.bake(models=MODELS)
    project.passes_quality()
    (project.path / "app/uses.py").write_text(USES)
    assert wrong_lines(project) == [
        f"app/uses.py:{number}"
        for number, line in enumerate(USES.splitlines(), 1)
        if line.endswith("# wrong")
    ]
    (project.path / "app/uses.py").unlink()

    url = database()
    project.variables["DATABASE_URL"] = url
    project.ok("python", "db_manage.py", "setup")
    path = project.path / "app/models/order.py"
    text = path.read_text()
    assert text.count(ADD_VALUE[0]) == 1
    path.write_text(text.replace(*ADD_VALUE))
    project.ok("python", "db_manage.py", "migrate", "order can be sent")
    project.ok("python", "db_manage.py", "upgrade")
    project.sql("INSERT INTO orders (status, refund, label) VALUES ('sent', 'sent', 'x')")
    assert "Checked: " in project.ok("python", "db_manage.py", "check")
    project.passes_quality()
    project.ok("pytest", "-q", "-p", "no:cacheprovider", TEST_DATABASE_URL=database())


def wrong_lines(project: Project) -> list[str]:
    """Return the lines in which mypy finds something."""
    result = project.run("mypy", mypy_cache(project.path), ".")
    return re.findall(r"^(.+?:\d+): error", result.stdout, re.MULTILINE)
