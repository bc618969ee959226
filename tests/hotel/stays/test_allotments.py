"""Allotments: kept off sale once, picked up one by one, handed back, cut off by the audit."""

import multiprocessing
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pms.base import clock, db
from pms.base.db import transaction
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books import folios
from pms.hotel.books.folios import Folio
from pms.hotel.close import night_audit, verify
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import NotAllowed, Role
from pms.hotel.rooms import inventory, restrictions
from pms.hotel.rooms.rooms import by_number
from pms.hotel.stays import groups, reservations, settlements, stays
from pms.hotel.stays.groups import Billing, Group, Status
from tests import make
from tests.hotel.close import lived
from tests.hotel.stays import allotted
from tests.hotel.stays.allotted import IN_A_WEEK, counted, row

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CONTEXT = multiprocessing.get_context("fork")


@pytest.fixture
def house(session):
    with clock.set_to(make.NOON):
        yield make.furnished(session, rooms=4)


def picks(session, house, group, **details):
    return make.reservation(
        session, house, **{"arrival": IN_A_WEEK, "nights": 2, "group": group} | details
    )


def test_a_room_goes_from_the_allotment_to_the_party_and_back(session, house):
    group = allotted.group(session, house)
    allotted.allot(session, house, group, 3)
    assert counted(session, house) == (0, 3)
    free = inventory.availability(session, house, IN_A_WEEK, IN_A_WEEK + timedelta(days=2))
    assert [each.rooms for each in free] == [1]

    party = picks(session, house, group)

    assert counted(session, house) == (1, 2)
    assert (row(session, house, group).picked, row(session, house, group).kept) == (1, 2)
    make.reservation(session, house, arrival=IN_A_WEEK, nights=2, surname="Stranger")
    with pytest.raises(inventory.SoldOut), session.begin_nested():
        make.reservation(session, house, arrival=IN_A_WEEK, nights=1, surname="Late")

    reservations.cancel(session, party, reason="unwell", by=make.by(session, house))

    assert counted(session, house) == (1, 3)
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []
    verbs = [line.verb for line in logbook.history(session, group)]
    assert verbs == ["agreed allotment", "made definite", "agreed", "opened group"]


def test_the_audit_cuts_off_what_is_not_picked_up_and_finds_nothing_again(session):
    house = lived.plain(session, parties=0)
    with clock.set_to(make.NOON), transaction(session):
        group = allotted.group(session, house, cut_off=house.business_date)
        late = allotted.group(session, house, code="TOUR", cut_off_days=2)
        for each, rooms in ((group, 2), (late, 1)):
            allotted.allot(session, house, each, rooms)
        picks(session, house, group)
    lived.close(session, house)

    assert counted(session, house) == (1, 1)
    gone = row(session, house, group)
    assert (gone.keeps, gone.released, gone.picked, gone.agreed) == (False, 1, 1, 2)
    assert row(session, house, late).kept == 1
    by = make.by(session, house)
    with transaction(session):
        assert list(groups.cut_off_due(session, house, by=by)) == []
    steps = session.scalars(
        sa.select(night_audit.AuditStep).where(night_audit.AuditStep.name == "holds")
    ).all()
    assert [step.rows for step in steps] == [1]
    with clock.set_to(make.NOON + timedelta(days=1)), transaction(session):
        groups.cut_off(session, late, by=by)
    assert counted(session, house) == (1, 0)
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []


@SQLITE
def test_how_sure_a_group_is_decides_what_is_kept(session, house):
    by = make.by(session, house)
    group = allotted.group(session, house, status=Status.INQUIRY)
    allotted.allot(session, house, group, 3)
    assert counted(session, house) == (0, 0)
    groups.settle_status(session, group, Status.TENTATIVE, deducts=True, by=by)
    assert counted(session, house) == (0, 3)

    with pytest.raises(Refusal, match="Say why the group is lost"):
        groups.settle_status(session, group, Status.LOST, by=by)
    groups.settle_status(session, group, Status.LOST, reason="Went elsewhere", by=by)

    assert counted(session, house) == (0, 0)
    with pytest.raises(groups.NothingAgreed):
        allotted.allot(session, house, group, 1)
    for _ in range(2):
        make.reservation(session, house, arrival=IN_A_WEEK, nights=1)
    with pytest.raises(inventory.SoldOut):
        groups.settle_status(session, group, Status.DEFINITE, by=by)
    assert counted(session, house) == (2, 0)


