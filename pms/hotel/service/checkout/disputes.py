"""Disputes: payments whose card's owner goes to the bank; the gateway takes the money meanwhile.

It moves from the gateway's clearing account to one of its own: back when the dispute is won, also
on appeal, and into the day's losses when it is lost. The guest's credit goes along. The desk
is told when one comes and when it is decided. What the gateway asks for its trouble comes off the
payout, with its other fees.
"""

import enum
from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from pms.base.db import Base, OfHotel, choice, lock, new_id, within_hotel
from pms.base.gateway import Disputed
from pms.base.money import Money
from pms.hotel.books import ledger, reserving
from pms.hotel.books.folios import FolioWindow
from pms.hotel.books.papers import Paper
from pms.hotel.books.payments import Payment, online
from pms.hotel.books.payments.online import GATEWAY, GatewayPayment
from pms.hotel.books.reserving import CreditReserve
from pms.hotel.house import business_day, logbook, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.checkout import disputed_credit
from pms.hotel.service.checkout.disputed_credit import LOST
from pms.hotel.service.checkout.homes import tell_desk
from pms.hotel.stays.reservations import Reservation

SHOWN = 200
DISPUTED = ledger.Wanted(ledger.Ledger.CLEARING, "clearing/disputed", "Disputed payments")


class DisputeState(enum.StrEnum):
    """How a dispute stands, as far as the books mind."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


# What Stripe says by now (its `Dispute.status`); of what it says no end of, the bank decides yet:
# `needs_response`, `under_review`, and the same of an appeal. A status that is younger than this
# list goes by the money, as a prevented dispute does: was it taken, and not put back.
ENDS = {"won": DisputeState.WON, "warning_closed": DisputeState.WON, "lost": DisputeState.LOST}
UNDECIDED = frozenset(
    {
        "needs_response",
        "under_review",
        "appeal_needs_response",
        "appeal_under_review",
        "warning_needs_response",
        "warning_under_review",
    }
)
_APPEAL = "appeal_needs_response"
PREVENTED = frozenset({"prevented", "charge_refunded"})  # the latter was said formerly
# What may follow: who appeals may win after all; an older word that comes late changes nothing.
_AFTER = {
    DisputeState.OPEN: {DisputeState.WON, DisputeState.LOST},
    DisputeState.LOST: {DisputeState.WON},
    DisputeState.WON: set[DisputeState](),
}
_ASKED, _KEPT_OFF, _APPEALS = (
    "was asked about by a bank", "was spared a dispute", "may be appealed for"
)  # fmt: skip
_WHERE = "Answer in the gateway's own pages"


class Dispute(OfHotel, Base):
    """A payment whose card's owner disputes it, in part or whole."""

    __tablename__ = "disputes"
    __table_args__ = (
        within_hotel("of_id", "gateway_payments"),
        sa.UniqueConstraint("hotel_id", "object_id"),
        sa.CheckConstraint("amount > 0", name="of_something"),
        sa.CheckConstraint("(state = 'open') = (ended_on IS NULL)", name="ends_once"),
    )

    of_id: Mapped[int]
    object_id: Mapped[str] = mapped_column(sa.String(255))
    amount: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.String(80))
    state: Mapped[DisputeState] = mapped_column(choice(DisputeState))
    opened_on: Mapped[date]
    answer_by: Mapped[datetime | None]
    ended_on: Mapped[date | None]

    of: Mapped[GatewayPayment] = relationship(viewonly=True)


def hear(session: Session, hotel: Hotel, said: Disputed, *, by: Staff) -> Dispute | None:
    """Book what is heard of a dispute, once; None where it isn't about a payment of ours.

    Nor is one booked that takes no money: an inquiry, which the desk is told to answer, and a
    dispute that was prevented, as somebody gave the money back before: that is a refund.
    """
    require(by, Permission.PAY, hotel.id)
    day = business_day.hold(session, hotel)
    paid = online.of_charge(session, hotel, said.payment) if said.payment else ()
    if not paid or said.amount.currency != hotel.currency:
        return None
    of = lock(session, paid[0])
    found = session.scalar(
        sa.select(Dispute).where(Dispute.hotel_id == hotel.id, Dispute.object_id == said.object_id)
    )
    if found is None and not _moves_money(said):
        _tell_of_none(session, hotel, of, said)
        return None
    if found is None:
        found = _open(session, hotel, of, said, day, by=by)
        disputed_credit.keep_back(session, hotel, found.id, list(paid), found.amount)
    end = _end(said)
    if end in _AFTER[found.state]:
        _close(session, hotel, found, end, day, by=by)
    if said.status == _APPEAL:
        words = f"The bank decided against the house about {said.amount.said} paid online"
        _tell_once(session, hotel, of, said, _APPEALS, f"{words}: it may appeal{_until(said)}")
    return found


