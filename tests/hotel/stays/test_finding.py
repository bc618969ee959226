"""Finding reservations: the same whichever way they are looked for, page after page and back."""

from datetime import timedelta

import pytest

from pms.base.db import transaction
from pms.hotel.stays import reservations
from pms.hotel.stays.reservations import State, finding
from pms.hotel.stays.reservations.finding import Sought
from tests import make

NAMES = ("Silva", "Rossi", "Silvano", "Okafor", "Silva", "Silva", "Ana", "Silva", "Silva")
COMING, GONE = (State.BOOKED,), (State.CANCELLED, State.NO_SHOW)


@pytest.fixture
def house(session):
    """Nine parties on three days, two of them cancelled, and a namesake in another hotel."""
    with transaction(session):
        house = make.furnished(session, rooms=9)
        for n, surname in enumerate(NAMES):
            arrival = make.DAY + timedelta(days=1 + n * 2 % 3)
            made = make.reservation(session, house, surname=surname, arrival=arrival, nights=1)
            if n in {4, 7}:
                reservations.cancel(session, made, reason="Ill", by=make.by(session, house))
        make.reservation(session, make.furnished(session, "OTHER"), surname="Silva")
        return house


def pages(session, house, sought, *, limit=2):
    """Each page's numbers, forwards by the last key; and the same again backwards."""
    found, key = [], None
    while some := finding.found(session, house, sought, limit=limit, beyond=key):
        found.append([each.number for each in some])
        key = (some[-1].arrival, some[-1].number)
        before = finding.found(
            session, house, sought, limit=limit, beyond=(some[0].arrival, some[0].number),
            backwards=True,
        )  # fmt: skip
        assert [each.number for each in before] == (found[-2] if len(found) > 1 else [])
    return found


def test_however_many_bear_a_name_the_pages_are_the_same(session, house, monkeypatch):
    first_day = make.DAY + timedelta(days=1)
    monkeypatch.setattr(finding, "FIRST_LOOK", 1)
    for most_bearers in (0, 4, 2_000):
        monkeypatch.setattr(finding, "MOST_BEARERS", most_bearers)
        for sought in (
            Sought(COMING),
            Sought(COMING, name="silva"),
            Sought(COMING, name="Silva, Ana"),
            Sought(COMING, name="ana"),
            Sought(COMING, name="nobody"),
            Sought(COMING, name="silva", arrives=first_day),
            Sought(GONE, name="silva", newest_first=True),
            Sought((*COMING, *GONE), newest_first=True),
        ):
            found = [number for page in pages(session, house, sought) for number in page]
            assert found == expected(session, house, sought), (most_bearers, sought)
            assert bool(found) == (sought.name != "nobody")


def expected(session, house, sought):
    """The numbers of who is sought, told from every reservation there is."""
    rows = [
        each
        for each in session.query(reservations.Reservation).filter_by(hotel_id=house.id)
        if each.state in sought.states
        and (sought.arrives is None or each.arrival == sought.arrives)
        and answers(each.guest, sought.name)
    ]
    rows.sort(key=lambda each: (each.arrival, each.number), reverse=sought.newest_first)
    return [each.number for each in rows]


def answers(guest, name):
    said = name.lower().replace(",", "")
    full = f"{guest.surname} {guest.given_name}".lower()
    return full.startswith(said) or guest.given_name.lower().startswith(said)
