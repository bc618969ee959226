"""The requests' desk: written down, taken, escalated, recovered, and who may not."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pms.base import clock
from pms.base.db import transaction
from pms.hotel.house.departments import Department
from pms.hotel.house.staff import Role
from pms.hotel.people import duty
from pms.hotel.people.duty import Level
from pms.hotel.service import requests
from pms.hotel.service.requests import Request, State, Where, categories
from pms.web.database import db
from tests import make
from tests.front_office.conftest import Clerk, House
from tests.hotel.service import asked
from tests.web.conftest import SQLITE_ONLY
from tests.web.test_query_counts import queries


@pytest.fixture
def furnished(hotel: House) -> House:
    """The hotel with categories, and three levels on duty round the clock."""

    def furnish(session: Any, house: Any) -> None:
        categories.furnish(session, house, by=make.by(session, house))
        for shift in asked.Shift:
            for name, role, department, level in (
                ("Nadia", Role.HOUSEKEEPER, Department.HOUSEKEEPING, Level.ATTENDS),
                ("Bjorn", Role.HOUSEKEEPING_MANAGER, Department.HOUSEKEEPING, Level.IN_CHARGE),
                ("Yusuf", Role.MANAGER, Department.MANAGEMENT, Level.DUTY_MANAGER),
            ):
                who = asked.person(session, house, name, role)
                _around_now(session, house, who, department, level, shift)

    hotel.does(furnish)
    return hotel


def _around_now(
    session: Any, house: Any, who: Any, department: Department, level: Level, shift: asked.Shift
) -> None:
    """Put somebody on duty; the early shift includes this very moment, whenever that is."""
    made = duty.put(
        session, house, person=who, department=department, level=level,
        day=house.business_date, shift=shift, by=make.by(session, house),
    )  # fmt: skip
    if shift is asked.Shift.EARLY:
        made.starts_at = clock.now() - timedelta(hours=1)
        made.ends_at = clock.now() + timedelta(hours=9)
        session.flush()


def newest(app: Any) -> Request:
    """The newest request."""
    with app.app_context():
        found = db.session().scalars(sa.select(Request).order_by(Request.id.desc())).first()
        assert found is not None
        _ = found.assignee
        return found


def category(hotel: House, code: str = "TOWELS") -> int:
    """A category's id."""
    return hotel.does(lambda s, house: categories.by_code(s, house, code).id)


def write_down(clerk: Clerk, hotel: House, **typed: Any) -> Any:
    """Fill in the small form."""
    typed = {"category": category(hotel), "words": "Two towels", "room": "101", **typed}
    return clerk.send("/requests/new", source="phone", **typed)


def test_a_request_goes_from_the_form_to_the_closed_end(
    app: Any, clerk: Clerk, furnished: House
) -> None:
    said = write_down(clerk, furnished).text
    assert "Request 10001 is written down; Nadia is asked." in said
    made = newest(app)
    page = f"/requests/{made.id}"
    assert made.source is requests.Source.PHONE
    assert "Two towels" in clerk.get("/requests").text

    assert "Request 10001 is yours." in clerk.press(f"{page}/take", page).text
    held = clerk.send(f"{page}/do/hold", reason="In the bath").text
    assert "Request 10001 rests." in held
    assert "On hold since" in held
    clerk.press(f"{page}/resume", page)
    done = clerk.send(f"{page}/do/finish", words="Left on the bed", labour_minutes="5").text
    assert "Request 10001 is done." in done
    clerk.send(f"{page}/do/close")
    assert newest(app).state is State.CLOSED
    clerk.send(f"{page}/do/reopen", reason="They were wet")
    assert newest(app).state is State.REOPENED


def test_errors_stand_beside_their_fields(clerk: Clerk, furnished: House) -> None:
    nowhere = write_down(clerk, furnished, room="")
    unknown = write_down(clerk, furnished, room="999")
    silent = write_down(clerk, furnished, words=" ")

    assert nowhere.status_code == unknown.status_code == silent.status_code == 422
    assert "Say where" in nowhere.text
    assert "There is no room 999" in unknown.text


