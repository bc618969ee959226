"""The register: who must be reported, and the file that reports them."""

import enum
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base import clock
from pms.base.db import insert_new, lock, new_id
from pms.base.refusal import Invalid, Refusal
from pms.hotel.guests import identity
from pms.hotel.guests.guests import Guest
from pms.hotel.guests.identity import IdentityDocument, IdentityKind
from pms.hotel.house import business_day, content_keys, logbook
from pms.hotel.house.content_keys import ContentKey
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays import siba
from pms.hotel.stays.parties import PartyGuest
from pms.hotel.stays.police import told
from pms.hotel.stays.police.tables import PoliceFile, PoliceReport, PoliceUnit
from pms.hotel.stays.police.told import Said
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations.promise import Reservation

HOME = "PRT"  # whose nationals aren't reported
BACK = timedelta(days=7)  # who left isn't shown longer
MOST = 500
_KINDS = {IdentityKind.PASSPORT: "P", IdentityKind.IDENTITY_CARD: "B"}
LONGEST = {
    "code": 9, "establishment": 2, "short_name": 15, "street": 40, "town": 30, "postcode": 4,
    "zone": 3, "phone": 10, "contact": 40, "email": 140,
}  # fmt: skip


class NotSetUp(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "The authority doesn't know the hotel yet. Write down how it does, then export."
        )


class NothingDue(Refusal):
    def __init__(self) -> None:
        super().__init__("Nobody is to be reported: all were, or something is missing.")


class Stand(enum.StrEnum):
    """Where a guest's report is."""

    INCOMPLETE = "incomplete"
    DUE = "due"
    EXPORTED = "exported"
    CORRECTED = "corrected"


@dataclass(frozen=True)
class Unit:
    """How the authority knows a hotel, as it is written down."""

    code: str
    establishment: str = "00"
    short_name: str = ""
    street: str = ""
    town: str = ""
    postcode: str = ""
    zone: str = ""
    phone: str = ""
    contact: str = ""
    email: str = ""


@dataclass(frozen=True)
class Entry:
    """A guest on the register: where the report is, and what it lacks."""

    stay: Stay
    guest: Guest
    stand: Stand
    missing: tuple[str, ...]
    bulletin: siba.Bulletin | None


def unit_of(session: Session, hotel: Hotel) -> Unit | None:
    """Return how the authority knows the hotel, once that is written down."""
    kept = session.get(PoliceUnit, hotel.id)
    if kept is None:
        return None
    return Unit(**{name: getattr(kept, name) for name in Unit.__dataclass_fields__})


def set_up(session: Session, hotel: Hotel, unit: Unit, *, by: Staff) -> Unit:
    """Write down how the authority knows the hotel; refuses a code that isn't nine digits."""
    require(by, Permission.SET_UP, hotel.id)
    if len(unit.code) != 9 or not unit.code.isdecimal():
        raise Invalid("The unit's code has nine digits.", field="code")
    for name, most in LONGEST.items():
        if len(getattr(unit, name)) > most:
            raise Invalid(f"At most {most} letters fit there.", field=name)
    day = business_day.hold(session, hotel)
    values = asdict(unit)
    insert_new(session, PoliceUnit, [{"hotel_id": hotel.id, **values}])
    session.execute(sa.update(PoliceUnit).where(PoliceUnit.hotel_id == hotel.id).values(**values))
    line = logbook.line(
        "set up police register", "hotels", hotel.id, hotel.id, by=by, day=day, after=values
    )
    logbook.write(session, [line])
    return unit


def register(session: Session, hotel: Hotel) -> list[Entry]:
    """Return who must be reported, the latest arrival first: six questions, however many.

    Guests in house, and those who left within a week; nationals are left out.
    """
    stays = _stays(session, hotel)
    guests = _guests(session, hotel, stays)
    ids = {guest.id for party in guests.values() for guest in party}
    papers = identity.newest(session, hotel.chain_id, ids)
    said = told.said_of(session, hotel, [stay.reservation_id for stay in stays])
    found = []
    for stay in stays:
        for guest in guests[stay.reservation_id]:
            paper = papers.get(guest.id)
            if paper is not None and paper.nationality == HOME:
                continue
            found.append(_entry(stay, guest, paper, said.get((stay.reservation_id, guest.id))))
    return found


def export(session: Session, hotel: Hotel, *, by: Staff) -> PoliceFile:
    """Put all who are due or corrected, and lack nothing, into one numbered file.

    Refuses while the authority doesn't know the hotel, and when there is nobody to report.
    """
    require(by, Permission.SEE_IDENTITY, hotel.id)
    day = business_day.hold(session, hotel)
    kept = session.get(PoliceUnit, hotel.id)
    if kept is None:
        raise NotSetUp
    lock(session, kept)
    due = [
        (each, each.bulletin)
        for each in register(session, hotel)
        if each.bulletin and each.stand in {Stand.DUE, Stand.CORRECTED}
    ]
    if not due:
        raise NothingDue
    file = _file(session, hotel, kept, [said for _, said in due], by=by)
    _write_down(session, hotel, file, due)
    logbook.record(
        session, "exported police file", file, by=by, day=day, number=file.number, guests=len(due)
    )
    return file


