"""Paging by key: each page leads to its neighbours by its own first and last row."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from pms.web import paging
from pms.web.paging import Key

ROWS = [(date(2026, 11, 21 + n // 3), n) for n in range(7)]


def finds(*, limit: int, beyond: Key | None, backwards: bool) -> list[Key]:
    """Find among seven rows."""
    if backwards:
        assert beyond is not None
        return [row for row in ROWS if row < beyond][-limit:]
    return [row for row in ROWS if beyond is None or row > beyond][:limit]


@pytest.fixture
def look() -> Any:
    """Open an address of the list and return its page."""
    app = Flask(__name__)
    app.add_url_rule("/list", "list", lambda: "")
    contexts = []

    def opened(address: str) -> Any:
        contexts.append(app.test_request_context(address))
        contexts[-1].push()
        return paging.keyed(finds, lambda row: row, size=3)

    yield opened
    for context in reversed(contexts):
        context.pop()


def test_pages_lead_on_and_back_with_the_same_questions(look: Any) -> None:
    first = look("/list?q=silva")
    second = look(first.address(2))
    last = look(second.address(3))
    back = look(last.address(2))

    assert [page.rows for page in (first, second, last, back)] == [
        ROWS[:3], ROWS[3:6], ROWS[6:], ROWS[3:6],
    ]  # fmt: skip
    assert [page.first for page in (first, second, last, back)] == [1, 4, 7, 4]
    assert [page.has_next for page in (first, second, last, back)] == [True, True, False, True]
    assert (first.has_previous, second.has_previous) == (False, True)
    assert back.address(1) == "/list?q=silva"


@pytest.mark.parametrize("asked", [
    "page=7", "after=nonsense", "after=2026-11-21~x", "before=2026-11-21~1&page=4", "page=-1",
])  # fmt: skip
def test_what_is_no_key_or_lies_before_all_begins_anew(look: Any, asked: str) -> None:
    page = look(f"/list?{asked}")

    assert (page.rows, page.number) == (ROWS[:3], 1)
