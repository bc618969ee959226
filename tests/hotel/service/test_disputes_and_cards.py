"""What banks do: disputes with their fees, cards that need their guest, limits, lost answers."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from pms.base import clock
from pms.base.db import transaction
from pms.base.gateway import GUEST_NEEDED, GatewayAway, Mode
from pms.hotel.books import cashiers, folios, papers, payments
from pms.hotel.books.ledger import Entry
from pms.hotel.books.papers import Paper, PaperKind, issuers, numbering
from pms.hotel.books.payments import CreditDisputed, Method, MoreThanOwed
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.close import verify
from pms.hotel.service import checkout
from pms.hotel.service.checkout import (
    HoldState,
    IntentState,
    Purpose,
    disputes,
    following,
    holding,
    intending,
    modes,
    payouts,
)
from pms.hotel.service.checkout.disputes import DisputeState
from pms.hotel.service.checkout.refusals import AnotherAccount, MoreThanAgreed
from pms.hotel.stays import fees, reservations, settlements, stays
from pms.hotel.stays.reservations import Guarantee, Wanted
from tests import make, prepaid
from tests.hotel.service.paying import Till, euros
from tests.hotel.stays.test_fees import under
from tests.web.conftest import SQLITE_ONLY

FEE = 1_500  # what a dispute costs at the practice gateway


@pytest.fixture
def till(session):
    till = Till(session)
    yield till
    till.practice.store.close()


def told(till):
    """The worker hears all the news there is."""
    for event in till.news():
        till.hears(event)
    till.works()


def bill(till, booked):
    """A party's folio."""
    with transaction(till.session):
        return settlements.folio_of(till.session, booked, by=till.by)


def paid_out(till):
    """The gateway pays out, the house books it; what the clearing account is made of."""
    till.stripe.pay_out()
    following.fetch_payouts(till.session, till.house, till.gateways)
    owed = payouts.owed(till.session, till.house)
    assert owed.adds_up
    assert payouts.unexplained(till.session, till.house) == []
    till.session.rollback()
    return owed


# --- disputes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", [["won"], ["lost"], ["lost", "won"]], ids="-".join)
@SQLITE_ONLY
def test_a_dispute_its_fee_and_its_end_are_in_the_payouts(till, ends):
    paid = till.pays(till.asks(reservation=till.books()))
    paid_out(till)
    sales_fee = till.clearing("clearing/stripe-fees")
    opened = till.stripe.open_dispute(paid.payment)
    told(till)
    assert till.clearing() == -12_000  # the gateway took back what it had paid out

    assert paid_out(till).clearing == euros(0)
    for end in ends:
        till.stripe.close_dispute(opened["id"], won=end == "won")
        told(till)
    if ends[-1] == "won":
        assert till.clearing() == 12_000
        paid_out(till)

    [dispute] = disputes.listed(till.session, till.house)
    lost = ends[-1] == "lost"
    assert dispute.state is (DisputeState.LOST if lost else DisputeState.WON)
    assert till.clearing("revenue/miscellaneous/disputed") == 0  # it was a deposit, still held
    assert (till.clearing(), till.clearing("clearing/disputed")) == (0, 0)
    assert till.clearing("clearing/stripe-fees") == sales_fee + FEE
    assert len(till.traced()) == 1 + len(ends)
    assert [check.name for check in verify.checks(till.session, till.house) if not check.ok] == []


def test_what_is_disputed_of_a_deposit_is_neither_given_back_nor_used_twice(till):
    booked = till.books()
    paid = till.pays(till.asks(reservation=booked, minor=7_777))
    opened = till.stripe.open_dispute(paid.payment, 7_000)
    told(till)

    def gives_back(minor):
        with transaction(till.session):
            settlements.return_deposit(
                till.session, booked, amount=euros(minor), method=Method.TRANSFER, reason="asked",
                by=till.by,
            )  # fmt: skip

    with pytest.raises(CreditDisputed, match=r"The guest disputes €70\.00 of what was paid"):
        gives_back(778)
    till.arrives(booked)
    assert till.held(booked) == 7_000  # the rest is on the bill
    with transaction(till.session):
        stays.undo_check_in(
            till.session, stays.of(till.session, booked), reason="Wrong party", by=till.by
        )
    till.stripe.close_dispute(opened["id"], won=False)
    told(till)
    assert till.held(booked) == 777
    with pytest.raises(MoreThanOwed):
        gives_back(778)
    gives_back(777)
    assert booked.guarantee is Guarantee.NONE
    till.stripe.close_dispute(opened["id"], won=True)  # on appeal
    told(till)

    assert till.held(booked) == 7_000
    assert booked.guarantee is Guarantee.DEPOSIT
    assert [check.name for check in verify.checks(till.session, till.house) if not check.ok] == []
    gives_back(7_000)


