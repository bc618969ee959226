"""One payment for several rooms: shared out, once, whatever became of a room meanwhile."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from pms.base import clock
from pms.base.db import lock, new_id, transaction
from pms.base.gateway import Mode
from pms.base.refusal import Invalid
from pms.hotel.books import payments
from pms.hotel.books.ledger import Entry
from pms.hotel.books.payments import Method
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.close import verify
from pms.hotel.house.staff import Staff
from pms.hotel.service import booked_rooms, web_payments
from pms.hotel.service.checkout import (
    Intent,
    IntentState,
    PaymentPart,
    Purpose,
    RequestState,
    asking,
    disputes,
    following,
    intending,
    intents,
    parts,
    payout_lines,
    payouts,
    settling,
    whole,
)
from pms.hotel.service.checkout.refusals import MoreThanLeft, NobodyToAsk, NotAsked, NothingOwed
from pms.hotel.stays import reservations
from pms.hotel.stays.reservations import Reservation
from tests.hotel.books.races import at_once, wait_for_one_who_waits
from tests.hotel.service.paying import Till, euros
from tests.web.conftest import SQLITE_ONLY

IN_HOUSE, ASKED, COMING = 12_000, 8_000, 5_000


class Family:
    """Three rooms of one booking: in house with a bill, asked for a deposit, and only to come."""

    def __init__(self, session):
        self.till = till = Till(session)
        self.session = session
        self.here = till.books()
        self.asked = till.books(surname="Asked", with_booking=self.here)
        self.coming = till.books(surname="Coming", with_booking=self.here)
        till.arrives(self.here)
        self.folio = till.charges(self.here, IN_HOUSE)
        self.alone = till.asks(minor=ASKED, reservation=self.asked)
        self.listed = self.owes()

    def owes(self):
        """What the desk asks of them: the bill, the deposit that was asked for, and one more."""
        found = booked_rooms.may_be_asked(
            self.session, self.till.house, [self.here, self.asked, self.coming]
        )
        self.session.rollback()
        return [each if each.amount else replace(each, amount=euros(COMING)) for each in found]

    def asks(self, owes=None):
        terms = {
            "language": "en", "expires_at": clock.now() + timedelta(days=2), "by": self.till.by,
        }  # fmt: skip
        with transaction(self.session):
            return parts.ask(
                self.session, self.till.house, self.here, self.listed if owes is None else owes,
                **terms,
            )  # fmt: skip

    def stand(self):
        """What the bill owes, and what is held for the two who are to come."""
        held = [self.till.held(each) for each in (self.asked, self.coming)]
        return [self.till.owes(self.folio), *held]

    def payments(self):
        self.session.rollback()
        return list(
            self.session.scalars(
                sa.select(GatewayPayment)
                .where(GatewayPayment.charge.is_not(None))
                .order_by(GatewayPayment.id)
            )
        )

    def in_order(self):
        found = [each for each in verify.checks(self.session, self.till.house) if not each.ok]
        self.session.rollback()
        return found == []


@pytest.fixture
def family(session):
    family = Family(session)
    yield family
    family.till.practice.store.close()


def test_one_payment_goes_to_each_rooms_own_account_and_reconciles_as_one_charge(family):
    till, request = family.till, family.asks()
    assert request.amount == IN_HOUSE + ASKED + COMING

    intent = till.pays(request)

    assert (request.state, intent.state) == (RequestState.PAID, IntentState.SETTLED)
    assert family.stand() == [0, ASKED, COMING]
    assert family.alone.state is RequestState.WITHDRAWN
    assert till.clearing() == request.amount
    assert till.traced() == []
    paid = family.payments()
    assert [each.amount for each in paid] == [IN_HOUSE, ASKED, COMING]
    assert {each.charge for each in paid} == {intent.payment}
    references = sa.select(Entry.reference).where(Entry.reference == intent.payment)
    assert len(family.session.scalars(references).all()) == 3
    family.session.rollback()

    dispute = till.stripe.open_dispute(intent.payment)
    for event in till.news():
        till.hears(event)
    till.works()
    till.stripe.pay_out()
    following.fetch_payouts(family.session, till.house, till.gateways)
    [disputed] = disputes.listed(family.session, till.house)
    assert (disputed.object_id, disputed.amount) == (dispute["id"], request.amount)
    assert payouts.unexplained(family.session, till.house) == []
    owed = payouts.owed(family.session, till.house)
    assert owed.adds_up
    assert not owed.not_paid_out
    [payout] = payouts.listed(family.session, till.house)
    lines = family.session.scalars(
        sa.select(payouts.PayoutLine).filter_by(payout_id=payout.id, dispute_id=None)
    ).all()
    [whole] = payout_lines.concerns(family.session, till.house, lines).values()
    assert [each.payment.id for each in whole] == [each.payment_id for each in paid]
    entries = {each.payment.entry_id for each in paid}
    came_in = payout_lines.of_entries(family.session, till.house, entries)
    assert came_in == {key: [payout] for key in entries}
    family.session.rollback()
    assert family.in_order()


def test_webhook_return_page_and_reconciler_at_once_share_out_once(family, engine):
    till = family.till
    intent = till.opens(family.asks())
    till.chooses(intent)
    heard = till.gateways(till.house.code, Mode.PRACTICE).look(intent.object_id)
    intent_id = intent.id
    family.session.rollback()

    ended = at_once(
        engine,
        lambda session: (
            settling.settle(
                session, session.get_one(Intent, (till.house.id, intent_id)), heard
            ).state
        ),
        times=3,
    )

    assert ended == [IntentState.SETTLED] * 3
    family.session.expire_all()
    assert family.stand() == [0, ASKED, COMING]
    assert till.clearing() == IN_HOUSE + ASKED + COMING


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_asks_for_all_rooms_waits_for_the_deposit_that_is_just_paid_alone(family, engine):
    till, session = family.till, family.session
    first = till.books(surname="First")
    alone = till.asks(minor=ASKED, reservation=first)

    def asks_for_all(other):
        booking = other.get_one(Reservation, (till.house.id, first.id))
        by = other.get_one(Staff, (till.house.chain_id, till.by.id))
        seen = booked_rooms.of(other, till.house, [booking])
        return web_payments.ask_for_rooms(other, booking, seen, language="en", by=by)

    with ThreadPoolExecutor(1) as guest, transaction(session):
        lock(session, alone)  # as who settles it does, the request before its room
        asked = guest.submit(at_once, engine, asks_for_all, times=1)
        wait_for_one_who_waits(engine)
        lock(session, first)
        asking.end(session, alone, RequestState.PAID)
    [refused] = asked.result(timeout=30)
    assert isinstance(refused, NotAsked)


def test_a_room_cancelled_while_its_guest_pays_keeps_its_part_and_the_desk_is_told(family):
    till = family.till
    intent = till.opens(family.asks())
    till.chooses(intent)
    with transaction(family.session):
        reservations.cancel(family.session, family.coming, reason="Ill", by=till.by)
        payments.pay(
            family.session, family.folio, amount=euros(IN_HOUSE), method=Method.CASH, by=till.by
        )
    till.pays(family.alone)

    till.reconciles()

    assert family.stand() == [-IN_HOUSE, 2 * ASKED, COMING]
    told = sorted(till.traced())
    assert [re.split(":| on folio", words)[0] for words in told] == [
        f"Booking {family.coming.number} is over, and was paid",
        "More was paid than is owed",
        f"Request {family.alone.number} had been paid alone",
    ]
    assert "€50.00 stand to the guest's credit" in told[0]
    assert family.in_order()


@SQLITE_ONLY
def test_what_is_paid_twice_or_dies_before_it_is_settled_is_ended_once(family):
    till, request = family.till, family.asks()
    first, second = till.opens(request), till.opens(request)
    till.chooses(first)
    till.chooses(second, "mastercard")

    till.reconciles()  # nobody came back from either page
    till.reconciles(after=timedelta(hours=3))

    assert family.stand() == [-IN_HOUSE, 2 * ASKED, 2 * COMING]
    assert len(till.traced()) == 3
    assert len({each.charge for each in family.payments()}) == 2
    assert family.in_order()


def test_one_rooms_part_is_given_back_and_then_all_that_is_left(family):
    till = family.till
    owes = [each for each in family.listed if each.folio_id is None]
    request = family.asks(owes)
    till.pays(request)
    asked, coming = family.payments()
    with pytest.raises(MoreThanLeft), transaction(family.session):
        intending.refund(family.session, coming, amount=euros(COMING + 1), reason="Ill",
                         reservation=family.coming, by=till.by)  # fmt: skip

    till.does(intending.refund, coming, amount=euros(2_000), reason="Ill",
              reservation=family.coming)  # fmt: skip
    by_room = [(each.given_back, each.left) for each in whole.by_room(family.session, request)]
    assert by_room == [(euros(0), euros(asked.amount)), (euros(2_000), euros(COMING - 2_000))]
    family.session.rollback()
    till.arrives(family.asked, "102")  # its part is on its folio by now
    with transaction(family.session):
        made = whole.refund(family.session, request, reason="Snow", by=till.by)
    assert [each.of_id for each in made] == [asked.id, coming.id]
    for intent in made:
        intents.carry_out(family.session, intent, till.gateways)

    assert family.stand() == [IN_HOUSE, 0, 0]
    assert till.clearing() == 0
    assert not whole.left(family.session, request)
    family.session.rollback()
    with pytest.raises(MoreThanLeft), transaction(family.session):
        whole.refund(family.session, request, reason="Snow", by=till.by)
    assert family.in_order()


@SQLITE_ONLY
def test_what_cannot_be_asked_of_rooms_together_is_refused(family):
    bill, asked, coming = family.listed
    stranger = family.till.books(surname="Stranger")
    with transaction(family.session):
        reservations.separate(family.session, family.coming, by=family.till.by)

    for refusal, owes in (
        (Invalid, []),
        (Invalid, [asked, asked]),
        (Invalid, [replace(asked, amount=euros(0))]),
        (Invalid, [replace(bill, reservation=family.asked)]),
        (NothingOwed, [replace(bill, amount=euros(IN_HOUSE + 1))]),
        (NobodyToAsk, [replace(bill, folio_id=None)]),
        (NotAsked, [replace(asked, reservation=family.here, stands_for=family.alone)]),
        (parts.OtherBooking, [coming]),
        (parts.OtherBooking, [replace(coming, reservation=stranger)]),
    ):
        with pytest.raises(refusal):
            family.asks(owes)
    with pytest.raises(Invalid, match="each room"):
        family.till.asks(Purpose.ROOMS, reservation=family.here)


def test_the_database_itself_keeps_the_sum_of_the_parts_and_each_part(family):
    till, request = family.till, family.asks()
    hotel_id = till.house.id
    single = {"hotel_id": hotel_id, "id": new_id(), "no": 1, "amount": 100,
              "reservation_id": family.coming.id, "window": 1}  # fmt: skip

    def refused(statement, rows=None, match="sum of its parts"):
        with pytest.raises(DBAPIError, match=match), transaction(family.session):
            family.session.execute(statement, rows)

    one_more = {**single, "id": new_id(), "no": 9, "request_id": request.id}
    with pytest.raises(DBAPIError, match="sum of its parts"), transaction(family.session):
        family.session.execute(sa.insert(PaymentPart), [one_more])
        intending.pay(family.session, request, words="All", consent=None, by=till.by)
    intent = till.pays(request)
    refused(sa.insert(PaymentPart), [one_more], "fixed before")
    refused(sa.insert(PaymentPart), [{**single, "request_id": family.alone.id}], "fixed before")
    refused(sa.update(PaymentPart).values(amount=PaymentPart.amount + 1), match="in ink")
    refused(sa.delete(PaymentPart), match="in ink")
    part = family.payments()[0]
    copy = {"hotel_id": hotel_id, "id": new_id(), "payment_id": part.payment_id, "amount": 100,
            "mode": Mode.PRACTICE, "charge": intent.payment}  # fmt: skip
    for object_id in ("pi_other/1", part.object_id):
        with pytest.raises(IntegrityError), transaction(family.session):
            family.session.execute(sa.insert(GatewayPayment), [{**copy, "object_id": object_id}])
