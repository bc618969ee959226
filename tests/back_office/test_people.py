"""The desks of people: hired and paid, rostered and published, clocked and approved; strangers."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import transaction
from pms.hotel.house.departments import Department
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.logbook import Line
from pms.hotel.house.staff import Role, Staff, a_guest, by_email
from pms.hotel.people import employees, roster
from pms.hotel.people.absences import AbsentDay
from pms.hotel.people.duty import Duty
from pms.hotel.people.employees import Employee, Employment
from pms.hotel.people.roster import RosterShift
from pms.hotel.people.timeclock import Break, Punch, TimeEntry, devices, pins
from pms.web.database import db
from tests import make
from tests.back_office.conftest import post, queries, sign_in, token_on
from tests.hotel.people import make_people

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = SQLITE_ONLY
MONDAY = date(2026, 11, 23)

Look = Callable[[], AbstractContextManager[Session]]


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """The clock stands at noon of the day before the weekend."""
    with clock.set_to(make.NOON):
        yield


@pytest.fixture
def crew(app: Flask, house: int) -> dict[str, int]:
    """Ana, who signs in at the front desk, and Ben, who doesn't; their ids by first name."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        ana = make_people.employed(session, hotel, staff=clerk(session)).employee
        ben = make_people.employed(session, hotel, "Ben Okafor").employee
        return {"ana": ana.id, "ben": ben.id}


@pytest.fixture
def look(app: Flask) -> Look:
    """A look into the database between requests, each of which is somebody else's."""

    @contextmanager
    def looking() -> Iterator[Session]:
        with app.app_context():
            yield db.session()

    return looking


def clerk(session: Session) -> Staff:
    """Who signs in at the front desk."""
    found = by_email(session, "front_desk@test.desk.example")
    assert found is not None
    return found


