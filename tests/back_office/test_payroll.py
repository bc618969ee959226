"""The payroll desk: a period from open to exported, who may see it, and every look written down."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from pms.base.dates import ONE_DAY
from pms.base.db import transaction
from pms.hotel.house import staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.logbook import Line
from pms.hotel.house.staff import Role
from pms.hotel.people import pay, payroll
from pms.hotel.people.employees import Employee
from pms.hotel.people.payroll import PayExport, PayPeriod, PeriodState
from pms.web.database import db
from tests import make
from tests.back_office.conftest import Send, hire, post, queries, sign_in
from tests.hotel.people import make_people, paying

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = SQLITE_ONLY


@pytest.fixture
def period(app: Flask, house: int) -> int:
    """An open period in which Ana worked six hours of overtime; its id."""
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        paying.hold(session, hotel, pay.us_federal(minimum_wage=0))
        ana = make_people.employed(session, hotel)
        paying.days(session, ana, 8, 8, 8, 8, 8, 6)
        return paying.period(session, hotel).id


@pytest.fixture
def who(app: Flask, period: int) -> int:
    """Ana's id."""
    with app.app_context():
        return one(db.session(), Employee).id


def state(session: Session, house: int, period: int) -> PeriodState:
    session.rollback()
    return session.get_one(PayPeriod, (house, period)).state


def one(session: Session, table: Any) -> Any:
    session.rollback()
    return session.scalars(sa.select(table).order_by(table.id)).first()


def test_a_period_is_reviewed_approved_locked_and_exported(
    desk: Any, send: Send, reading: Session, house: int, period: int
) -> None:
    page = desk.get(f"/payroll/{period}").text
    assert "Ana Reyes" in page
    assert "46:00" not in page  # 40 straight, 6 of overtime
    assert "40:00" in page
    assert "735.00" in page

    send(f"/payroll/{period}/step/review")
    send(f"/payroll/{period}/step/approve")
    assert "Somebody else approves them" in desk.get(f"/payroll/{period}").text
    send(f"/payroll/{period}/reopen", why="Two people look at pay")
    with transaction(reading):
        accountant = staff.by_email(reading, "accountant@test.desk.example")
        payroll.review(reading, reading.get_one(PayPeriod, (house, period)), by=accountant)
    for step in ("approve", "lock"):
        send(f"/payroll/{period}/step/{step}")
    assert state(reading, house, period) is PeriodState.LOCKED
    send(f"/payroll/{period}/export", target="generic")
    assert state(reading, house, period) is PeriodState.EXPORTED

    made = one(reading, PayExport)
    first, second = (desk.get(f"/payroll/files/{made.id}") for _ in range(2))
    assert first.data == second.data
    assert b"Reyes" in first.data
    assert made.name in first.headers["Content-Disposition"]
    assert made.sha256[:12] in desk.get(f"/payroll/{period}").text


def test_what_a_file_leaves_stands_on_the_page_by_name_and_amount(
    app: Flask, desk: Any, send: Send, house: int, period: int, who: int
) -> None:
    beside = f"/payroll/{period}/people/{who}"
    send(f"{beside}/bonus", on="2026-11-03", amount="46.00", words="Sales", kind="earned_bonus")
    with app.app_context(), transaction(db.session()) as session:
        paying.go(
            session, session.get_one(Hotel, house), session.get_one(PayPeriod, (house, period))
        )

    send(f"/payroll/{period}/export", target="quickbooks")

    page = desk.get(f"/payroll/{period}").text
    left = page.split("QuickBooks Desktop (IIF) leaves this")[1].split("</ul>")[0]
    # 16.00 is the regular rate, of which QuickBooks pays half of 15.00 for 6 h by itself
    assert "<b>Ana Reyes</b><span>Overtime premium</span><small>add €3.00" in left
    assert "<b>Ana Reyes</b><span>Bonus</span><small>add €46.00" in left
    send(f"/payroll/{period}/export", target="generic")
    assert desk.get(f"/payroll/{period}").text.count("leaves this; put it") == 1


