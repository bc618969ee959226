"""Refunds of one charge for several rooms, made in the gateway's own pages: shared out, once."""

from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from pms.base.db import new_id, transaction
from pms.base.gateway import Mode
from pms.hotel.books import papers
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.close import verify
from pms.hotel.house import staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.service.checkout import following, payouts, refundable, unasked
from pms.hotel.service.checkout.giving_back import RoomPart, shared_out
from tests import prepaid
from tests.engines import ONE_ENGINE
from tests.hotel.books.races import at_once
from tests.hotel.service.paying import Till, euros

PART = 5_000


class Pair:
    """Two rooms of one booking, whose deposits were paid together."""

    def __init__(self, session, minor=PART, house=None):
        self.till = Till(session, house=house)
        self.lead = self.till.books(surname="Lead")
        self.rooms = [self.lead, self.till.books(surname="Beside", with_booking=self.lead)]
        self.payment = self.till.pays_rooms(self.rooms, minor).payment

    def given_back_there(self, minor, status="succeeded"):
        """Somebody gives back so much of the charge in the gateway's own pages; the refund's id."""
        stripe = self.till.stripe
        made = stripe.refund({"payment_intent": self.payment, "amount": minor})
        if status != "succeeded":
            stripe.put(stripe.find(made["id"]) | {"status": status}, "refund.updated")
        return made["id"]

    def hears(self):
        for event in self.till.news():
            self.till.hears(event)
            self.till.works()

    def held(self):
        return [self.till.held(room) for room in self.rooms]

    def given(self):
        """Of each room's part, what was given back of it and came again."""
        self.till.session.rollback()
        rows = self.till.session.scalars(
            sa.select(GatewayPayment)
            .where(GatewayPayment.charge.is_not(None), GatewayPayment.charge != self.payment)
            .order_by(GatewayPayment.id)
        )
        return [(each.named.partition("/")[2], each.amount) for each in rows]

    def ties_out(self):
        """The payout explains every line, and the clearing account is what its parts come to."""
        self.till.stripe.pay_out()
        following.fetch_payouts(self.till.session, self.till.house, self.till.gateways)
        owed = payouts.owed(self.till.session, self.till.house)
        odd = payouts.unexplained(self.till.session, self.till.house)
        self.till.session.rollback()
        found = verify.checks(self.till.session, self.till.house)
        wrong = [check.name for check in found if not check.ok]
        self.till.session.rollback()
        return (odd, owed.adds_up, owed.not_paid_out.minor, owed.clearing.minor, wrong)


TIED = ([], True, 0, 0, [])


@pytest.fixture
def pair(session):
    pair = Pair(session)
    yield pair
    pair.till.practice.store.close()


# --- the rule -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minor", "rooms", "off"),
    [
        (50, [(50, 50), (50, 50)], [50, 0]),
        (50, [(90, 90), (50, 50)], [0, 50]),  # who has just that much left
        (50, [(50, 0), (90, 60)], [0, 50]),  # rather who is in credit by it
        (70, [(50, 50), (50, 50)], [50, 20]),
        (100, [(50, 50), (50, 50)], [50, 50]),
        (60, [(50, 0), (50, 30), (50, 40)], [0, 30, 30]),
        (80, [(50, 0), (50, 30), (50, 40)], [10, 30, 40]),
        (50, [(20, -10), (60, 0)], [0, 50]),  # nothing is in credit: one room again
        (70, [(50, -10), (60, 0)], [50, 20]),
        (51, [(20, 20), (30, 30)], []),
        (90, [(50, 40, 1), (50, 40, 1), (50, 50, 2)], [40, 0, 50]),  # one credit, used once
        (60, [(50, 60, 1), (50, 60, 1)], [50, 10]),
    ],
)
def test_what_named_no_room_comes_off_who_is_in_credit(minor, rooms, off):
    assert shared_out(minor, [RoomPart(*room) for room in rooms]) == off


@given(
    st.integers(1, 300),
    st.lists(st.tuples(st.integers(0, 100), st.integers(-100, 100)), min_size=1, max_size=6),
)
def test_it_is_shared_out_whole_and_nobody_owes_for_it_who_neednt(minor, rooms):
    parts = [RoomPart(*room) for room in rooms]
    offs = shared_out(minor, parts)

    if minor > sum(part.left for part in parts):
        assert offs == []
        return
    assert sum(offs) == minor
    assert all(0 <= off <= part.left for off, part in zip(offs, parts, strict=True))
    free = [max(min(part.left, part.credit), 0) for part in parts]
    if sum(free) >= minor:
        assert all(off <= most for off, most in zip(offs, free, strict=True))


# --- in the books ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minor", "held", "shares"),
    [(7_000, [0, 3_000], [-5_000, -2_000]), (10_000, [0, 0], [-5_000, -5_000])],
)
def test_it_is_booked_at_once_and_the_desk_is_told_of_each_room(pair, minor, held, shares):
    refund = pair.given_back_there(minor)

    pair.hears()
    pair.hears()

    assert (pair.held(), pair.till.clearing()) == (held, 2 * PART - minor)
    assert [amount for _, amount in pair.given()] == shares
    said = pair.till.traced()
    assert len(said) == 2
    assert said[0].startswith("€50.00 of what was paid online were given back in the gateway's own")
    assert f"share of {euros(minor).said} for 2 rooms" in said[1]
    keys = sa.select(GatewayPayment.object_id).where(GatewayPayment.charge == refund)
    assert set(pair.till.session.scalars(keys)) == {f"{refund}/1", f"{refund}/2"}
    pair.till.session.rollback()
    assert pair.ties_out() == TIED


