"""Payroll for machines: what is locked, line by line and as files, and every look written down."""

from base64 import b64decode
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import transaction
from pms.base.refusal import Invalid
from pms.hotel.house import tokens
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.logbook import Line
from pms.hotel.house.tokens import Scope
from pms.hotel.people.payroll import PayPeriod
from tests import make
from tests.api import calling
from tests.api.calling import V1, Machine
from tests.hotel.people import make_people, paying


@pytest.fixture
def paid(client: Any, inside: Session, house: Hotel) -> tuple[Machine, str]:
    """A machine of payroll's, and the id of an open period in which Ana worked."""
    with transaction(inside):
        paying.hold(inside, house, paying.us_federal(minimum_wage=0))
        ana = make_people.employed(inside, house)
        paying.days(inside, ana, 8, 8)
        made = paying.period(inside, house)
        return Machine(client, calling.token(inside, house, Scope.PAYROLL)), str(made.id)


def test_a_locked_period_is_read_and_its_file_taken_with_a_line_in_the_logbook(
    paid: tuple[Machine, str], inside: Session, house: Hotel
) -> None:
    machine, period = paid
    early = machine.get(f"{V1}/pay-periods/{period}/lines")
    with transaction(inside):
        paying.go(inside, house, inside.get_one(PayPeriod, (house.id, int(period))))
    [listed] = machine.get(f"{V1}/pay-periods").json["periods"]
    lines = machine.get(f"{V1}/pay-periods/{period}/lines").json["lines"]
    made = machine.post(f"{V1}/pay-periods/{period}/files", {"target": "generic"})
    again = machine.post(f"{V1}/pay-periods/{period}/files", {"target": "generic"})
    [file] = machine.get(f"{V1}/pay-periods/{period}/files").json["files"]
    taken = machine.get(made.headers["Location"]).json

    assert early.status_code == 409
    assert (listed["id"], listed["state"]) == (period, "locked")
    assert [(each["employee"], each["amount"]["amount"]) for each in lines] == [
        ("1001", "120.00"),
        ("1001", "120.00"),
    ]
    assert "at 15.00" in lines[0]["because"]
    assert made.status_code == 201
    assert made.json == again.json == file
    assert b"1001" in b64decode(taken["content"])
    inside.rollback()
    looks = inside.scalars(sa.select(Line.verb).where(Line.origin == "api 127.0.0.1")).all()
    assert {"looked at pay", "took file"} <= set(looks)


def test_payroll_is_behind_a_scope_of_its_own_that_goes_with_no_desks(
    paid: tuple[Machine, str], machine: Machine, inside: Session, house: Hotel
) -> None:
    payroll, period = paid

    for path in ("", f"/{period}/lines", f"/{period}/files"):
        assert machine.get(f"{V1}/pay-periods{path}").status_code == 403
    assert machine.get(f"{V1}/payroll-files/1").status_code == 403
    assert payroll.get(f"{V1}/reservations").status_code == 403
    assert payroll.get(f"{V1}/pay-periods/77/lines").status_code == 404
    assert payroll.get(f"{V1}/payroll-files/77").status_code == 404
    with pytest.raises(Invalid, match="Make a token for each"):
        tokens.issue(
            inside, house, name="Both", scopes=[Scope.PAYROLL, Scope.RESERVATIONS],
            by=make.by(inside, house),
        )  # fmt: skip
