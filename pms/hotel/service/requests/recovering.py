"""Recovering: what a guest who was let down is given, what a service costs, and the follow-up."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock, new_id
from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios, ledger
from pms.hotel.books.folios import Folio
from pms.hotel.house import business_day, logbook, references
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.requests.entering import said
from pms.hotel.service.requests.refusals import NoBill, NothingToFollow, WrongStep
from pms.hotel.service.requests.tables import Recovery, Request, RequestRecovery
from pms.hotel.stays import adjusting, settlements
from pms.hotel.tariff.charges import ChargeCode


def take_off(
    session: Session,
    request: Request,
    *,
    code: ChargeCode,
    amount: Money,
    reason: str,
    key: str | None = None,
    by: Staff,
) -> RequestRecovery:
    """Take something off the party's bill for a request, as an adjustment.

    Why is the house's to know and stays with the request: an adjustment's reason is printed on
    the guest's invoice, in its language, and there it says which request it was for. Refuses a
    request that belongs to nobody, whoever may not adjust a bill, and more than the stay comes to.
    """
    reason, folio, day = _prepared(session, request, amount, reason, by=by)
    text = references.GOODWILL.format(number=request.number)
    entry = adjusting.adjust(session, folio, code=code, amount=-amount, reason=text, key=key, by=by)
    return _written(
        session, request, Recovery.ADJUSTMENT, amount, reason, folio, entry, by=by, day=day
    )


def charge(
    session: Session,
    request: Request,
    *,
    code: ChargeCode,
    amount: Money,
    reason: str,
    key: str | None = None,
    by: Staff,
) -> RequestRecovery:
    """Put what the service costs on the party's bill, by its routing."""
    reason, folio, day = _prepared(session, request, amount, reason, by=by)
    reference = references.REQUEST.format(number=request.number)
    entry = folios.charge(
        session, folio, code=code, amount=amount, reference=reference, key=key, by=by
    )
    return _written(session, request, Recovery.CHARGE, amount, reason, folio, entry, by=by, day=day)


def give(
    session: Session, request: Request, *, amount: Money, reason: str, by: Staff
) -> RequestRecovery:
    """Note a gift and what it cost the house; it stands on no bill."""
    require(by, Permission.REQUEST, request.hotel_id)
    reason = said(reason, field="reason")
    hotel = session.get_one(Hotel, request.hotel_id)
    if amount.minor < 0 or amount.currency != hotel.currency:
        raise Invalid(f"A gift costs 0 or more, in {hotel.currency}.", field="amount")
    day = business_day.hold(session, hotel)
    lock(session, request)
    return _written(session, request, Recovery.GIFT, amount, reason, None, None, by=by, day=day)


def _prepared(
    session: Session, request: Request, amount: Money, reason: str, *, by: Staff
) -> tuple[str, Folio, date]:
    require(by, Permission.REQUEST, request.hotel_id)
    kept = said(reason, field="reason")
    if amount.minor <= 0:
        raise Invalid("Say how much, above zero.", field="amount")
    day = business_day.hold(session, session.get_one(Hotel, request.hotel_id))
    lock(session, request)
    if request.reservation is None:
        raise NoBill(request)
    return kept, settlements.folio_of(session, request.reservation, by=by), day


def _written(
    session: Session,
    request: Request,
    kind: Recovery,
    amount: Money,
    reason: str,
    folio: Folio | None,
    entry: ledger.Entry | None,
    *,
    by: Staff,
    day: date,
) -> RequestRecovery:
    if entry is not None and folio is not None:
        folio = folios.of_entry(session, entry)[0]  # where its routing led
        amount = _on(session, folio, entry, amount.currency)
    there = entry and session.scalar(
        sa.select(RequestRecovery).where(
            RequestRecovery.hotel_id == request.hotel_id, RequestRecovery.entry_id == entry.id
        )
    )
    if there:
        return there  # the same key: it was pressed twice
    made = RequestRecovery(
        hotel_id=request.hotel_id,
        id=new_id(),
        request_id=request.id,
        kind=kind,
        amount=amount.minor,
        reason=reason,
        folio_id=folio.id if folio is not None else None,
        entry_id=entry.id if entry is not None else None,
        staff_id=by.id,
        at=clock.now(),
    )
    session.add(made)
    session.flush()
    logbook.record(
        session, "recovered", request, by=by, day=day, why=reason, kind=kind.value, amount=amount
    )
    return made


def _on(session: Session, folio: Folio, entry: ledger.Entry, currency: str) -> Money:
    """Return how much an entry put on a folio or took off it, taxes included."""
    accounts = [window.account_id for window in folio.windows]
    minor = session.scalar(
        sa.select(sa.func.sum(ledger.Line.amount)).where(
            ledger.Line.hotel_id == entry.hotel_id,
            ledger.Line.entry_id == entry.id,
            ledger.Line.account_id.in_(accounts),
        )
    )
    return Money(abs(int(minor or 0)), currency)


# --- complaints -----------------------------------------------------------------------------------


def explain(
    session: Session,
    request: Request,
    *,
    cause: str,
    follow_up_on: date | None = None,
    by: Staff,
) -> Request:
    """Say what caused a complaint, and on which day somebody asks whether all is well."""
    require(by, Permission.REQUEST, request.hotel_id)
    cause = said(cause, field="cause")
    day = business_day.hold(session, session.get_one(Hotel, request.hotel_id))
    lock(session, request)
    if not request.complaint:
        raise WrongStep(request, "and no complaint. Mark it as one first")
    if follow_up_on is not None and follow_up_on < day:
        raise Invalid("A follow-up is today or later.", field="follow_up_on")
    request.cause = cause
    if follow_up_on != request.follow_up_on:
        request.follow_up_on, request.followed_up_at = follow_up_on, None
        request.follow_up_words = None
    request.version += 1
    session.flush()
    logbook.record(
        session, "explained", request, by=by, day=day, why=cause, follow_up_on=follow_up_on
    )
    return request


def complain(session: Session, request: Request, *, by: Staff) -> Request:
    """Mark a request as a complaint: it then wants its cause, and may be followed up."""
    require(by, Permission.REQUEST, request.hotel_id)
    day = business_day.hold(session, session.get_one(Hotel, request.hotel_id))
    lock(session, request)
    if request.complaint:
        raise WrongStep(request, "and a complaint already")
    if not request.is_open:
        raise WrongStep(request, "reopen it first")
    request.complaint = True
    request.version += 1
    session.flush()
    logbook.record(session, "marked as complaint", request, by=by, day=day)
    return request


def follow_up(session: Session, request: Request, *, words: str, by: Staff) -> Request:
    """Note how the guest was when somebody asked again."""
    require(by, Permission.REQUEST, request.hotel_id)
    words = said(words, field="words")
    day = business_day.hold(session, session.get_one(Hotel, request.hotel_id))
    lock(session, request)
    if request.follow_up_on is None or request.followed_up_at is not None:
        raise NothingToFollow(request)
    request.followed_up_at, request.follow_up_words = clock.now(), words
    request.version += 1
    session.flush()
    logbook.record(session, "followed up", request, by=by, day=day, why=words)
    return request
