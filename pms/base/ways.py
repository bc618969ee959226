"""Ways: one deed that can be done in several ways, each tried whole, until one goes."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy.orm import Session

from pms.base.refusal import Refusal


def refusals(session: Session, ways: Iterable[Callable[[], Any]]) -> list[Refusal]:
    """Do the first way that isn't refused; return what the others said, nothing where one went.

    Each is tried in a savepoint, so that one that is refused half way leaves nothing.
    """
    found = []
    for way in ways:
        try:
            with session.begin_nested():
                way()
        except Refusal as refusal:
            found.append(refusal)
        else:
            return []
    return found