@SQLITE_ONLY
def test_before_an_inquiry_no_money_moves_and_the_desk_is_told(till):
    paid = till.pays(till.asks(reservation=till.books()))

    asked = till.stripe.open_dispute(paid.payment, inquiry=True)
    told(till)

    assert disputes.listed(till.session, till.house) == []
    assert till.clearing() == 12_000
    [trace] = till.traced()
    assert trace.startswith("The bank asks about €120.00 paid online, answer by")
    till.stripe.dispute_after_inquiry(asked["id"])
    told(till)
    assert (till.clearing(), till.clearing("clearing/disputed")) == (0, 12_000)
    assert paid_out(till).clearing == euros(0)


@SQLITE_ONLY
def test_what_is_used_up_of_a_disputed_payment_is_the_houses_loss(till):
    booked = till.books()
    paid = till.pays(till.asks(reservation=booked, minor=7_000))
    till.arrives(booked)
    folio = till.charges(booked, 4_000)
    opened = till.stripe.open_dispute(paid.payment)
    told(till)
    with pytest.raises(CreditDisputed), transaction(till.session):
        payments.refund(
            till.session, folio, window=1, amount=euros(3_000), method=Method.CASH, reason="over",
            by=till.by,
        )  # fmt: skip
    assert till.owes(folio) == -3_000

    till.stripe.close_dispute(opened["id"], won=False)
    told(till)

    taken = till.session.scalars(sa.select(Entry).where(Entry.key.contains("/credit/"))).one()
    with pytest.raises(folios.TakenByBank), transaction(till.session):
        folios.void(till.session, taken, reason="A friend asks", by=till.by)
    assert till.owes(folio) == 0
    assert till.clearing("revenue/miscellaneous/disputed") == 4_000
    assert [check.name for check in verify.checks(till.session, till.house) if not check.ok] == []


@SQLITE_ONLY
def test_a_deposit_won_on_appeal_is_invoiced_anew_and_credited_once(session):
    with transaction(session):
        house = prepaid.house(session)
    till = Till(session, house=house)
    booked = till.books()
    paid = till.pays(till.asks(minor=10_400, reservation=booked))
    of = session.get_one(GatewayPayment, (house.id, paid.gateway_payment_id))
    with transaction(session):
        first = prepaid.deposit_invoice(session, of.payment)
    opened = till.stripe.open_dispute(paid.payment, 5_200)

    def decided(won):
        till.stripe.close_dispute(opened["id"], won=won)
        told(till)

    decided(won=False)
    [note] = papers.notes_of(session, first)
    assert (note.gross, prepaid.open_tax(session, house)) == (5_200, 327)
    session.rollback()
    decided(won=True)

    label = papers.of_payments(session, house, [of.payment_id])[of.payment_id][1]
    anew = papers.by_number(session, house, label)
    assert anew.id != first.id
    assert anew.kind is PaperKind.DEPOSIT_INVOICE
    assert (anew.gross, anew.tax, anew.paid) == (5_200, 327, 5_200)
    assert anew.data["buyer"] == first.data["buyer"]
    assert prepaid.open_tax(session, house) == 654
    assert f"The deposit is invoiced anew, as {label}: hand it to the guest" in till.traced()[-1]
    assert prepaid.wrong(session, house) == []
    with pytest.raises(papers.PaperedAlready, match=label), transaction(session):
        prepaid.deposit_invoice(session, of.payment)
    with pytest.raises(DBAPIError, match="no more is invoiced of a deposit"), transaction(session):
        the_same_again(session, house, anew)

    with transaction(session):
        settlements.return_deposit(
            session, booked, amount=euros(7_800), method=Method.TRANSFER, reason="Ill", by=till.by
        )
    notes = [papers.notes_of(session, paper) for paper in (first, anew)]
    credited = [sum(note.gross for note in some) for some in notes]
    assert credited == [10_400, 2_600]  # the older one's rest, then of the other
    assert prepaid.wrong(session, house) == []
    till.practice.store.close()


@pytest.mark.parametrize(("first", "then"), [(2, 1), (1, 2)])
def test_a_stay_that_changed_under_a_dispute_is_invoiced_as_it_is_now(session, first, then):
    """One night is 104.00, two are 208.00; that much was paid before."""
    with transaction(session):
        house = prepaid.house(session)
    till = Till(session, house=house)
    booked = till.books(nights=first)
    paid = till.pays(till.asks(minor=20_800, reservation=booked))
    of = session.get_one(GatewayPayment, (house.id, paid.gateway_payment_id))
    with transaction(session):
        prepaid.deposit_invoice(session, of.payment)

    def stays(count):
        departure = booked.arrival + timedelta(days=count)
        with transaction(session):
            reservations.amend(session, booked, Wanted(departure=departure), by=till.by)
            settlements.price_changed(session, booked, by=till.by)

    if then > first:
        stays(then)
    opened = till.stripe.open_dispute(paid.payment, 20_800)
    till.stripe.close_dispute(opened["id"], won=False)
    told(till)
    if then < first:
        stays(then)
    till.stripe.close_dispute(opened["id"], won=True)
    told(till)

    issued = sa.select(Paper).where(Paper.kind == PaperKind.DEPOSIT_INVOICE)
    some = session.scalars(issued).all()
    notes = [note for paper in some for note in papers.notes_of(session, paper)]
    shown = sum(paper.tax for paper in some) - sum(note.tax for note in notes)
    assert shown == prepaid.open_tax(session, house) == 654 * then
    assert prepaid.wrong(session, house) == []
    till.practice.store.close()


