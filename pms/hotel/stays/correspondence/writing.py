"""Writing: letters mailed, printed and resent, each once unless it is meant."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import lock, new_id
from pms.base.refusal import Invalid
from pms.hotel.house import business_day, logbook, outbox
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.jobs import Job, JobState
from pms.hotel.house.letterheads import LANGUAGES
from pms.hotel.house.outbox import Letter
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays.correspondence.refusals import (
    NoAddress,
    NothingToTell,
    NotMail,
    ToldBeforeArrival,
    WrittenAlready,
    WrittenMeanwhile,
)
from pms.hotel.stays.correspondence.tables import ReservationLetter, Standing, Tells, Way
from pms.hotel.stays.reservations.promise import Reservation, State

SHOWN = 30
_ITS_MAIL = sa.and_(
    Letter.hotel_id == ReservationLetter.hotel_id, Letter.id == ReservationLetter.letter_id
)
_SENDS_IT = sa.and_(
    Job.hotel_id == Letter.hotel_id,
    Job.key == sa.literal(f"{outbox.JOB}/").concat(sa.cast(Letter.id, sa.String)),
)


@dataclass(frozen=True)
class LetterWords:
    """A letter in words: what it tells, in which language, as text and as a page."""

    tells: Tells
    language: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Written:
    """A letter of a reservation with where it is; `why` is what the mail server said."""

    letter: ReservationLetter
    to: str | None
    subject: str | None
    standing: Standing
    sent_at: datetime | None
    why: str | None


def fitting(reservation: Reservation, *, written: bool = False) -> Tells:
    """Return what is to be told of a reservation as it stands; a change, once it was confirmed."""
    if reservation.state is State.CANCELLED:
        return Tells.CANCELLATION
    return Tells.CHANGE if written else Tells.CONFIRMATION


def mail(
    session: Session,
    reservation: Reservation,
    paper: LetterWords,
    *,
    to: str | None = None,
    after: int | None = None,
    by: Staff,
) -> ReservationLetter:
    """Mail a letter to the guest, or to the address given; it leaves after the commit.

    `after` is the last letter's number that the page showed (0 for none). Refuses a booking that
    gives nothing to tell, no address or one that can't be, the same words to the same address,
    and a letter written since the page was made; and the letter before the arrival twice.
    """
    hotel, last = _begin(session, reservation, paper, after=after, by=by)
    address = (to or reservation.guest.email or "").strip()
    if not address:
        raise NoAddress(reservation.guest.name)
    if paper.tells is Tells.BEFORE_ARRIVAL and _told_before_arrival(session, reservation):
        raise ToldBeforeArrival
    digest = _digest(paper)
    if _went(session, reservation, digest, address):
        raise WrittenAlready(address)
    return _mail(session, hotel, reservation, paper, no=last + 1, to=address, by=by)


def print_(
    session: Session,
    reservation: Reservation,
    paper: LetterWords,
    *,
    after: int | None = None,
    by: Staff,
) -> ReservationLetter:
    """Keep a letter that is printed, as it was printed; refuses what `mail` refuses of a booking.

    The same paper printed again is the one that is kept.
    """
    hotel, last = _begin(session, reservation, paper, after=after, by=by)
    newest = _newest(session, reservation)
    digest = _digest(paper)
    if newest is not None and newest.way is Way.PRINT and newest.digest == digest:
        return newest
    return _keep(session, hotel, reservation, paper, no=last + 1, html=paper.html, by=by)


def resend(
    session: Session, letter: ReservationLetter, *, after: int | None = None, by: Staff
) -> ReservationLetter:
    """Send a mailed letter once more, the same words to the same address.

    Refuses a printed one, and a second press of the same page.
    """
    reservation = session.get_one(Reservation, (letter.hotel_id, letter.reservation_id))
    require(by, Permission.RESERVE, letter.hotel_id)
    hotel = session.get_one(Hotel, letter.hotel_id)
    business_day.hold(session, hotel)
    last = _last_no(session, reservation, after)
    if letter.letter_id is None:
        raise NotMail
    first = session.get_one(Letter, (letter.hotel_id, letter.letter_id))
    paper = LetterWords(letter.tells, letter.language, first.subject, first.text, first.html or "")
    return _mail(
        session, hotel, reservation, paper, no=last + 1, to=first.to, repeats=letter.no, by=by
    )


def of(session: Session, reservation: Reservation, *, limit: int = SHOWN) -> list[Written]:
    """Return a reservation's letters with where each is, the newest first: one question."""
    rows = session.execute(
        sa.select(ReservationLetter, Letter, Job)
        .outerjoin(Letter, _ITS_MAIL)
        .outerjoin(Job, _SENDS_IT)
        .where(
            ReservationLetter.hotel_id == reservation.hotel_id,
            ReservationLetter.reservation_id == reservation.id,
        )
        .order_by(ReservationLetter.no.desc())
        .limit(limit)
    )
    return [_written(kept, letter, job) for kept, letter, job in rows]


