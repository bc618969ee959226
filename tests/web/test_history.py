"""History: what the logbook keeps, as a person reads it."""

import pytest
from flask import Flask, g

from pms.web import history


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