def test_who_comes_second_is_told(
    app: Any, clerk: Clerk, furnished: House, as_role: Callable[[Role], Clerk]
) -> None:
    write_down(clerk, furnished)
    page = f"/requests/{newest(app).id}"
    second = as_role(Role.HOUSEKEEPER)
    clerk.press(f"{page}/take", page)

    told = second.press(f"{page}/take", page).text

    assert "Jana Kovač has request 10001 since" in told
    assert "more, not possible now" in told


def test_recovery_stands_on_the_folio(app: Any, clerk: Clerk, furnished: House) -> None:
    write_down(clerk, furnished, category=category(furnished, "C-NOISE"))
    made = newest(app)
    code = furnished.does(lambda s, house: make.charge_code(s, house).id)

    seen = clerk.hidden(f"/requests/{made.id}/do/take_off")
    said = clerk.send(
        f"/requests/{made.id}/do/take_off", seen, code=code, amount="10", reason="Noise", key="k1"
    ).text
    clerk.send(
        f"/requests/{made.id}/do/take_off", seen, code=code, amount="10", reason="Noise", key="k1"
    )

    assert "has its line on the folio" in said
    page = clerk.get(f"/requests/{made.id}").text
    assert page.count("Taken off the bill") == 1
    folio = re.search(r"/folios/(\d+)", page)
    assert folio
    assert "−€10.00" in clerk.get(f"/folios/{folio.group(1)}").text
    refused = clerk.send(f"/requests/{made.id}/do/finish", words="Moved")
    assert refused.status_code == 200
    assert "Say what caused it" in clerk.send(f"/requests/{made.id}/do/close").text


def test_the_duty_list_and_the_clocks(clerk: Clerk, furnished: House, hotel: House) -> None:
    nobody = furnished.does(lambda s, house: asked.person(s, house, "Olga", Role.HOUSEKEEPER).id)

    said = clerk.send(
        "/requests/duty", person=nobody, department="engineering", level="1",
        day="2026-11-20", shift="late",
    ).text  # fmt: skip
    assert "Olga is on the list of engineering." in said
    row = re.search(r"/requests/duty/(\d+)/off", said)
    assert row
    assert "is off the list." in clerk.press(row.group(0), "/requests/duty?day=2026-11-20").text
    address = f"/requests/categories/{category(hotel)}"
    clocks = clerk.send(
        address, {**clerk.hidden(address), "seen": "3"}, priority="normal", due="15", step="5"
    ).text
    assert "has its clock" in clocks
    wrong = clerk.send(
        address, {**clerk.hidden(address), "seen": "30"}, priority="normal", due="15", step="5"
    )
    assert wrong.status_code == 422


def test_one_says_where_one_is_told_by_mail(clerk: Clerk, furnished: House) -> None:
    assert "writes no such mails yet" in clerk.get("/sign-ins").text
    assert "is told by mail" in clerk.press("/requests/duty/mails", "/requests/duty").text
    wrong = clerk.send("/sign-ins", to="somewhere")
    assert wrong.status_code == 422
    assert "no e-mail address" in wrong.text

    assert "You are told by mail." in clerk.send("/sign-ins", to="jana@post.example").text
    assert 'value="jana@post.example"' in clerk.get("/sign-ins").text
    assert "no mail any more" in clerk.send("/sign-ins", to="").text


def test_today_says_that_a_guest_is_waiting(clerk: Clerk, furnished: House) -> None:
    assert "should be done by now" not in clerk.get("/").text
    with clock.set_to(clock.now() - timedelta(hours=2)):
        furnished.does(
            lambda s, house: requests.enter(
                s, house, category=categories.by_code(s, house, "TOWELS"), words="Towels",
                where=Where(place="Pool"), by=make.by(s, house),
            )
        )  # fmt: skip

    assert "1 request should be done by now" in clerk.get("/").text


