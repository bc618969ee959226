"""F26: whatever is typed is stored as typed, or refused with a sentence; nothing breaks."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from pms.base.db import transaction
from pms.hotel.stays import settlements
from pms.web.database import db
from tests import make
from tests.api import calling
from tests.api.calling import Machine
from tests.proofs import deeds
from tests.sweeping import ALL
from tests.web.conftest import hire, sign_in

EXAMPLES = settings(
    max_examples=200 if ALL else 5,
    phases=[Phase.explicit, Phase.generate],  # shrinking a page takes minutes
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TEXT = st.text(max_size=60) | st.sampled_from(
    [
        "\x00",
        "a\x00b",
        "\u202eevil\u202c",  # right to left
        "zero\u200bwidth\ufeff",
        "👩‍👩‍👧‍👦🏳️‍🌈",
        "=cmd|' /C calc'!A0",
        "+1+1",
        "'; DROP TABLE reservations; --",
        "<script>alert(1)</script>",
        "{{ 7*7 }}",
        "\ud7ff\ue000\uffff",
        "é" * 500,
        "%s%n%x",
        "../../etc/passwd",
        "\r\nSet-Cookie: x=y",
        "9" * 400,
        "1e400",
        "-0",
        "NaN",
        "٣٫٥",
    ]
)
DAY = st.dates().map(date.isoformat) | TEXT | st.sampled_from(["9999-12-31", "0001-01-01"])


@pytest.fixture
def desk(app: Any, client: Any) -> Any:
    """A client with somebody signed in; the forms need no token."""
    with app.app_context(), transaction(db.session()) as session:
        house = make.furnished(session)
        hire(session, house)
        here = make.reservation(session, house, surname="Here")
        settlements.folio_of(session, here, by=make.by(session, house))
        make.charge_code(session, house, "MINIBAR")
    sign_in(client)
    app.config["WTF_CSRF_ENABLED"] = False
    return client


def addresses(app: Any) -> dict[str, Any]:
    with app.app_context():
        session = db.session()
        party = deeds.of(session, deeds.the_hotel(session), "Here")
        code = make.charge_code(session, deeds.the_hotel(session), "MINIBAR")
        room = deeds.room(session, deeds.the_hotel(session), "104")
        return {"party": party.id, "folio": party.folio_id, "code": code.id, "room": room.id}


def fine(answer: Any) -> None:
    """An answer that is a page, a redirect or a refusal; what was typed is no markup in it."""
    assert answer.status_code in {200, 302, 400, 404, 409, 413, 422}, answer.status_code
    assert "<script>alert" not in answer.text
    assert "Set-Cookie: x" not in str(answer.headers)


def test_forms_take_anything(app: Any, desk: Any) -> None:
    """One test for all, since a database of its own for each would be most of the work."""
    at = addresses(app)
    folio = f"/folios/{at['folio']}"

    @EXAMPLES
    @given(TEXT, TEXT, DAY)
    @example("\x00", "\x00", "9999-12-31")
    @example("'; --", "1e400", "\x00")
    @example("12.00", "99999999999999999999", "2026-02-30")
    def run(one: str, two: str, day: str) -> None:
        fine(desk.get("/search", query_string={"q": one}))
        fine(desk.get("/reservations", query_string={"q": one, "arrives": day, "page": two}))
        fine(desk.get("/folios", query_string={"q": one}))
        fine(desk.get("/rooms", query_string={"floor": one, "show": two}))
        fine(
            desk.post(
                f"{folio}/adjust",
                data={"code": at["code"], "amount": two, "window": 1, "reason": one},
            )
        )
        fine(
            desk.post(
                f"{folio}/post",
                data={
                    "code": at["code"],
                    "amount": "1",
                    "window": "",
                    "quantity": two,
                    "reference": one,
                },
            )
        )
        fine(
            desk.post(
                f"{folio}/pay",
                data={
                    "amount": two or "1",
                    "way": "card",
                    "brand": "Visa",
                    "last_four": one,
                    "terminal": one,
                    "batch": two,
                },
            )
        )
        fine(desk.post(f"{folio}/windows", data={"no": "2", "payee": one, "address": two}))
        fine(desk.post("/folios/new", data={"kind": "house", "name": one}))
        fine(desk.post(f"/check-in/{at['party']}/room", data={"room": at["room"], "force": one}))
        fine(desk.post(f"/check-in/{at['party']}/pin", data={"reason": one}))
        fine(desk.post(f"/check-in/{at['party']}/departure", data={"departure": day, "force": one}))
        fine(desk.get(folio))

    run()


def test_a_sign_in_takes_anything(app: Any, client: Any) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    for typed in ("\x00", "a\x00@b.example", "\u202e@x", "x" * 10_000, "=1+1"):
        answer = client.post("/sign-in", data={"email": typed, "password": typed})
        assert answer.status_code in {200, 400, 401, 422, 429}, (typed[:9], answer.status_code)


def test_ten_megabytes_are_refused_before_they_are_read(app: Any, desk: Any) -> None:
    at = addresses(app)
    answer = desk.post(f"/folios/{at['folio']}/adjust", data={"reason": "x" * 10_000_000})

    assert answer.status_code in {400, 413}


def test_machines_may_send_anything(app: Any, client: Any) -> None:
    with app.app_context(), transaction(db.session()) as session:
        machine = Machine(client, calling.token(session, make.furnished(session)))

    @EXAMPLES
    @given(TEXT, DAY, st.integers(-(2**63), 2**63 - 1) | st.floats() | TEXT)
    @example("\x00", "9999-12-31", 2**62)
    @example("a\x00", "2026-11-20", 1)
    def run(text: str, day: str, number: Any) -> None:
        for details in (
            {"guest": {"given_name": text, "surname": text or "x"}},
            {"notes": text, "channel_ref": text},
            {"arrival": day},
            {"departure": day},
            {"adults": number, "children": number},
            {"room_type": text},
        ):
            answer = machine.book(**details)
            assert answer.status_code in {201, 409, 422}, (details, answer.data)

    run()
