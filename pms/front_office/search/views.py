"""Search: a room, a booking, a bill or a paper by its number; then names, what is known, pages."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pms.base.db import begins_with
from pms.base.numbers import whole
from pms.hotel.books import papers
from pms.hotel.books.folios import Folio
from pms.hotel.guests import finding
from pms.hotel.guests.companies import Company
from pms.hotel.guests.finding import named
from pms.hotel.guests.guests import Guest
from pms.hotel.guests.spelling import folded
from pms.hotel.house.staff import Permission
from pms.hotel.rooms import rooms
from pms.hotel.service import knowledge
from pms.hotel.service.reception import PrivacyWish
from pms.hotel.stays.reservations.promise import Reservation, State
from pms.web.auth import allows, here
from pms.web.database import session
from pms.web.menu import exists
from pms.web.menu import named as named_doors

bp = Blueprint("search", __name__)

AT_MOST = 8
NAMES_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer: what it is, its name, what tells it from others, and where it is."""

    icon: str
    name: str
    native_name: str | None
    says: str
    address: str


@bp.get("/search")
@allows(Permission.LOOK)
def search() -> ResponseReturnValue:
    """Answer what was typed; an exact number, or a page's name alone, opens what it names."""
    text = request.args.get("q", "").strip()[:80]
    exact = [hit for kind in _EXACT for hit in kind(text)] if text else []
    if len(exact) == 1:
        return redirect(exact[0].address)
    groups = [("Exactly", exact)] if exact else []
    if len(text) > 1:
        groups += [(title, kind(text)) for title, kind in _NAMED]
    found = [(title, hits) for title, hits in groups if hits]
    pages = _pages(text) if len(text) > 1 else []
    if not found and len(pages) == 1:
        return redirect(pages[0].address)
    return render_template(
        "search/search.html", q=text, groups=[*found, *([("Pages", pages)] if pages else [])]
    )


def _room(text: str) -> list[Hit]:
    room = rooms.by_number(session(), here(), text)
    if room is None:
        return []
    address = url_for("rooms.room", room_id=room.id)
    return [Hit("bed", f"Room {room.number}", None, room.type.name, address)]


def _booking(text: str) -> list[Hit]:
    number = whole(text)
    if number is None:
        return []
    rows = session().execute(
        sa.select(Reservation.id, Reservation.number, Guest.given_name, Guest.surname)
        .join(
            Guest,
            sa.and_(Guest.chain_id == Reservation.chain_id, Guest.id == Reservation.guest_id),
        )
        .where(
            Reservation.hotel_id == here().id,
            sa.or_(Reservation.number == number, Reservation.booking_number == number),
        )
        .limit(AT_MOST)
    )
    return [
        Hit(
            "calendar",
            f"{given} {surname}".strip(),
            None,
            f"Reservation {number}",
            url_for("reservations.reservation", reservation_id=id_),
        )
        for id_, number, given, surname in rows
    ]


def _bill(text: str) -> list[Hit]:
    number = whole(text)
    if number is None:
        return []
    folio = session().scalar(
        sa.select(Folio).where(Folio.hotel_id == here().id, Folio.number == number)
    )
    if folio is None:
        return []
    address = url_for("folios.folio", folio_id=folio.id)
    return [Hit("receipt", folio.name, None, f"Folio {folio.number}", address)]


def _paper(text: str) -> list[Hit]:
    paper = papers.by_number(session(), here(), text) if exists("papers.paper") else None
    if paper is None:
        return []
    address = url_for("papers.paper", paper_id=paper.id)
    says = f"{paper.kind.words.capitalize()} {paper.label}"
    return [Hit("file-text", paper.addressee, None, says, address)]


def _guests(text: str) -> list[Hit]:
    found = finding.search(session(), here(), text, limit=AT_MOST)
    return [
        Hit(
            "user",
            guest.name,
            guest.native_name,
            guest.email or guest.phone or "Guest",
            url_for("guests.guest", guest_id=guest.id)
            if exists("guests.guest")
            else url_for("reservations.reservations", guest=guest.id),
        )
        for guest in found
    ]


def _stays(text: str) -> list[Hit]:
    """Find who is here or coming, in house first, among the first names that begin so."""
    by_surname = (
        sa.select(Guest.id)
        .where(Guest.chain_id == here().chain_id, named(text))
        .order_by(Guest.folded_name)
        .limit(NAMES_LOOKED_AT)
        .subquery()
    )
    by_given = finding.given_name_begins(here(), text, limit=NAMES_LOOKED_AT).subquery()
    ids = sa.union(sa.select(by_surname.c.id), sa.select(by_given.c.id))
    people = sa.select(Guest).where(Guest.chain_id == here().chain_id, Guest.id.in_(ids)).subquery()
    rows = session().execute(
        sa.select(
            Reservation.id,
            Reservation.number,
            Reservation.state,
            people.c.given_name,
            people.c.surname,
            people.c.native_name,
            PrivacyWish.no_information,
        )
        .join(people, Reservation.guest_id == people.c.id)
        .outerjoin(
            PrivacyWish,
            sa.and_(
                PrivacyWish.hotel_id == Reservation.hotel_id,
                PrivacyWish.reservation_id == Reservation.id,
            ),
        )
        .where(
            Reservation.hotel_id == here().id,
            Reservation.state.in_([State.BOOKED, State.IN_HOUSE]),
        )
        .order_by(Reservation.state.desc(), Reservation.arrival)
        .limit(AT_MOST)
    )
    return [
        Hit(
            "key" if row.state is State.IN_HOUSE else "calendar",
            f"{row.given_name} {row.surname}".strip(),
            row.native_name,
            f"{'In house' if row.state is State.IN_HOUSE else 'Booked'}, {row.number}"
            + (", no information to anybody" if row.no_information else ""),
            url_for("reservations.reservation", reservation_id=row.id),
        )
        for row in rows
    ]


def _companies(text: str) -> list[Hit]:
    if not exists("companies.company"):
        return []
    found = session().scalars(
        sa.select(Company)
        .where(
            Company.chain_id == here().chain_id,
            begins_with(Company.folded_name, folded(text)),
        )
        .order_by(Company.folded_name)
        .limit(AT_MOST)
    )
    return [
        Hit(
            "building",
            company.name,
            None,
            company.code,
            url_for("companies.company", company_id=company.id),
        )
        for company in found
    ]


def _articles(text: str) -> list[Hit]:
    return [
        Hit(
            "book-2",
            article.title,
            None,
            ", ".join(each for each in (article.topic.words, article.hours) if each),
            url_for("knowledge.article", article_id=article.id),
        )
        for article in knowledge.search(session(), here(), text, limit=AT_MOST)
    ]


def _pages(text: str) -> list[Hit]:
    return [
        Hit(door.icon, door.label, None, door.says or section or "Page", url_for(door.endpoint))
        for section, door in named_doors(text)[:AT_MOST]
    ]


Kind = Callable[[str], list[Hit]]
_EXACT: tuple[Kind, ...] = (_room, _booking, _bill, _paper)
_NAMED: tuple[tuple[str, Kind], ...] = (
    ("Stays", _stays),
    ("Guests", _guests),
    ("Companies", _companies),
    ("Knowledge", _articles),
)