def _written(kept: ReservationLetter, letter: Letter | None, job: Job | None) -> Written:
    if letter is None:
        return Written(kept, None, None, Standing.PRINTED, kept.written_at, None)
    standing = Standing.SENT if letter.sent_at else Standing.QUEUED
    if standing is Standing.QUEUED and job is not None and job.state is JobState.FAILED:
        standing = Standing.FAILED
    why = job.error if job is not None and standing is not Standing.SENT else None
    return Written(kept, letter.to, letter.subject, standing, letter.sent_at, why)


def _begin(
    session: Session, reservation: Reservation, paper: LetterWords, *, after: int | None, by: Staff
) -> tuple[Hotel, int]:
    """Refuse what can't be told, and return the hotel and the last letter's number."""
    require(by, Permission.RESERVE, reservation.hotel_id)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    business_day.hold(session, hotel)
    last = _last_no(session, reservation, after)
    if paper.language not in LANGUAGES:
        raise Invalid("Letters aren't written in that language.", field="language")
    cancelled = reservation.state is State.CANCELLED
    stands = reservation.state in {State.BOOKED, State.IN_HOUSE}
    if paper.tells is Tells.BEFORE_ARRIVAL:
        stands = reservation.state is State.BOOKED
    if not (cancelled if paper.tells is Tells.CANCELLATION else stands):
        raise NothingToTell(paper.tells, reservation)
    return hotel, last


def _last_no(session: Session, reservation: Reservation, after: int | None) -> int:
    lock(session, reservation)
    last = session.scalar(
        sa.select(sa.func.coalesce(sa.func.max(ReservationLetter.no), 0)).where(
            ReservationLetter.hotel_id == reservation.hotel_id,
            ReservationLetter.reservation_id == reservation.id,
        )
    )
    if after is not None and after != last:
        raise WrittenMeanwhile
    return int(last or 0)


def _newest(session: Session, reservation: Reservation) -> ReservationLetter | None:
    return session.scalar(
        sa.select(ReservationLetter)
        .where(
            ReservationLetter.hotel_id == reservation.hotel_id,
            ReservationLetter.reservation_id == reservation.id,
        )
        .order_by(ReservationLetter.no.desc())
        .limit(1)
    )


def _told_before_arrival(session: Session, reservation: Reservation) -> bool:
    """Tell whether the letter before the arrival was mailed: it is written once."""
    mailed = sa.select(ReservationLetter.id).where(
        ReservationLetter.hotel_id == reservation.hotel_id,
        ReservationLetter.reservation_id == reservation.id,
        ReservationLetter.tells == Tells.BEFORE_ARRIVAL,
        ReservationLetter.way == Way.MAIL,
    )
    return session.scalar(mailed.limit(1)) is not None


def _went(session: Session, reservation: Reservation, digest: str, to: str) -> bool:
    """Tell whether the newest mail to an address says the same and wasn't given up."""
    newest = session.execute(
        sa.select(ReservationLetter.digest, Job.state)
        .join(Letter, _ITS_MAIL)
        .outerjoin(Job, _SENDS_IT)
        .where(
            ReservationLetter.hotel_id == reservation.hotel_id,
            ReservationLetter.reservation_id == reservation.id,
            Letter.to == to,
        )
        .order_by(ReservationLetter.no.desc())
        .limit(1)
    ).first()
    return newest is not None and newest[0] == digest and newest[1] is not JobState.FAILED


def _mail(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    paper: LetterWords,
    *,
    no: int,
    to: str,
    repeats: int | None = None,
    by: Staff,
) -> ReservationLetter:
    letter = outbox.write(
        session,
        hotel,
        key=f"reservation/{reservation.id}/{no}",
        to=to,
        subject=paper.subject,
        text=paper.text,
        html=paper.html or None,
        by=by,
    )
    return _keep(session, hotel, reservation, paper, no=no, letter=letter, repeats=repeats, by=by)


def _keep(
    session: Session,
    hotel: Hotel,
    reservation: Reservation,
    paper: LetterWords,
    *,
    no: int,
    letter: Letter | None = None,
    html: str | None = None,
    repeats: int | None = None,
    by: Staff,
) -> ReservationLetter:
    way = Way.PRINT if letter is None else Way.MAIL
    kept = ReservationLetter(
        hotel_id=hotel.id,
        id=new_id(),
        reservation_id=reservation.id,
        no=no,
        tells=paper.tells,
        way=way,
        language=paper.language,
        letter_id=letter.id if letter else None,
        html=html,
        digest=_digest(paper),
        repeats=repeats,
        staff_id=by.id,
        written_at=clock.now(),
    )
    session.add(kept)
    session.flush()
    verb = "printed letter" if letter is None else "resent letter" if repeats else "mailed letter"
    day = business_day.today(session, hotel)
    logbook.record(
        session, verb, reservation, by=by, day=day, tells=paper.tells, language=paper.language
    )
    return kept


def _digest(paper: LetterWords) -> str:
    words = f"{paper.tells}\x00{paper.language}\x00{paper.subject}\x00{paper.text}"
    return hashlib.sha256(words.encode()).hexdigest()