@pytest.fixture
def elsewhere(app: Flask, house: int) -> dict[str, int]:
    """Another hotel of another chain, with an employee, a shift and hours; ids of these."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = make.hotel(session, "OTHER")
        employment = make_people.employed(session, hotel, "Olga Other")
        shift = make_people.shift(session, hotel, MONDAY, who=employment.employee)
        roster.publish(session, hotel, Department.FRONT_OFFICE, MONDAY, by=make.by(session, hotel))
        entry = make_people.worked(session, employment, "2026-11-19 07:00", "2026-11-19 15:00")
        return {"employee": employment.employee_id, "shift": shift.id, "entry": entry.id}


def test_somebody_is_hired_given_a_position_a_paper_and_pay(
    desk: Any, look: Look, crew: dict[str, int]
) -> None:
    said = post(desk, "/people/new", number="77", first_name="Mia", last_name="Berg",
                department="housekeeping", hired_on="2026-11-01")  # fmt: skip
    address = said.headers["Location"]
    with look() as session:
        position = session.scalar(sa.text("SELECT id FROM positions"))
    post(desk, f"{address}/do/hold", position=position, begins_on="2026-11-01", jurisdiction="DE")
    assert "has the position " in desk.get(address).text
    post(desk, f"{address}/do/paper", kind="work_permit", expires_on="2026-12-01", remind_days=30)
    page = desk.get(address).text

    assert "Agent" in page
    assert "Runs out" in page
    assert "Work permit" in desk.get("/people/due").text
    taken = post(desk, "/people/new", number="77", first_name="X", last_name="Y",
                 department="housekeeping", hired_on="2026-11-01")  # fmt: skip
    assert taken.status_code == 422
    assert "Another employee has the number 77" in taken.text
    listed = desk.get("/people?q=ber").text
    assert "Mia Berg" in listed
    assert "Ana Reyes" not in listed

    with look() as session:
        held = session.scalar(sa.text("SELECT max(id) FROM employments"))
    post(desk, f"{address}/pay", employment=held, amount="16.50", basis="hour",
         valid_from="2026-11-01")  # fmt: skip
    assert "€16.50" in desk.get(f"{address}/pay").text
    assert "16.50" not in page
    with look() as session:
        looks = session.scalars(sa.select(Line.id).where(Line.verb == "looked at pay")).all()
        told = session.scalars(sa.select(Line.after).where(Line.verb == "set pay")).all()
    assert looks
    assert all("16.5" not in str(each) for each in told)


def test_who_was_let_go_by_mistake_stays(desk: Any, crew: dict[str, int]) -> None:
    address = f"/people/{crew['ben']}"
    assert f"{address}/do/stay" not in desk.get(address).text
    assert desk.get(f"{address}/do/stay").status_code == 404
    post(desk, f"{address}/do/leave", left_on="2026-11-20")
    assert f"{address}/do/stay" in (left := desk.get(address).text)
    assert "Leaves 20 Nov" in left  # the last day is worked
    assert "Let stay after all" in desk.get(f"{address}/do/stay").text
    post(desk, f"{address}/do/stay")

    page = desk.get(address).text
    assert "Ben Okafor stays." in page
    assert "Works here" in page
    assert "to now" in re.sub(r"<[^>]+>", "", page)


def test_a_training_of_somebody_else_is_taken_out_and_due_again(
    app: Flask, desk: Any, crew: dict[str, int]
) -> None:
    address = f"/people/{crew['ben']}"
    post(desk, "/people/courses", name="Fire safety", within_days="30", every_months="12")
    assert "Overdue" in desk.get(address).text
    course = re.search(r'<option value="(\d+)"', desk.get(f"{address}/do/trained").text)
    assert course
    post(desk, f"{address}/do/trained", course=course.group(1), done_on="2026-11-19")
    page = desk.get(address).text
    assert "Overdue" not in page
    out = re.search(r'action="(/people/trainings/\d+/out)"', page)
    assert out
    clerk_ = sign_in(app.test_client(), Role.FRONT_DESK)
    assert post(clerk_, out.group(1)).status_code == 403
    post(desk, out.group(1))
    page = desk.get(address).text
    assert "Overdue" in page
    assert out.group(1) not in page


def test_what_was_dropped_by_mistake_is_given_again(desk: Any, crew: dict[str, int]) -> None:
    course = {"name": "Fire safety", "within_days": "30"}
    post(desk, "/people/courses", **course)
    for place, again, word in (
        ("/people/positions", {"code": "AGENT", "title": "Agent", "department": "front_office"},
         "give that one again"),
        ("/people/courses", course, "ask for that one again"),
    ):  # fmt: skip
        drop = re.search(rf'action="({place}/\d+/drop)"', desk.get(place).text)
        assert drop
        post(desk, drop.group(1))
        refused = post(desk, place, **again)
        assert refused.status_code == 422
        assert word in refused.text
        assert drop.group(1) not in refused.text
        post(desk, drop.group(1).replace("drop", "take-up"))
        assert drop.group(1) in desk.get(place).text


def test_a_year_half_typed_is_refused_and_no_page_breaks_of_it(
    desk: Any, crew: dict[str, int]
) -> None:
    ana = crew["ana"]
    person = {
        "number": "78",
        "first_name": "Mia",
        "last_name": "Berg",
        "department": "housekeeping",
    }
    paper = {"kind": "contract", "words": "", "remind_days": "30"}
    for place, field, typed in (
        ("/people/new", "hired_on", person),
        (f"/people/{ana}/do/paper", "expires_on", paper),
        (f"/people/{ana}/do/leave", "left_on", {"why": "moves away"}),
        (f"/roster/absent/{ana}", "last", {"kind": "sick", "first": "2026-11-23", "hours": "0"}),
    ):  # fmt: skip
        for day in ("0001-01-01", "0026-11-23", "9999-12-31"):
            refused = post(desk, place, **typed | {field: day})
            assert refused.status_code == 422, (place, day)
            assert "No hotel knows that year" in refused.text, (place, day)
    assert {desk.get(page).status_code for page in (f"/people/{ana}", "/people/due")} == {200}


def test_no_page_of_people_takes_a_card_number(desk: Any, look: Look, crew: dict[str, int]) -> None:
    card, ana = "4242 4242 4242 4242", crew["ana"]
    with look() as session:
        position = session.scalar(sa.text("SELECT id FROM positions"))
    person = {"number": "78", "first_name": "Mia", "last_name": "Berg",
              "department": "housekeeping", "hired_on": "2026-11-01"}  # fmt: skip
    shift = {"position": position, "employee": ana, "day": "2026-11-23", "begins": "07:00",
             "ends": "15:00", "break_minutes": "30", "level": "1"}  # fmt: skip
    days = {"kind": "sick", "first": "2026-11-23", "last": "2026-11-23", "hours": "0"}

    for place, field, typed in (
        ("/people/new", "last_name", person),
        ("/people/new", "phone", person),
        ("/people/positions", "title", {"code": "X", "department": "housekeeping"}),
        ("/people/courses", "name", {"within_days": "30"}),
        (f"/people/{ana}/do/paper", "words", {"kind": "contract", "expires_on": "2026-12-01"}),
        (f"/roster/absent/{ana}", "note", days),
        ("/roster/shifts/new?department=front_office", "note", shift),
        ("/clock/pair", "name", {}),
    ):
        refused = post(desk, place, **typed | {field: card})
        assert refused.status_code == 422, place
        assert f'id="{field}-refuses"' in refused.text, place
        assert "That looks like a card number" in refused.text, place
    with look() as session:
        assert "4242" not in str(session.execute(sa.select(Line.before, Line.after)).all())


def test_a_week_is_put_refused_published_and_seen(
    app: Flask, desk: Any, look: Look, crew: dict[str, int]
) -> None:
    week = "department=front_office&week=2026-11-23"
    with look() as session:
        position = session.scalar(sa.text("SELECT id FROM positions"))
    shift = {"position": position, "begins": "15:00", "ends": "23:00", "break_minutes": "30",
             "level": "1"}  # fmt: skip
    new = "/roster/shifts/new?department=front_office"
    post(desk, new, **shift, employee=crew["ana"], day="2026-11-23")
    refused = post(desk, new, **dict(shift, begins="07:00", ends="15:00"), employee=crew["ana"],
                   day="2026-11-24")  # fmt: skip

    assert refused.status_code == 422
    assert "would rest 8:00 h between shifts; the least is 11:00 h" in refused.text
    assert "15:00–23:00" in desk.get(f"/roster?{week}").text
    staff = sign_in(app.test_client(), Role.FRONT_DESK)
    assert "15:00–23:00" not in staff.get(f"/roster?{week}").text

    post(desk, f"/roster/publish?{week}")
    assert "15:00–23:00" in staff.get(f"/roster?{week}").text
    mine = staff.get("/my-shifts").text
    assert "I have seen 1 change" in mine
    post(staff, "/my-shifts/seen")
    assert "I have seen" not in staff.get("/my-shifts").text
    with look() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Duty)) == 1

    assert "It costs" not in desk.get(f"/roster?{week}").text
    assert "It costs <b>€112.50</b>" in desk.get(f"/roster?{week}&cost=1").text
    with look() as session:
        looked = session.scalars(sa.select(Line.after).where(Line.verb == "looked at pay")).all()
    assert "cost of the roster" in str(looked[-1])

    away = f"/roster/absent/{crew['ana']}"
    nobody = post(desk, away, kind="sick", first="2026-11-23", last="2026-11-23", hours="8")
    assert "Tick the days that they would have worked." in nobody.text
    post(desk, away, kind="sick", first="2026-11-23", last="2026-11-23", hours="8", paid_on="0")
    shown = desk.get(f"/roster?{week}").text
    assert "Open shifts" in shown
    assert "Sick" in shown
    assert "Mon 23 Nov" in desk.get(away).text
    theirs = staff.get(f"/roster?{week}").text
    assert "Away" in theirs
    assert "Sick" not in theirs  # a colleague's illness is nobody's to read


def test_a_weekend_away_is_paid_by_the_tenth_of_an_hour_where_it_would_have_been_worked(
    desk: Any, crew: dict[str, int], look: Look
) -> None:
    away = f"/roster/absent/{crew['ben']}"
    asked = {"kind": "sick", "first": "2026-11-20", "last": "2026-11-23"}
    post(desk, away, **asked, hours="7.7", paid_on=["4", "5", "6"])
    with look() as session:
        paid = session.execute(
            sa.select(AbsentDay.day, AbsentDay.minutes_paid).order_by(AbsentDay.day)
        ).all()
    assert [(day.day, minutes) for day, minutes in paid] == [
        (20, 462), (21, 462), (22, 462), (23, 0),
    ]  # fmt: skip


def test_an_open_shift_is_taken_on_the_phone_and_hours_are_punched_there(
    app: Flask, house: int, crew: dict[str, int], look: Look
) -> None:
    with look() as session, transaction(session):
        hotel = session.get_one(Hotel, house)
        open_one = make_people.shift(session, hotel, MONDAY)
        roster.publish(session, hotel, Department.FRONT_OFFICE, MONDAY, by=make.by(session, hotel))
        shift_id = open_one.id
    staff = sign_in(app.test_client(), Role.FRONT_DESK)

    assert "Open shifts" in staff.get("/my-shifts").text
    post(staff, f"/my-shifts/open/{shift_id}/take")
    post(staff, "/my-shifts/punch", kind="in")
    page = staff.get("/my-shifts").text

    assert "At work since" in page
    assert "Clock out" in page
    assert "Open shifts" not in page
    with look() as session:
        assert session.get_one(RosterShift, (house, shift_id)).employee_id == crew["ana"]
        assert session.scalars(sa.select(Punch.source)).one().value == "phone"
    unlinked = sign_in(app.test_client(), Role.HOUSEKEEPER)
    assert "isn&#39;t linked" in unlinked.get("/my-shifts").text
    assert post(unlinked, "/my-shifts/punch", kind="in").status_code == 404


@pytest.mark.parametrize("odd", ["9" * 30, "\N{SUPERSCRIPT TWO}", "-1", "one"])
def test_a_press_in_a_position_that_is_no_number_is_answered(
    app: Flask, crew: dict[str, int], look: Look, odd: str
) -> None:
    staff = sign_in(app.test_client(), Role.FRONT_DESK)

    assert post(staff, "/my-shifts/punch", kind="in", employment=odd).status_code == 302

    assert "At work since" in staff.get("/my-shifts").text


def test_who_works_through_midnight_finds_the_shift_until_it_is_over(
    app: Flask, house: int, crew: dict[str, int], look: Look
) -> None:
    with look() as session, transaction(session):
        hotel = session.get_one(Hotel, house)
        ana = session.get_one(Employee, (house, crew["ana"]))
        make_people.shift(session, hotel, MONDAY, (22, 6), who=ana)
        roster.publish(session, hotel, Department.FRONT_OFFICE, MONDAY, by=make.by(session, hotel))
        ends = make_people.instant(hotel, "2026-11-24 06:00")

    for at, shown in ((ends - timedelta(hours=4), True), (ends, False)):
        with clock.set_to(at):
            staff = sign_in(app.test_client(), Role.FRONT_DESK)
            assert ("22:00 to 06:00" in staff.get("/my-shifts").text) is shown


def test_who_forgot_to_clock_out_comes_in_and_adds_no_night_to_their_hours(
    app: Flask, house: int, crew: dict[str, int], look: Look
) -> None:
    post(sign_in(app.test_client(), Role.FRONT_DESK), "/my-shifts/punch", kind="in")
    for later, offered in ((15, ["out", "break"]), (17, ["in", "out"]), (25, ["in"])):
        with clock.set_to(make.NOON + timedelta(hours=later)):
            staff = sign_in(app.test_client(), Role.FRONT_DESK)
            page = staff.get("/my-shifts").text
            assert re.findall(r'name="kind" value="(\w+)"', page) == offered
            assert ("You are on the clock since" in page) is (later > 16)

    with clock.set_to(make.NOON + timedelta(hours=25)):
        post(staff, "/my-shifts/punch", kind="in")
        assert "No clock-out on" in staff.get("/my-shifts").text
    with look() as session:
        first, second = session.scalars(
            sa.select(TimeEntry).filter_by(employee_id=crew["ana"]).order_by(TimeEntry.started_at)
        )
        assert (first.ended_at, first.forgotten, second.forgotten) == (None, True, False)


def test_who_forgot_to_clock_out_is_offered_the_positions_of_the_new_day(
    app: Flask, house: int, crew: dict[str, int], look: Look
) -> None:
    post(sign_in(app.test_client(), Role.FRONT_DESK), "/my-shifts/punch", kind="in")
    with look() as session, transaction(session):
        hotel = session.get_one(Hotel, house)
        night = employees.begin_position(
            session,
            session.get_one(Employee, (house, crew["ana"])),
            make_people.position(session, hotel, "NIGHT"),
            begins_on=hotel.business_date + timedelta(days=1),
            jurisdiction="DE",
            by=make.by(session, hotel),
        ).id

    with clock.set_to(make.NOON + timedelta(hours=25)):
        staff = sign_in(app.test_client(), Role.FRONT_DESK)
        page = staff.get("/my-shifts").text
        select = page.split('name="employment"')[1].split("</select>")[0]
        assert re.findall(r">(\w+)</option>", select) == ["Agent", "Night"]
        post(staff, "/my-shifts/punch", kind="in", employment=str(night))
        assert "At work since" in staff.get("/my-shifts").text


def test_a_last_night_offers_the_other_position_after_midnight_too(
    app: Flask, house: int, crew: dict[str, int], look: Look
) -> None:
    with look() as session, transaction(session):
        hotel = session.get_one(Hotel, house)
        ana = session.get_one(Employee, (house, crew["ana"]))
        make_people.holds(session, ana, make_people.position(session, hotel, "NIGHT"))
        last = hotel.business_date
        employees.leave(session, ana, left_on=last, why="", by=make.by(session, hotel))
        begins = make_people.instant(hotel, f"{last} 18:00")
    with clock.set_to(begins):
        staff = sign_in(app.test_client(), Role.FRONT_DESK)
        held = re.search(
            r'name="employment".*?value="(\d+)"', staff.get("/my-shifts").text, re.DOTALL
        )
        assert held
        post(staff, "/my-shifts/punch", kind="in", employment=held[1])

    with clock.set_to(begins + timedelta(hours=7)):
        staff = sign_in(app.test_client(), Role.FRONT_DESK)
        assert "Change position" in staff.get("/my-shifts").text


def test_the_tablet_takes_a_punch_after_a_pin_and_never_without(
    app: Flask, house: int, crew: dict[str, int], look: Look
) -> None:
    with look() as session, transaction(session):
        hotel = session.get_one(Hotel, house)
        by = make.by(session, hotel)
        ben = session.get_one(Employee, (house, crew["ben"]))
        pins.set_pin(session, ben, pin="835146", by=by)
        number = ben.number
    stranger = app.test_client()
    assert stranger.get("/clock").status_code == 403

    tablet = sign_in(app.test_client())
    post(tablet, "/clock/pair", name="Staff entrance")
    page = tablet.get("/clock")
    assert page.status_code == 200
    assert tablet.get("/people").status_code == 302  # the manager's sign-in ended with the pairing

    def ask(pin: str) -> Any:
        token = token_on(tablet.get("/clock").text)
        return tablet.post("/clock", data={"number": number, "pin": pin, "csrf_token": token})

    assert ask("1111").status_code == 422
    known = ask("835146").text
    assert "Ben Okafor" in known
    pass_ = known.split('name="pass" value="')[1].split('"')[0]
    pressed = {"kind": "in", "csrf_token": token_on(known)}
    tablet.post("/clock/press", data={**pressed, "pass": pass_ + "x"})
    assert "longer than a minute" in tablet.get("/clock").text
    tablet.post("/clock/press", data={**pressed, "pass": pass_})

    assert "Ben Okafor: clock in" in tablet.get("/clock").text
    with look() as session:
        assert session.scalars(sa.select(Punch.employee_id)).all() == [crew["ben"]]
    for _ in range(4):
        ask("1111")
    assert ask("835146").status_code == 429
    with look() as session, transaction(session):
        hotel = session.get_one(Hotel, house)
        for device in devices.of_hotel(session, hotel):
            devices.unpair(session, device, by=make.by(session, hotel))
    assert tablet.get("/clock").status_code == 403


def test_hours_are_corrected_with_a_reason_and_approved_by_another(
    app: Flask, desk: Any, house: int, crew: dict[str, int], look: Look
) -> None:
    with look() as session, transaction(session):
        employment = session.scalars(
            sa.select(Employment).filter_by(hotel_id=house, employee_id=crew["ben"])
        ).one()
        held = employment.id
        entry = make_people.worked(
            session, employment, "2026-11-19 07:00", "2026-11-19 20:00", approved=False
        )
        entry_id = entry.id
    times = {"employment": held, "day": "2026-11-19", "started_at": "07:00", "ended_at": "15:00"}

    def at_nine() -> Any:
        return clock.set_to(datetime.fromisoformat("2026-11-20T09:00:00+00:00"))

    with at_nine():
        page = desk.get("/hours").text
        assert "Long shift, 13:00 h" in page
        assert "Short break, 0 min" in page
        silent = post(desk, f"/hours/{entry_id}/correct", **times, why="")
        assert silent.status_code == 422
        half = post(
            desk, f"/hours/{entry_id}/correct", **times, break_1_from="11:00", why="Typed 20 for 15"
        )
        assert "when the break began and when it ended" in half.text  # half a break was paid time
        rest = {"break_1_from": "11:00", "break_1_until": "11:30"}
        post(desk, f"/hours/{entry_id}/correct", **times, **rest, why="Typed 20 for 15")
        barred = desk.get(f"/hours/{entry_id}").text
        assert "You corrected these hours, so somebody else approves them" in barred
        assert f"/hours/{entry_id}/approve" not in barred
        head = sign_in(app.test_client(), Role.HOUSEKEEPING_MANAGER)
        post(head, "/hours/approve?first=2026-11-19&last=2026-11-19")
        shown = desk.get(f"/hours/{entry_id}").text
        listed = desk.get("/hours").text

    assert "Approved by Housekeeping manager" in listed
    assert "Typed 20 for 15" in shown
    assert "Thu 19 Nov 07:00 to Thu 19 Nov 20:00" in shown
    assert "7:30 h" in shown
    post(desk, f"/hours/{entry_id}/take-back", why="Looked again")
    with look() as session:
        assert session.get_one(TimeEntry, (house, entry_id)).approved_at is None


def test_three_breaks_are_kept_and_an_hour_that_comes_twice_is_told_apart(
    desk: Any, house: int, crew: dict[str, int], look: Look
) -> None:
    """Clocks go back on 25 October 2026 at three."""
    with look() as session:
        held = session.scalars(
            sa.select(Employment.id).filter_by(hotel_id=house, employee_id=crew["ben"])
        ).one()
    times = {"employment": held, "day": "2026-10-24", "started_at": "22:00", "ended_at": "06:00"}
    rests = {f"break_{n}_{end}": f"0{n}:{minute}" for n in (1, 4, 5)
             for end, minute in (("from", "00"), ("until", "15"))}  # fmt: skip
    rests |= {"break_2_from": "02:30", "break_2_until": "02:45"}
    asked = post(desk, "/hours/new", **times, **rests, why="Tablet was off")
    second = {"break_2_from_which": "second", "break_2_until_which": "second"}
    made = post(desk, "/hours/new", **times, **rests, **second, why="Tablet was off")

    assert "02:30 came twice that night. Say which one it is." in asked.text
    assert made.status_code == 302
    with look() as session:
        entry = session.scalars(sa.select(TimeEntry).order_by(TimeEntry.id.desc())).first()
        assert entry
        breaks = session.scalars(sa.select(Break).order_by(Break.started_at)).all()
        assert entry.ended_at - entry.started_at == timedelta(hours=9)
        assert [f"{each.started_at:%H:%M}" for each in breaks] == [
            "23:00", "01:30", "03:00", "04:00",
        ]  # fmt: skip
    page = desk.get(f"{made.location}/correct").text
    assert '<option selected value="second">' in page
    assert 'name="break_4_from"' in page
    kept = post(desk, f"{made.location}/correct", **times, **rests, **second, why="Looked again")
    assert kept.status_code == 302
    with look() as session:
        assert len(session.scalars(sa.select(Break)).all()) == 4


@pytest.mark.parametrize(
    ("role", "open_", "closed"),
    [
        (
            Role.HOUSEKEEPING_MANAGER,
            ["/roster", "/roster/absent/{ana}", "/hours", "/my-shifts"],
            ["/people", "/people/{ana}", "/people/{ana}/pay", "/clock/pair", "/people/rules"],
        ),
        (
            Role.ACCOUNTANT,
            ["/people/{ana}/pay", "/hours", "/roster"],
            ["/people", "/roster/shifts/new", "/people/{ana}/do/pin"],
        ),
        (
            Role.FRONT_DESK,
            ["/my-shifts", "/roster"],
            ["/hours", "/people/{ana}/pay", "/people/{ana}", "/roster/shifts/new"],
        ),
        (Role.OWNER, [], ["/my-shifts", "/people/{ana}/pay", "/hours", "/roster"]),
    ],
)
def test_each_role_enters_its_own_pages(
    app: Flask, crew: dict[str, int], role: Role, open_: list[str], closed: list[str]
) -> None:
    person = sign_in(app.test_client(), role)
    said = {each: person.get(each.format(**crew)).status_code for each in [*open_, *closed]}

    assert said == dict.fromkeys(open_, 200) | dict.fromkeys(closed, 403)


def test_only_people_are_offered_as_sign_ins(
    app: Flask, desk: Any, crew: dict[str, int], house: int
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        a_guest(session, session.get_one(Hotel, house))

    page = desk.get(f"/people/{crew['ana']}/do/sign-in").text

    assert "housekeeper@test" in page
    assert "guest@test" not in page


def test_another_hotels_people_are_not_there(
    desk: Any, crew: dict[str, int], elsewhere: dict[str, int]
) -> None:
    addresses = [
        "/people/{employee}",
        "/people/{employee}/pay",
        "/people/{employee}/change",
        "/people/{employee}/do/leave",
        "/roster/shifts/{shift}",
        "/roster/absent/{employee}",
        "/hours/{entry}",
        "/hours/{entry}/correct",
    ]

    assert {desk.get(each.format(**elsewhere)).status_code for each in addresses} == {404}
    taken = post(desk, f"/my-shifts/open/{elsewhere['shift']}/take")
    struck = post(desk, f"/hours/{elsewhere['entry']}/strike", why="Not there")
    assert {taken.status_code, struck.status_code} == {404}
    assert "Olga" not in desk.get("/people").text + desk.get("/roster?week=2026-11-23").text


def test_pages_ask_as_much_of_the_database_for_many_as_for_few(
    app: Flask, desk: Any, house: int, crew: dict[str, int], look: Look
) -> None:
    pages = ["/people", "/roster?department=front_office&week=2026-11-23", "/hours"]
    few = [queries(app, desk, each) for each in pages]
    with look() as session, transaction(session):
        hotel = session.get_one(Hotel, house)
        for n in range(6):
            employment = make_people.employed(session, hotel, f"Kim {n}")
            make_people.shift(session, hotel, MONDAY, who=employment.employee)
            make_people.worked(session, employment, "2026-11-19 07:00", "2026-11-19 15:00")
    many = [queries(app, desk, each) for each in pages]

    assert [after - before for before, after in zip(few, many, strict=True)] == pytest.approx(
        [0, 0, 0], abs=2
    )