@SQLITE
def test_beyond_the_allotment_only_an_elastic_group_may_go(session, house):
    by = make.by(session, house)
    group = allotted.group(session, house)
    allotted.allot(session, house, group, 1)
    picks(session, house, group)
    with pytest.raises(inventory.AllotmentTaken, match="no room of that type left"):
        picks(session, house, group)
    with pytest.raises(inventory.AgreedTooFew, match="1 are picked up"):
        allotted.allot(session, house, group, 0)

    terms = groups.terms_of(group)
    wider = groups.Terms(
        arrival=terms.arrival, departure=terms.departure, plan=terms.plan, elastic=True
    )
    groups.agree(session, group, wider, by=by)
    picks(session, house, group)

    assert counted(session, house) == (2, 0)
    assert row(session, house, group).over == 1
    narrow = groups.Terms(
        arrival=terms.arrival, departure=terms.arrival + timedelta(days=1), plan=terms.plan
    )
    with pytest.raises(groups.AllotmentOutside):
        groups.agree(session, group, narrow, by=by)
    with pytest.raises(NotAllowed):
        groups.cut_off(session, group, by=make.by(session, house, Role.HOUSEKEEPER))


@SQLITE
def test_rooms_booked_before_the_allotment_count_as_picked_up(session, house):
    group = allotted.group(session, house)
    picks(session, house, group)

    allotted.allot(session, house, group, 3)

    assert counted(session, house) == (1, 2)
    assert row(session, house, group).picked == 1


@SQLITE
def test_agreed_nights_are_open_to_the_group_at_its_price(session, house):
    by, kind = make.by(session, house), make.room_type(session, house)
    group = allotted.group(session, house)
    allotted.allot(session, house, group, 2)
    groups.set_price(session, group, kind, Money(8_800, "EUR"), by=by)
    nights = [IN_A_WEEK, IN_A_WEEK + timedelta(days=1)]
    restrictions.put(session, house, restrictions.Kind.CLOSED, nights, by=by)

    party = picks(session, house, group)

    assert [night.price for night in party.nights] == [8_800, 8_800]
    with pytest.raises(restrictions.Restricted):
        make.reservation(session, house, arrival=IN_A_WEEK, nights=1)


def test_the_master_takes_the_rooms_and_leaves_the_extras(session, house):
    by = make.by(session, house)
    group = allotted.group(session, house, arrival=house.business_date, billing=Billing.ROOMS)
    allotted.allot(session, house, group, 1)
    party = picks(session, house, group, arrival=house.business_date)
    stays.check_in(session, party, room=by_number(session, house, "101"), by=by)
    own = settlements.folio_of(session, party, by=by)
    bar = make.charge_code(session, house, "BAR")
    folios.charge(session, own, code=bar, amount=Money(900, "EUR"), by=by)

    room = make.charge_code(session, house)
    folios.charge(session, own, code=room, amount=Money(10_000, "EUR"), by=by)

    master = session.get_one(Folio, (house.id, group.folio_id))
    assert folios.balance_of(session, master) == {1: Money(10_000, "EUR")}
    assert folios.balance_of(session, own) == {1: Money(900, "EUR")}


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE allotment_nights SET kept = kept + 1",
        "UPDATE allotment_nights SET picked = picked + 9",
        "UPDATE group_terms SET deducts = FALSE",
        "UPDATE group_terms SET status = 'lost', deducts = FALSE",
    ],
)
@SQLITE
def test_the_database_itself_refuses_an_allotment_that_cannot_be(session, house, wrong):
    allotted.wedding(session, house)

    with pytest.raises(IntegrityError):
        session.execute(sa.text(wrong))


# --- races ----------------------------------------------------------------------------------------


def one_seller(url: str, with_group: bool, start: Any, answers: Any) -> None:
    engine = db.connect(url)
    with clock.set_to(make.NOON), Session(engine) as session:
        house = session.scalars(sa.select(Hotel)).one()
        group = session.scalars(sa.select(Group)).one() if with_group else None
        session.rollback()
        start.wait()
        try:
            with transaction(session):
                picks(session, house, group, nights=1)
            answers.put("booked")
        except Refusal as refusal:
            answers.put(refusal.message_id)
    engine.dispose()