def _end(said: Disputed) -> DisputeState:
    """Return how a dispute stands by now."""
    if said.status in UNDECIDED:
        return DisputeState.OPEN
    by_money = DisputeState.OPEN
    if said.status in PREVENTED:
        by_money = DisputeState.LOST
    return ENDS.get(said.status, by_money if said.is_taken else DisputeState.WON)


def _moves_money(said: Disputed) -> bool:
    """Tell whether a dispute that isn't booked is to be: Stripe's older ones are, by their word."""
    is_known = said.status in {*ENDS, *UNDECIDED}
    return said.is_taken or (is_known and not said.status.startswith("warning_"))


def _tell_of_none(session: Session, hotel: Hotel, of: GatewayPayment, said: Disputed) -> None:
    """Tell the desk, once, of what moves no money: a bank that asks, a dispute that was spared."""
    if said.status == "warning_needs_response":
        words = f"The bank asks about {said.amount.said} paid online{_until(said)}"
        _tell_once(session, hotel, of, said, _ASKED, words)
    elif said.status in PREVENTED:
        words = f"A dispute about {said.amount.said} paid online was prevented: no money was taken"
        words = f"{words} by it. What was given back instead is booked as a refund"
        _tell_once(session, hotel, of, said, _KEPT_OFF, words, where="")


def _tell_once(
    session: Session,
    hotel: Hotel,
    of: GatewayPayment,
    said: Disputed,
    verb: str,
    words: str,
    *,
    where: str = f". {_WHERE}",
) -> None:
    told = {(line.verb, (line.after or {}).get("dispute")) for line in logbook.history(session, of)}
    if (verb, said.object_id) not in told:
        day, by = business_day.today(session, hotel), staff.the_house(session, hotel)
        logbook.record(session, verb, of, by=by, day=day, dispute=said.object_id)
        tell_desk(session, hotel, f"{words}{where}", _whose(session, of))


def _until(said: Disputed) -> str:
    return f", answer by {said.answer_by:%d %b %Y}" if said.answer_by else ""


def _open(
    session: Session, hotel: Hotel, of: GatewayPayment, said: Disputed, day: date, *, by: Staff
) -> Dispute:
    made = Dispute(
        hotel_id=hotel.id,
        id=new_id(),
        of_id=of.id,
        object_id=said.object_id,
        amount=said.amount.minor,
        reason=said.reason.replace("_", " ")[:80],
        state=DisputeState.OPEN,
        opened_on=day,
        answer_by=said.answer_by,
    )
    session.add(made)
    session.flush()
    _move(session, hotel, made, "opened", debit=DISPUTED, credit=GATEWAY, day=day, by=by)
    words = f"{said.amount.said} paid online are disputed: {made.reason}"
    tell_desk(session, hotel, f"{words}{_until(said)}. {_WHERE}", _whose(session, of))
    return made


def _close(
    session: Session, hotel: Hotel, dispute: Dispute, end: DisputeState, day: date, *, by: Staff
) -> None:
    stood = DISPUTED if dispute.state is DisputeState.OPEN else LOST
    dispute.state, dispute.ended_on = end, day
    session.flush()
    to = GATEWAY if end is DisputeState.WON else LOST
    _move(session, hotel, dispute, end.value, debit=to, credit=stood, day=day, by=by)
    issued: Sequence[Paper] = ()
    if end is DisputeState.WON:
        named = dispute.object_id
        issued = disputed_credit.free(session, hotel, dispute.id, named, day=day, by=by)
    else:
        disputed_credit.take_off(session, hotel, dispute.id, dispute.object_id, day=day, by=by)
    of = session.get_one(GatewayPayment, (hotel.id, dispute.of_id))
    amount = Money(dispute.amount, hotel.currency)
    words = f"The dispute about {amount.said} is {end.value}"
    if issued:
        labels = ", ".join(paper.label for paper in issued)
        words += f". The deposit is invoiced anew, as {labels}: hand it to the guest"
    tell_desk(session, hotel, words, _whose(session, of))


def _move(
    session: Session,
    hotel: Hotel,
    dispute: Dispute,
    verb: str,
    *,
    debit: ledger.Wanted,
    credit: ledger.Wanted,
    day: date,
    by: Staff,
) -> None:
    there = ledger.accounts(session, hotel, [debit, credit])
    draft = ledger.Draft(
        kind=ledger.Kind.TRANSFER,
        key=f"{reserving.DISPUTED}{dispute.object_id}/{verb}",
        text=f"Dispute {verb}: {dispute.reason}",
        reference=dispute.object_id,
        lines=(
            ledger.Side(there[debit.code], dispute.amount),
            ledger.Side(there[credit.code], -dispute.amount),
        ),
    )
    ledger.post(session, hotel, [draft], day=day, by=by)
    amount = Money(dispute.amount, hotel.currency)
    logbook.record(session, f"dispute {verb}", dispute, by=by, day=day, amount=amount)


