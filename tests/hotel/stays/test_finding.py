"""Finding reservations: the same whichever way they are looked for, page after page and back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pms.base.db import transaction
from pms.hotel.guests import finding as of_guests
from pms.hotel.guests.guests import Guest
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


def test_an_umlaut_is_found_as_two_letters_and_the_other_way_round(session, house, monkeypatch):
    spellings = ("Müller", "Mueller", "Muller", "Muñoz", "Sørensen", "Soerensen", "Åkesson")
    with transaction(session):
        far = make.DAY + timedelta(days=9)
        for surname in spellings:
            made = make.guest(session, house, surname, "Jürgen" if surname == "Åkesson" else "Ana")
            make.reservation(session, house, guest=made, arrival=far, nights=1)

    def everybody(text):
        by_list = finding.found(session, house, Sought(COMING, name=text), limit=20)
        by_guest = of_guests.search(session, house, text)
        assert {each.guest.surname for each in by_list} == {each.surname for each in by_guest}
        return {each.surname for each in by_guest}

    for most_bearers in (0, 2_000):
        monkeypatch.setattr(finding, "MOST_BEARERS", most_bearers)
        assert everybody("Mueller") == {"Müller", "Mueller"}
        assert everybody("müller") == {"Müller", "Mueller", "Muller"}
        assert everybody("mue") == {"Müller", "Mueller"}
        assert everybody("muller") == {"Müller", "Muller"}
        assert everybody("Mueller, Ana") == everybody("Ana Mueller") == {"Müller", "Mueller"}
        assert everybody("soerensen") == everybody("Sørensen") == {"Sørensen", "Soerensen"}
        assert everybody("juergen") == everybody("aakes") == {"Åkesson"}


def test_two_spellings_are_ranges_of_the_index(session, house):
    for text in ("Mueller", "Müller", "Soerensen"):
        asked = sa.select(Guest.id).where(Guest.chain_id == house.chain_id, of_guests.named(text))
        sql = (
            asked.order_by(Guest.folded_name)
            .limit(20)
            .compile(session.connection(), compile_kwargs={"literal_binds": True})
        )
        if session.connection().dialect.name == "sqlite":
            plan = str(session.execute(sa.text(f"EXPLAIN QUERY PLAN {sql}")).all())
            assert "folded_name>? AND folded_name<?" in plan
        else:
            session.execute(sa.text("SET LOCAL enable_seqscan = off"))
            plan = str(session.execute(sa.text(f"EXPLAIN {sql}")).all())
            assert "folded_name" in plan.split("Index Cond")[1].split("Filter")[0]


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