def the_same_again(session, house, paper):
    """A deposit's invoice once more, issued past the verb that refuses."""
    numbering.issued(
        session, house, issuers.of(session, house), paper.kind, paper.data,
        day=house.business_date, by=make.by(session, house), payment_id=paper.payment_id,
    )  # fmt: skip


# --- cards ----------------------------------------------------------------------------------------


@SQLITE_ONLY
@pytest.mark.parametrize("card", ["visa", "secure"])
def test_a_no_shows_fee_is_charged_within_the_terms_or_its_guest_is_needed(till, card):
    with transaction(till.session):
        under(till.session, till.house)
    booked = till.books(guarantee=Guarantee.CARD)
    kept = till.keeps(booked, card)
    with transaction(till.session):
        fees.no_show(till.session, booked, by=till.by)
    fee = till.owes(bill(till, booked))
    with pytest.raises(MoreThanAgreed):
        till.does(intending.charge, kept, amount=euros(fee + 1), reason="No-show")

    charged = till.does(intending.charge, kept, amount=euros(fee), reason="No-show")

    if card == "visa":
        assert (charged.state, till.owes(bill(till, booked))) == (IntentState.SETTLED, 0)
        return
    assert (charged.state, charged.refused) == (IntentState.FAILED, GUEST_NEEDED)
    assert "they agree with their bank there" in till.traced()[-1]
    folio = bill(till, booked)
    till.pays(till.asks(Purpose.BALANCE, fee, folio=folio), "secure")
    assert till.owes(folio) == 0


@SQLITE_ONLY
def test_a_charge_that_is_limited_or_whose_answer_is_lost_is_made_once(till):
    booked = till.books()
    card = till.keeps(booked)
    till.arrives(booked)
    folio = till.charges(booked)
    for lever in ("limited", "lose_replies"):
        setattr(till.practice, lever, 1)
        with pytest.raises(GatewayAway):
            till.does(intending.charge, card, amount=euros(6_000), reason="Bar")
        assert till.intents()[-1].state is IntentState.INTENDED
        till.reconciles()

    assert (till.owes(folio), till.clearing()) == (0, 12_000)
    assert len(till.practice.store.all(till.house.code, "charge")) == 2


@SQLITE_ONLY
def test_a_hold_is_renewed_then_taken_in_part(till):
    booked = till.books(nights=20)
    hold = till.holds(booked)
    soon = hold.capture_before - timedelta(hours=3)
    till.session.rollback()
    with clock.set_to(soon):
        till.reconciles(after=timedelta(0))
        [fresh, _] = holding.of_reservation(till.session, booked)
        till.does(intending.capture, fresh, amount=euros(4_000))
        till.session.refresh(fresh)

    assert (fresh.state, fresh.captured, till.clearing()) == (HoldState.CAPTURED, 4_000, 4_000)


@SQLITE_ONLY
def test_what_came_online_stands_apart_from_the_terminals_slips_of_a_shift(till):
    booked = till.books()
    hold = till.holds(booked)
    with transaction(till.session):
        shift = cashiers.open_shift(till.session, till.house, opening_float=euros(0), by=till.by)
    folio = till.charges(booked, 300)
    with transaction(till.session):
        payments.pay(
            till.session, folio, amount=euros(300), method=Method.CARD, card=make.slip(), by=till.by
        )
    till.does(intending.capture, hold, amount=euros(4_000))

    taken = payments.beside_cash(till.session, shift)

    assert [(each.way, each.count, each.amount) for each in taken] == [
        ("Visa", 1, 300),
        ("Online, Visa", 1, 4_000),
    ]


# --- keys -----------------------------------------------------------------------------------------


@SQLITE_ONLY
def test_keys_of_another_account_are_asked_nothing_while_something_is_open(till):
    own = till.gateways(till.house.code, Mode.PRACTICE)
    with transaction(till.session):
        modes.own_account(till.session, till.house, own.account(), by=till.by)
    hold = till.holds(till.books())
    right, till.gateways = till.gateways, lambda _, mode: right("OTHER", mode)

    with pytest.raises(AnotherAccount):
        till.does(intending.capture, hold)
    till.reconciles()
    with pytest.raises(AnotherAccount):
        following.fetch_payouts(till.session, till.house, till.gateways)

    assert till.intents()[-1].state is IntentState.INTENDED
    till.gateways = right
    till.reconciles(after=timedelta(minutes=10))
    assert (till.intents()[-1].state, till.clearing()) == (IntentState.SETTLED, 20_000)
    with transaction(till.session):
        checkout.set_mode(till.session, till.house, None, by=till.by)