def _whose(session: Session, of: GatewayPayment) -> Reservation | None:
    """Return the reservation whose deposit or folio a payment was for."""
    entry = session.get_one(ledger.Entry, (of.hotel_id, of.payment.entry_id))
    if entry.subject_id is not None:
        return session.get(Reservation, (of.hotel_id, entry.subject_id))
    return None


def of_party(session: Session, reservation: Reservation) -> Sequence[Dispute]:
    """Return the disputes about what a party paid, on its deposit or its folio, that aren't won."""
    code = f"deposit/{reservation.number}"
    accounts = sa.union(
        sa.select(ledger.Account.id).where(
            ledger.Account.hotel_id == reservation.hotel_id, ledger.Account.code == code
        ),
        sa.select(FolioWindow.account_id).where(
            FolioWindow.hotel_id == reservation.hotel_id,
            FolioWindow.folio_id == reservation.folio_id,
        ),
    )
    kept = sa.select(CreditReserve.dispute_id).where(
        CreditReserve.hotel_id == reservation.hotel_id,
        CreditReserve.account_id.in_(accounts),
        CreditReserve.dispute_id.is_not(None),
    )
    paid = (
        sa.select(GatewayPayment.id)
        .join(
            Payment,
            sa.and_(
                Payment.hotel_id == GatewayPayment.hotel_id,
                Payment.id == GatewayPayment.payment_id,
            ),
        )
        .where(Payment.hotel_id == reservation.hotel_id, Payment.account_id.in_(accounts))
    )
    return session.scalars(
        sa.select(Dispute)
        .where(
            Dispute.hotel_id == reservation.hotel_id,
            Dispute.state != DisputeState.WON,
            sa.or_(Dispute.id.in_(kept), Dispute.of_id.in_(paid)),
        )
        .order_by(Dispute.id.desc())
        .limit(SHOWN)
    ).all()


def parties(
    session: Session, hotel: Hotel, some: Sequence[Dispute]
) -> dict[int, tuple[int, int, str]]:
    """Return whose deposits disputes are about: id, number and name of the party, by dispute."""
    rows = session.execute(
        sa.select(Dispute.id, Reservation)
        .join(
            GatewayPayment,
            sa.and_(
                GatewayPayment.hotel_id == Dispute.hotel_id, GatewayPayment.id == Dispute.of_id
            ),
        )
        .join(
            Payment,
            sa.and_(
                Payment.hotel_id == GatewayPayment.hotel_id,
                Payment.id == GatewayPayment.payment_id,
            ),
        )
        .join(
            ledger.Entry,
            sa.and_(ledger.Entry.hotel_id == Payment.hotel_id, ledger.Entry.id == Payment.entry_id),
        )
        .join(
            Reservation,
            sa.and_(
                Reservation.hotel_id == ledger.Entry.hotel_id,
                Reservation.id == ledger.Entry.subject_id,
            ),
        )
        .options(joinedload(Reservation.guest))
        .where(Dispute.hotel_id == hotel.id, Dispute.id.in_([each.id for each in some]))
    )
    return {row[0]: (row[1].id, row[1].number, row[1].guest.name) for row in rows}


def open_ids(session: Session, hotel: Hotel) -> Sequence[str]:
    """Return the gateway's ids of the disputes that are open here, oldest first."""
    return session.scalars(
        sa.select(Dispute.object_id)
        .where(Dispute.hotel_id == hotel.id, Dispute.state == DisputeState.OPEN)
        .order_by(Dispute.id)
        .limit(SHOWN)
    ).all()


def with_news(session: Session, hotel: Hotel, said: Sequence[Disputed]) -> list[Disputed]:
    """Return those of these disputes that aren't booked, or not as they stand by now."""
    rows = session.execute(
        sa.select(Dispute.object_id, Dispute.state).where(
            Dispute.hotel_id == hotel.id, Dispute.object_id.in_([each.object_id for each in said])
        )
    )
    stands = {row.object_id: row.state for row in rows}
    return [
        each
        for each in said
        if each.object_id not in stands
        or _end(each) in _AFTER[stands[each.object_id]]
        or each.status == _APPEAL
    ]


def listed(session: Session, hotel: Hotel) -> Sequence[Dispute]:
    """Return a hotel's disputes, open ones first, the newest first."""
    return session.scalars(
        sa.select(Dispute)
        .options(joinedload(Dispute.of).joinedload(GatewayPayment.payment))
        .where(Dispute.hotel_id == hotel.id)
        .order_by(Dispute.ended_on.is_not(None), Dispute.id.desc())
        .limit(SHOWN)
    ).all()