def test_a_shift_is_handed_over_and_signed_by_both(
    clerk: Clerk, furnished: House, as_role: Callable[[Role], Clerk]
) -> None:
    given = clerk.send(
        "/requests/handover",
        department="housekeeping",
        words="Key of 204 is at the bell desk",
    ).text
    assert "Waits for the other" in given
    address = f"/requests/handover/{re.findall(r'handover-([0-9]+)', given)[0]}/sign"
    assert "who takes over signs it too" in clerk.press(address, "/requests/handover").text

    taken = as_role(Role.HOUSEKEEPER).press(address, "/requests/handover").text

    assert "Signed by both" in taken
    assert clerk.send("/requests/handover", department="housekeeping", words=" ").status_code == 422


def test_a_suitcase_has_a_ticket_and_goes_back_to_its_guest(clerk: Clerk, furnished: House) -> None:
    said = clerk.send(
        "/requests/tickets", kind="luggage", words="Red suitcase", kept_in="Bell desk",
        pieces="2", room="101", remind_on="2026-11-20",
    ).text  # fmt: skip
    assert "Ticket 10001: Red suitcase, kept in Bell desk." in said
    address = re.findall(r"/requests/tickets/[0-9]+/hand-over", said)[0]
    assert 'value="Ana Novák"' in clerk.get(address).text

    gone = clerk.send(address, to="Ana Novák").text

    assert "Ticket 10001 went to Ana Novák." in gone
    assert "To Ana Novák" in clerk.get("/requests/tickets?show=gone").text
    again = clerk.send(address, to="Somebody")
    assert again.status_code == 422
    assert "handed over already" in again.text


def test_doors(app: Any, clerk: Clerk, furnished: House, as_role: Callable[[Role], Clerk]) -> None:
    write_down(clerk, furnished)
    made = newest(app)
    owner, maid = as_role(Role.OWNER), as_role(Role.HOUSEKEEPER)
    with app.app_context(), transaction(db.session()) as session:
        other = make.furnished(session, "OTHER")
        by = make.by(session, other)
        categories.furnish(session, other, by=by)
        kind = categories.by_code(session, other, "INFO")
        foreign = requests.enter(
            session, other, category=kind, words="?", where=Where(place="Bar"), by=by
        ).id

    assert owner.get("/requests").status_code == 403
    assert owner.press(f"/requests/{made.id}/take").status_code == 403
    assert maid.get("/requests").status_code == 200
    assert maid.get(f"/requests/{made.id}").status_code == 200
    assert maid.get(f"/requests/categories/{category(furnished)}").status_code == 403
    for address in (f"/requests/{foreign}", f"/requests/{foreign}/do/hold"):
        assert clerk.get(address).status_code == 404
    assert clerk.press(f"/requests/{foreign}/take").status_code == 404
    assert clerk.get(f"/requests/{made.id}/do/nothing").status_code == 404
    assert clerk.get("/requests?show=nothing").status_code == 200


@SQLITE_ONLY
def test_questions_do_not_grow_with_the_rows(app: Any, clerk: Clerk, furnished: House) -> None:
    def ask(session: Any, house: Any, times: int = 1) -> None:
        kind = categories.by_code(session, house, "TOWELS")
        for n in range(times):
            where = Where(room=make.room(session, house, str(101 + n % 4)))
            by = make.by(session, house)
            requests.enter(session, house, category=kind, words="?", where=where, by=by)

    furnished.does(ask)
    made = newest(app)
    addresses = [
        "/requests", "/requests?show=all", "/requests?show=mine", "/requests/new",
        "/requests/duty", "/requests/categories", "/requests/handover",
        "/requests/tickets", f"/requests/{made.id}",
        f"/requests?show=all&room={made.room_id}",
    ]  # fmt: skip
    few = {address: queries(app, clerk.client, address) for address in addresses}
    furnished.does(lambda s, house: ask(s, house, 25))
    many = {address: queries(app, clerk.client, address) for address in addresses}

    assert all(many[each] <= few[each] for each in addresses), (few, many)
    assert max(many.values()) <= 18, many
