"""History: what the logbook keeps, as a person reads it."""

from datetime import UTC, datetime

import pytest
from flask import Flask, g

from pms.web import history
from pms.web.history import Happened


def test_what_somebody_does_again_and_again_is_said_once() -> None:
    def done(minute: int, verb: str, *, changes: str = "", why: str | None = None) -> Happened:
        at = datetime(2026, 11, 20, 15, minute, tzinfo=UTC)
        return Happened(at, "Mia", verb, changes, why)

    looks = [done(minute, "Looked at pay") for minute in (9, 8, 7)]
    set_twice = [done(minute, "Set pay", changes="amount 15.00") for minute in (6, 5)]

    folded = history._folded([*looks, *set_twice, done(4, "Looked at pay")])

    assert [each.verb for each in folded] == [
        "Looked at pay, 3 times", "Set pay", "Set pay", "Looked at pay",
    ]  # fmt: skip
    assert folded[0].at == looks[0].at


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        (None, "none"),
        ([], "none"),
        (True, "yes"),
        (["check_in", "folio"], "check in folio"),
        ("booking_engine", "booking engine"),
        ("2026-03-11", "Wed 11 Mar 2026"),
        ("2026-03-11 15:15:00+00:00", "Wed 11 Mar 2026 16:15"),
    ],
)
def test_a_value_of_the_logbook_is_a_word(kept: object, read: str) -> None:
    app = Flask(__name__)
    with app.test_request_context():
        g.time_zone = "Europe/Berlin"
        assert history._word(kept) == read
