"""The clock: the only place that asks the machine what time it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_set_to: ContextVar[datetime | None] = ContextVar("clock_set_to", default=None)


def now() -> datetime:
    """Return this instant in UTC."""
    return _set_to.get() or datetime.now(UTC)


@contextmanager
def set_to(instant: datetime) -> Iterator[None]:
    """Let `now()` answer `instant` inside the block: the replay and the demo live past days."""
    if instant.tzinfo is None:
        raise ValueError("The clock is set to an instant with a time zone.")
    before = _set_to.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(before)
