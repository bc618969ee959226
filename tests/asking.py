"""Counting the questions that a piece of work asks of the database."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session


def asked(session: Session, work: Callable[[], object]) -> int:
    """Return how many questions a piece of work asks."""
    engine, questions = session.get_bind(), []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        questions.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len([each for each in questions if each.lstrip().upper().startswith("SELECT")])