def test_the_last_room_of_the_allotment_and_of_the_house_are_sold_once(
    engine: Engine, database_url: str
) -> None:
    """A house of two: one kept for the group, one for anybody; two of each come at once."""
    with clock.set_to(make.NOON), Session(engine) as session, transaction(session):
        house = make.furnished(session, rooms=2)
        group = allotted.group(session, house)
        allotted.allot(session, house, group, 1)
        make.guest(session, house)
    engine.dispose()
    start, answers = CONTEXT.Barrier(4), CONTEXT.Queue()
    sellers = [
        CONTEXT.Process(target=one_seller, args=(database_url, n % 2 == 0, start, answers))
        for n in range(4)
    ]

    for seller in sellers:
        seller.start()
    said = sorted(answers.get(timeout=60) for _ in sellers)
    for seller in sellers:
        seller.join(timeout=30)

    assert said == ["allotment_taken", "booked", "booked", "sold_out"]
    with Session(engine) as session:
        house = session.scalars(sa.select(Hotel)).one()
        assert counted(session, house) == (2, 0)
        assert [each.name for each in verify.checks(session, house) if not each.ok] == []


@SQLITE
def test_whatever_becomes_of_a_party_its_group_counts_what_is_there(session, house):
    """Moved to other dates, another type, gone early, not come, taken back: G1 and I3 hold."""
    by = make.by(session, house)
    suite = make.room_type(session, house, "STE", rank=9)
    make.room(session, house, "301", kind=suite)
    make.plan(session, house, suite)
    group = allotted.group(session, house, arrival=make.DAY, nights=3, elastic=True)
    allotted.allot(session, house, group, 2)
    here = picks(session, house, group, arrival=make.DAY, nights=3)
    mate = picks(session, house, group, arrival=make.DAY, nights=2, shares_with=here)
    coming = picks(session, house, group, arrival=make.DAY, nights=2)

    def holds(sold, held):
        assert counted(session, house, make.DAY) == (sold, held)
        wrong = [each.name for each in verify.checks(session, house) if not each.ok]
        assert [name for name in wrong if name[0] in "GI"] == []

    holds(2, 0)
    stays.assign(session, coming, room=by_number(session, house, "301"), by=by)
    holds(1, 1)
    longer = reservations.Wanted(departure=make.DAY + timedelta(days=5))
    reservations.amend(session, coming, longer, by=by)
    stays.unassign(session, coming, by=by)
    holds(2, 0)
    reservations.no_show(session, coming, by=by)
    holds(1, 1)
    reservations.reinstate(session, coming, by=by)
    holds(2, 0)
    for party in (here, mate):
        stays.check_in(session, party, room=by_number(session, house, "101"), by=by)
    stay = stays.of(session, here)
    stays.check_out(session, stay, leave_owing="late", charge_tonight=False, by=by)
    holds(2, 0)
    stays.undo_check_out(session, stay, by=by)
    holds(2, 0)


@SQLITE
def test_the_audit_closes_over_an_allotment_that_is_all_picked_up(session):
    """Who stays on is a fact: beyond the allotment, and with a sharer who stays longer still."""
    house = lived.plain(session, parties=0)
    by, kind, tomorrow = make.by(session, house), make.room_type(session, house), timedelta(days=1)
    with clock.set_to(make.NOON), transaction(session):
        group = allotted.group(session, house, arrival=make.DAY)
        rooms = {(make.DAY, kind.id): 2, (make.DAY + tomorrow, kind.id): 1}
        groups.allot(session, group, rooms, by=by)
        short, long = (picks(session, house, group, arrival=make.DAY, nights=n) for n in (1, 2))
        host = make.reservation(session, house, nights=1)
        mate = make.reservation(session, house, nights=1, adults=1, shares_with=host)
        for party, number in ((short, "101"), (long, "102"), (host, "103"), (mate, "103")):
            stays.check_in(session, party, room=by_number(session, house, number), by=by)
        longer = reservations.Wanted(departure=make.DAY + timedelta(days=4))
        reservations.amend(session, mate, longer, by=by)

    for _ in range(2):
        lived.close(session, house)

    assert [each.departure for each in (short, host)] == [make.DAY + timedelta(days=2)] * 2
    assert short.forced_reason == "still in house at the night audit"
    assert [each.name for each in verify.checks(session, house) if not each.ok] == []


@SQLITE
def test_a_groups_price_is_that_of_its_own_nights_and_may_be_nothing(session, house):
    by, kind = make.by(session, house), make.room_type(session, house)
    group = allotted.group(session, house)

    def prices():
        party = picks(session, house, group, arrival=IN_A_WEEK - timedelta(days=1), nights=4)
        return [(night.price, night.manual_reason) for night in party.nights]

    agreed, plans = "Agreed with the group", (10_000, None)
    groups.set_price(session, group, kind, Money(8_800, "EUR"), by=by)
    assert prices() == [plans, (8_800, agreed), (8_800, agreed), plans]
    groups.set_price(session, group, kind, None, by=by)
    groups.set_price(session, group, kind, Money.zero("EUR"), by=by)
    assert prices() == [plans, (0, agreed), (0, agreed), plans]
