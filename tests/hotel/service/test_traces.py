"""Traces: written for a day, done by somebody; alerts: seen where they matter until lifted."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base import clock
from pms.base.refusal import Invalid
from pms.hotel.house.departments import Department
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.stays import alerts, traces
from pms.hotel.stays.alerts import Area
from tests import make

NEXT = make.DAY + timedelta(days=1)
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def house(session):
    with clock.set_to(make.NOON):
        yield make.furnished(session)


def trace(session, house, **details):
    return traces.add(
        session, house, by=make.by(session, house),
        **{"department": Department.HOUSEKEEPING, "due_on": make.DAY, "words": "Cot"} | details,
    )  # fmt: skip


def test_a_trace_is_done_by_somebody_and_can_be_taken_back(session, house):
    party = make.reservation(session, house)
    maid = make.by(session, house, Role.HOUSEKEEPER)
    cot = trace(session, house, reservation=party)
    later = trace(session, house, due_on=NEXT, words="Flowers", department=Department.CONCIERGE)
    assert traces.of_day(session, house, make.DAY) == [cot]
    assert traces.of_day(session, house, NEXT) == [cot, later]
    keeping = Department.HOUSEKEEPING
    assert traces.of_day(session, house, NEXT, department=keeping) == [cot]

    traces.finish(session, cot, by=maid)

    assert (cot.done_by, traces.of(session, party)) == (maid.id, [cot])
    assert traces.of_day(session, house, NEXT) == [later]
    with pytest.raises(traces.TraceDone):
        traces.finish(session, cot, by=maid)
    traces.reopen(session, cot, by=maid)
    assert traces.of_day(session, house, NEXT) == [cot, later]
    with pytest.raises(Invalid, match="That day is past"):
        trace(session, house, due_on=make.DAY - timedelta(days=1))
    with pytest.raises(IntegrityError):
        session.execute(sa.text("UPDATE traces SET done_by = staff_id"))


def test_an_alert_pops_up_where_it_was_told_until_it_is_lifted(session, house):
    by = make.by(session, house)
    party = make.reservation(session, house)
    other = make.reservation(session, house, arrival=NEXT, surname="Other")
    guest = alerts.put(session, house, party.guest, words="Has a dog", areas=[Area.CHECK_IN], by=by)
    stay = alerts.put(
        session, house, party, words="Pays cash", areas=[Area.FOLIO, Area.CHECK_OUT], by=by
    )

    def seen(area, reservation=party):
        return [each.words for each in alerts.standing(session, reservation, area)]

    assert seen(Area.CHECK_IN) == ["Has a dog"]
    assert seen(Area.FOLIO) == seen(Area.CHECK_OUT) == ["Pays cash"]
    assert seen(Area.RESERVATION) == seen(Area.FOLIO, other) == []
    assert stay.areas == [Area.CHECK_OUT, Area.FOLIO]
    alerts.lift(session, guest, by=by)
    assert seen(Area.CHECK_IN) == []
    with pytest.raises(alerts.AlertLifted):
        alerts.lift(session, guest, by=by)
    with pytest.raises(IntegrityError):
        session.execute(sa.text("UPDATE alerts SET at_folio = FALSE, at_check_out = FALSE"))


@SQLITE
def test_nothing_to_see_and_nowhere_to_pop_up_are_refused(session, house):
    by, party = make.by(session, house), make.reservation(session, house)
    for words, areas in ((" ", [Area.FOLIO]), ("Cash", [])):
        with pytest.raises(Invalid):
            alerts.put(session, house, party, words=words, areas=areas, by=by)
    maid = make.by(session, house, Role.HOUSEKEEPER)
    with pytest.raises(NotAllowed):
        alerts.put(session, house, party, words="Cash", areas=[Area.FOLIO], by=maid)