@ONE_ENGINE
def test_what_no_event_told_of_is_booked_with_its_payout(pair):
    pair.given_back_there(7_000)

    assert pair.ties_out() == TIED
    assert pair.held() == [0, 3_000]


def test_two_workers_who_hear_of_it_book_it_once(pair, engine):
    pair.given_back_there(7_000)
    house_id, by = pair.till.house.id, staff.the_house(pair.till.session, pair.till.house)
    [heard] = pair.till.gateways(pair.till.house.code, Mode.PRACTICE).refunds(pair.payment)
    key = (by.chain_id, by.id)
    pair.till.session.rollback()

    booked = at_once(
        engine,
        lambda session: unasked.given_back(
            session, session.get_one(Hotel, house_id), heard, by=session.get_one(Staff, key)
        ),
    )

    assert [each is None for each in booked].count(True) == 1
    assert (pair.held(), pair.till.clearing()) == ([0, 3_000], 3_000)
    assert len(pair.given()) == 2


def test_a_room_that_has_used_its_part_up_owes_only_what_nobody_has_in_credit(pair):
    """The first is in house and has drunk most of it: it gives what it has left, and no more."""
    pair.till.arrives(pair.lead)
    folio = pair.till.charges(pair.lead, 4_000)

    pair.given_back_there(5_500)
    pair.hears()

    assert (pair.till.owes(folio), pair.held()[1]) == (0, 500)
    pair.given_back_there(3_000)
    pair.hears()
    assert (pair.till.owes(folio), pair.held()[1]) == (2_500, 0)
    assert any("the credit was gone: €25.00 are owed now" in said for said in pair.till.traced())
    assert pair.ties_out() == TIED


@pytest.mark.parametrize("from_payout", [False, True])
def test_what_the_bank_sends_back_stands_to_each_rooms_credit_again(pair, from_payout):
    refund = pair.given_back_there(7_000)
    pair.hears()
    pair.till.stripe.return_refund(refund)

    if not from_payout:
        pair.hears()
        pair.hears()
    assert pair.ties_out() == TIED

    assert (pair.held(), pair.till.clearing()) == ([PART, PART], 0)
    assert pair.given() == [("", -5_000), ("", -2_000), ("returned", 5_000), ("returned", 2_000)]
    told = [said for said in pair.till.traced() if said.startswith("The guest's bank sent")]
    assert len(told) == 2
    session, house = pair.till.session, pair.till.house
    for room in pair.rooms:
        behind = refundable.accounts_behind(session, house, folio=None, reservation=room)
        left = refundable.refundable(session, house, account_ids=behind)
        assert all(not of.came_again for of, _ in left)
    session.rollback()


@ONE_ENGINE
def test_one_that_the_bank_still_works_at_is_off_the_clearing_account_already(pair):
    refund = pair.given_back_there(7_000, status="pending")
    pair.hears()
    assert (pair.held(), pair.till.clearing()) == ([0, 3_000], 3_000)

    stripe = pair.till.stripe
    stripe.put(stripe.find(refund) | {"status": "succeeded"}, "refund.updated")
    pair.hears()

    assert pair.held() == [0, 3_000]
    assert pair.ties_out() == TIED


@ONE_ENGINE
def test_each_rooms_vat_and_invoice_follow_its_share(session):
    with transaction(session):
        house = prepaid.house(session)
    pair = Pair(session, minor=10_400, house=house)
    paid = session.scalars(sa.select(GatewayPayment).order_by(GatewayPayment.id)).all()
    with transaction(session):
        invoices = [prepaid.deposit_invoice(session, each.payment) for each in paid]
    assert prepaid.open_tax(session, house) == 2 * 654
    session.rollback()

    pair.given_back_there(15_600)
    pair.hears()

    assert prepaid.open_tax(session, house) == 327
    notes = [[note.gross for note in papers.notes_of(session, paper)] for paper in invoices]
    assert notes == [[10_400], [5_200]]
    session.rollback()
    assert pair.ties_out() == TIED
    pair.till.practice.store.close()


def test_the_database_itself_lets_a_share_name_no_other_refund(pair):
    pair.given_back_there(7_000)
    pair.hears()
    session = pair.till.session
    row = session.scalars(sa.select(GatewayPayment).where(GatewayPayment.amount < 0)).first()
    kept = {"hotel_id": row.hotel_id, "payment_id": row.payment_id, "mode": Mode.PRACTICE,
            "gives_back_id": row.gives_back_id, "charge": row.charge}  # fmt: skip
    session.rollback()
    numbers = count(8)

    for wrong in ({"object_id": "re_other/1", "amount": -1},
                  {"object_id": f"{kept['charge']}/9", "amount": -1}):  # fmt: skip
        row = kept | wrong | {"id": new_id() + next(numbers)}
        with pytest.raises(DBAPIError), transaction(session):
            session.execute(sa.insert(GatewayPayment), [row])