def test_what_a_period_lacks_stands_by_person_with_where_to_cure_it(
    app: Flask, desk: Any, house: int, period: int
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        nameless = make_people.employed(session, hotel, "Cy Ito", rate=None)
        paying.day(session, nameless, paying.FIRST, 8)
        on = paying.FIRST + ONE_DAY
        entry = make_people.worked(
            session, nameless, f"{on} 08:00", f"{on} 16:00", approved=False
        ).id
        cy = nameless.employee_id

    page = desk.get(f"/payroll/{period}").text

    lacks = page.split('class="lacks"')[1].split("</section>")[0]
    assert lacks.count("<b>Cy Ito</b>") == 1
    assert f'href="/people/{cy}/pay"' in lacks
    assert f'href="/hours/{entry}"' in lacks
    assert lacks.count("Stops the review") == 1
    assert "Ana Reyes" not in lacks


def test_hours_of_a_locked_period_that_wait_are_linked_to_where_they_are(
    app: Flask, desk: Any, house: int, period: int
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        paying.go(session, hotel, session.get_one(PayPeriod, (house, period)))
        ben = make_people.employed(session, hotel, "Ben Okafor")
        entries = [
            make_people.worked(session, ben, f"{on} 08:00", f"{on} 16:00", approved=False).id
            for on in (paying.LAST - ONE_DAY, paying.LAST)
        ]
        first = paying.LAST + ONE_DAY
        following = paying.period(session, hotel, first, first + 4 * ONE_DAY).id

    page = desk.get(f"/payroll/{following}").text

    lacks = page.split('class="lacks"', 1)[1].split("</section>")[0]
    assert "Hours of a locked period wait for approval" in lacks
    assert re.findall(r'href="(/hours[^"]*)"', lacks) == [f"/hours/{entries[0]}"]


def test_what_a_file_wants_is_told_at_once_by_person_with_where_to_write_it(
    app: Flask, desk: Any, send: Send, house: int, period: int, who: int
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        ben = make_people.employed(session, hotel, "Ben Okafor")
        paying.day(session, ben, paying.FIRST, 8)
        paying.go(session, hotel, session.get_one(PayPeriod, (house, period)))
        by_ben = ben.employee_id

    asked = send(f"/payroll/{period}/export", target="adp_run")
    page = desk.get(asked.headers["Location"]).text

    wants = page.split('id="wanted"')[1].split("</section>")[0]
    assert "a company code" in wants
    assert 'href="/payroll/settings/adp_run"' in wants
    for name, employee_id in (("Ana Reyes", who), ("Ben Okafor", by_ben)):
        assert f"<b>{name}</b>" in wants
        assert f'href="/people/{employee_id}/do/payroll?system=adp_run"' in wants
    form = desk.get(f"/people/{who}/do/payroll?system=adp_run").text
    assert re.search(r'<option[^>]*selected[^>]*value="adp_run"', form)
    for employee_id, number in ((who, "11"), (by_ben, "12")):
        send(f"/people/{employee_id}/do/payroll", system="adp_run", number=number)
    left = desk.get(f"/payroll/{period}?file=adp_run").text
    assert "<b>Ana Reyes</b>" not in left.split('id="wanted"')[1].split("</section>")[0]
    assert desk.get(f"/payroll/{period}?file=nobody").status_code == 200


@pytest.mark.parametrize(
    ("target", "asked", "to"),
    [
        ("gusto", "the ID that Gusto has for them", "do/payroll?system=gusto"),
        ("gusto_template", "an e-mail address of their own", "change"),
        ("quickbooks", "the name that QuickBooks has for them", "do/payroll?system=quickbooks"),
    ],
)
def test_twins_stand_by_name_with_where_to_tell_them_apart(
    app: Flask, desk: Any, house: int, period: int, who: int, target: str, asked: str, to: str
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        session.get_one(Employee, (house, who)).email = "ana@example.com"
        twin = make_people.employed(session, hotel, "Ana Reyes", email="ana@example.com")
        paying.day(session, twin, paying.FIRST, 8)
        paying.go(session, hotel, session.get_one(PayPeriod, (house, period)))
        twins = {who, twin.employee_id}

    page = desk.get(f"/payroll/{period}?file={target}").text

    wants = page.split('id="wanted"')[1].split("</section>")[0]
    assert wants.count("<b>Ana Reyes</b>") == 2
    assert wants.count(asked) == 2
    for each in twins:
        assert f'href="/people/{each}/{to}"' in wants
    assert "The export" not in wants


def test_tips_had_in_cash_stand_apart_from_what_is_to_pay(
    app: Flask, desk: Any, send: Send, house: int, period: int
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        mira = make_people.employed(session, session.get_one(Hotel, house), "Mira Berg")
        mira_id = mira.employee_id
    send(f"/payroll/{period}/people/{mira_id}/tips", on="2026-11-03", amount="15.00")

    page = desk.get(f"/payroll/{period}").text

    row = page.split("Mira Berg</a>")[1].split("</tr>")[0]
    assert re.findall(r'data-label="(To pay|Cash tips, had)"><a[^>]*>([\d.]+)</a>', row) == [
        ("To pay", "0.00"), ("Cash tips, had", "15.00"),
    ]  # fmt: skip
    assert 'data-label="Tips"' not in row
    opened = desk.get(f"/payroll/{period}/people/{mira_id}").text
    assert 'id="cash_tips"' in opened


def test_each_figure_opens_its_explanation_with_its_source(
    desk: Any, send: Send, period: int, who: int
) -> None:
    assert f"/payroll/{period}/people/{who}#premiums" in desk.get(f"/payroll/{period}").text

    page = desk.get(f"/payroll/{period}/people/{who}").text

    assert 'id="premiums"' in page
    assert "Regular rate 15.00 = 690.00 for hours over 46:00 h; 50 % of it for 6:00 h" in page
    assert "29 CFR 778.110" in page

    beside = f"/payroll/{period}/people/{who}"
    refused = send(f"{beside}/bonus", on="2026-11-03", amount="much", words="", kind="flat_bonus")
    assert refused.status_code == 422
    typed = {"on": "2026-11-03", "amount": "46.00", "words": "4242424242424242"}
    refused = send(f"{beside}/bonus", **typed, kind="flat_bonus")
    assert 'id="words-refuses"' in refused.text
    send(f"{beside}/bonus", on="2026-11-03", amount="46.00", words="Season", kind="flat_bonus")
    send(f"{beside}/tips", on="2026-11-03", amount="5.00")
    page = desk.get(beside).text
    assert "Regular rate 16.00" in page
    assert "Tips taken in cash" in page
    given = page.split("/take-back")[0].rsplit("/", 1)[1]
    send(f"/payroll/{period}/bonus/{given}/take-back")
    assert "Regular rate 15.00" in desk.get(beside).text


def test_every_look_at_pay_is_written_down(
    desk: Any, reading: Session, house: int, period: int
) -> None:
    who = one(reading, Employee)
    desk.get(f"/payroll/{period}")
    desk.get(f"/payroll/{period}/people/{who.id}")

    reading.rollback()
    looks = reading.scalars(sa.select(Line).where(Line.verb == "looked at pay").order_by(Line.id))
    assert [line.after["what"] for line in looks] == [
        "pay period 2026-11-01",
        f"pay period 2026-11-01, employee {who.number}",
    ]


PLACES = ("/payroll", "/payroll/{period}", "/payroll/{period}/people/{who}", "/payroll/files/1",
          "/payroll/rules", "/payroll/tips")  # fmt: skip


def test_pay_is_seen_only_by_those_allowed(app: Flask, period: int, who: int) -> None:
    for role in (Role.FRONT_DESK, Role.HOUSEKEEPING_MANAGER, Role.OWNER):
        stranger = sign_in(app.test_client(), role)
        for place in PLACES:
            assert stranger.get(place.format(period=period, who=who)).status_code == 403
        for place in (f"/payroll/{period}/step/review", f"/payroll/{period}/export"):
            assert post(stranger, place, target="generic").status_code == 403
        assert "/payroll" not in stranger.get("/sign-ins").text


def test_the_accountant_runs_payroll_and_doesnt_approve_it(client: Any, period: int) -> None:
    accountant = sign_in(client, Role.ACCOUNTANT)

    post(accountant, f"/payroll/{period}/step/review")
    page = accountant.get(f"/payroll/{period}").text
    assert "The figures are reviewed." in page
    assert "/step/approve" not in page
    post(accountant, f"/payroll/{period}/step/approve")
    assert "Your role doesn" in accountant.get(f"/payroll/{period}").text
    post(accountant, f"/payroll/{period}/reopen", why="Hours were missing")
    page = accountant.get(f"/payroll/{period}").text
    assert "The period is open again." in page
    assert "/step/review" in page


def test_another_hotels_pay_is_not_there(app: Flask, client: Any, period: int, who: int) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hire(session, make.furnished(session, code="OTHER"), Role.MANAGER)
    stranger = sign_in(client, Role.MANAGER, code="other")

    for place in PLACES[1:4]:
        assert stranger.get(place.format(period=period, who=who)).status_code == 404
    assert post(stranger, f"/payroll/{period}/step/review").status_code == 404


def test_rules_pools_and_settings_are_set_and_shown(
    app: Flask, desk: Any, send: Send, house: int, period: int
) -> None:
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        make.charge_code(session, hotel, "TIP")
        code = make.charge_code(session, hotel, "TIP").id
        server = make_people.position(session, hotel, "SERVER").id

    send(
        "/payroll/rules/new",
        jurisdiction="us-ca",
        valid_from="2026-11-20",
        preset="california",
        minimum_wage="16.90",
        week_starts="",
    )
    page = desk.get("/payroll/rules").text
    assert "California" in page
    assert "200 % (Cal. Labor Code 510(a))" in page
    nowhere = send("/payroll/rules/new", jurisdiction="US-XX", valid_from="2026-11-20",
                   preset="california", week_starts="")  # fmt: skip
    assert "No holidays are known for US-XX" in nowhere.text

    send("/payroll/tips/new", name="Bar", charge_code=str(code), kind="tips", shared_by="points",
         begins_on="2026-11-20")  # fmt: skip
    pool = desk.get("/payroll/tips").text.split("/share")[0].rsplit("/", 1)[1]
    send(f"/payroll/tips/{pool}/share", position=str(server), points="3")
    assert "Server, 3 points" in desk.get("/payroll/tips").text
    send(f"/payroll/tips/{pool}/close")
    assert f"{pool}/share" in desk.get("/payroll/tips").text
    send(f"/payroll/tips/{pool}/take-back")
    assert "Bar is taken back" in (page := desk.get("/payroll/tips").text)
    assert f"{pool}/share" not in page

    wrong = send("/payroll/settings/adp_run", company="R1", codes="regular: REG")
    assert "write it like “regular = REG”" in wrong.text
    send("/payroll/settings/adp_run", company="R1ABC", codes="regular = NORMAL")
    wrong = send("/payroll/settings/adp_run", company="R1", jobs="SERVER RATE2")
    assert "write it like “SERVER = RATE2”" in wrong.text
    jobs = "server = RATE2"
    send("/payroll/settings/adp_run", company="R1ABC", codes="regular = NORMAL", jobs=jobs)
    kept = desk.get("/payroll/settings/adp_run").text
    assert "SERVER = RATE2" in kept
    assert "R1ABC" in kept
    assert "regular = NORMAL" in kept
    assert "overtime = OVT" in kept
    send(f"/payroll/{period}/export", target="adp_run")
    assert "Only a locked period is exported" in desk.get(f"/payroll/{period}").text


def test_the_next_period_follows_the_last_one(desk: Any, send: Send, period: int) -> None:
    page = desk.get("/payroll/new").text
    assert 'value="2026-11-15"' in page
    assert 'value="2026-11-28"' in page

    gap = send("/payroll/new", first="2026-11-16", last="2026-11-28", pays_on="2026-12-03",
               frequency="biweekly")  # fmt: skip
    assert "The period before ends on 14 Nov 2026" in gap.text
    send("/payroll/new", first="2026-11-15", last="2026-11-28", pays_on="2026-12-03",
         frequency="biweekly")  # fmt: skip
    assert "Sun 15 Nov to Sat 28 Nov" in desk.get("/payroll").text

    assert "Take it back" not in desk.get(f"/payroll/{period}").text  # another follows it
    send(f"/payroll/{period}/take-back")
    assert "comes after this one" in desk.get(f"/payroll/{period}").text
    newest = re.findall(r"/payroll/(\d+)", desk.get("/payroll").text)[0]
    assert "Take it back" in desk.get(f"/payroll/{newest}").text
    send(f"/payroll/{newest}/take-back")
    shown = desk.get("/payroll").text
    assert "is taken back. Open the right one." in shown
    assert f"/payroll/{newest}" not in shown


def test_a_periods_questions_do_not_grow_with_its_people(
    app: Flask, desk: Any, house: int, period: int
) -> None:
    before = queries(app, desk, f"/payroll/{period}")
    with app.app_context(), transaction(db.session()) as session:
        hotel = session.get_one(Hotel, house)
        for n in range(6):
            paying.days(session, make_people.employed(session, hotel, f"Ben {n}"), 8, 8)

    assert queries(app, desk, f"/payroll/{period}") == before
