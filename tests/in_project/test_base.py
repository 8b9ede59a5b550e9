"""What BaseModel gives to every model."""

from sqlalchemy.orm import Session

from app.models import User


def test_times_and_name(session: Session) -> None:
    user = User(username="anna", email="anna@example.org")
    assert repr(user) == "<User new>"
    session.add(user)
    session.flush()
    assert user.created_at == user.updated_at
    assert repr(user) == f"<User {user.id}>"