def _file(
    session: Session,
    hotel: Hotel,
    kept: PoliceUnit,
    bulletins: Sequence[siba.Bulletin],
    *,
    by: Staff,
) -> PoliceFile:
    """Make the next file of the authority's, and keep it sealed."""
    number, made_at, file_id = _next_number(session, hotel), clock.now(), new_id()
    values = {name: getattr(kept, name) for name in Unit.__dataclass_fields__}
    unit = siba.Unit(name=hotel.name, **values)
    content = siba.file_of(unit, bulletins, number=number, made_at=made_at)
    file = PoliceFile(
        hotel_id=hotel.id,
        id=file_id,
        number=number,
        content=content_keys.seal(session, hotel, content, of=file_id),
        sha256=hashlib.sha256(content).hexdigest(),
        guests=len(bulletins),
        staff_id=by.id,
        made_at=made_at,
    )
    session.add(file)
    session.flush()
    return file


def _write_down(
    session: Session, hotel: Hotel, file: PoliceFile, due: Iterable[tuple[Entry, siba.Bulletin]]
) -> None:
    """Write down who was reported in a file; of what was said only a mark."""
    key = session.get_one(ContentKey, (hotel.id, file.id))
    rows = [
        {
            "hotel_id": hotel.id,
            "id": new_id(),
            "chain_id": hotel.chain_id,
            "file_id": file.id,
            "reservation_id": each.stay.reservation_id,
            "guest_id": each.guest.id,
            "digest": told.mark(key, said),
        }
        for each, said in due
    ]
    session.execute(sa.insert(PoliceReport), rows)


def _next_number(session: Session, hotel: Hotel) -> int:
    newest = session.scalar(
        sa.select(sa.func.max(PoliceFile.number)).where(PoliceFile.hotel_id == hotel.id)
    )
    return (newest or 0) + 1


def content_of(session: Session, file: PoliceFile) -> bytes:
    """Return a file as it was exported; refuses an erased one, and while the key is missing."""
    return content_keys.unseal(session, file.hotel_id, file.content, of=file.id)


def files(session: Session, hotel: Hotel, *, limit: int = 20) -> list[PoliceFile]:
    """Return the newest files that were exported."""
    return list(
        session.scalars(
            sa.select(PoliceFile)
            .where(PoliceFile.hotel_id == hotel.id)
            .order_by(PoliceFile.number.desc())
            .limit(limit)
        )
    )


def _stays(session: Session, hotel: Hotel) -> list[Stay]:
    since = hotel.business_date - BACK
    return list(
        session.scalars(
            sa.select(Stay)
            .where(
                Stay.hotel_id == hotel.id,
                sa.or_(
                    Stay.state == Presence.IN_HOUSE,
                    sa.and_(Stay.state == Presence.DEPARTED, Stay.departed_on >= since),
                ),
            )
            .options(
                joinedload(Stay.room),
                joinedload(Stay.reservation).joinedload(Reservation.guest),
            )
            .order_by(Stay.arrived_on.desc(), Stay.id)
            .limit(MOST)
        )
    )


def _guests(session: Session, hotel: Hotel, stays: list[Stay]) -> dict[int, list[Guest]]:
    """Return the guests of each reservation, who booked first."""
    found: dict[int, list[Guest]] = defaultdict(list)
    for stay in stays:
        found[stay.reservation_id].append(stay.reservation.guest)
    rows = session.execute(
        sa.select(PartyGuest.reservation_id, Guest)
        .join(
            Guest,
            sa.and_(Guest.chain_id == PartyGuest.chain_id, Guest.id == PartyGuest.guest_id),
        )
        .where(PartyGuest.hotel_id == hotel.id, PartyGuest.reservation_id.in_(list(found)))
        .order_by(PartyGuest.id)
    )
    for reservation_id, guest in rows:
        found[reservation_id].append(guest)
    return found


def _entry(stay: Stay, guest: Guest, paper: IdentityDocument | None, said: Said | None) -> Entry:
    missing = _missing(guest, paper)
    if paper is None or missing:
        return Entry(stay, guest, Stand.INCOMPLETE, missing, None)
    bulletin = _bulletin(stay, guest, paper)
    if said is None:
        stand = Stand.DUE
    else:
        stand = Stand.EXPORTED if said.is_still_so(bulletin) else Stand.CORRECTED
    return Entry(stay, guest, stand, (), bulletin)


def _missing(guest: Guest, paper: IdentityDocument | None) -> tuple[str, ...]:
    if paper is None:
        return ("document",)
    if paper.is_shut:
        return ("the key to the document",)
    lacks = {
        "date of birth": paper.birth_date is None,
        "town of residence": not siba.spelled(paper.lives_in),
        "country of residence": not guest.country,
        "surname in Latin letters": not siba.spelled(paper.surname),
    }
    return tuple(name for name, is_missing in lacks.items() if is_missing)


def _bulletin(stay: Stay, guest: Guest, paper: IdentityDocument) -> siba.Bulletin:
    if paper.birth_date is None or guest.country is None:
        raise LookupError("A bulletin is made of what is there.")
    return siba.Bulletin(
        surname=paper.surname,
        given_name=paper.given_name,
        nationality=paper.nationality,
        born=paper.birth_date,
        number=paper.number,
        issuer=paper.issuing_country,
        document=_KINDS.get(paper.kind, "O"),
        arrived=stay.arrived_on,
        leaves=stay.departed_on or stay.reservation.departure,
        country=guest.country,
        lives_in=paper.lives_in,
    )
