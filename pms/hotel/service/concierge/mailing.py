"""Mailing: a booking's voucher sent to its guest, each state of it once to each address."""

from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.refusal import Invalid, Refusal
from pms.hotel.house import logbook, outbox
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.outbox import Letter
from pms.hotel.house.staff import Staff
from pms.hotel.service.concierge.bookings import begin
from pms.hotel.service.concierge.refusals import WrongStep
from pms.hotel.service.concierge.tables import ActivityBooking


class MailedAlready(Refusal):
    def __init__(self, to: str) -> None:
        super().__init__(
            f"That voucher went to {to} already. Print it, or send it to another address.",
            field="to",
        )


@dataclass(frozen=True)
class Words:
    """A voucher as a letter: its subject, as text and as a page."""

    subject: str
    text: str
    html: str


def mail(session: Session, booking: ActivityBooking, words: Words, *, to: str, by: Staff) -> Letter:
    """Mail a voucher; refuses one that isn't live, no address, and what went there as it is."""
    to = to.strip()
    day = begin(session, booking, by=by)
    if not booking.is_live:
        raise WrongStep(booking, "it has no voucher any more")
    if not to:
        raise Invalid("Say where to. The guest gave no address.", field="to")
    hotel = session.get_one(Hotel, booking.hotel_id)
    key = f"voucher/{booking.id}/{booking.version}/{sha256(to.lower().encode()).hexdigest()[:16]}"
    if session.scalar(sa.select(Letter.id).filter_by(hotel_id=hotel.id, key=key)) is not None:
        raise MailedAlready(to)
    letter = outbox.write(
        session, hotel, key=key, to=to, subject=words.subject, text=words.text, html=words.html,
        by=by,
    )  # fmt: skip
    logbook.record(session, "mailed voucher", booking, by=by, day=day)
    return letter
