"""Rooming: a group's list of names, read, looked at before it lands, and booked row by row."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import card_numbers, dates, free_text
from pms.base.numbers import whole
from pms.base.refusal import Invalid, Refusal
from pms.hotel.guests import guests, spelling
from pms.hotel.guests.guests import Guest
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.rooms import inventory, rooms
from pms.hotel.rooms.inventory import HouseNight, TypeNight
from pms.hotel.rooms.rooms import RoomType
from pms.hotel.stays import groups, reservations
from pms.hotel.stays.groups import Billing, Group, GroupTerms
from pms.hotel.stays.groups.tables import Status
from pms.hotel.stays.reservations import Guarantee, Origin, Reservation, Share, Wishes

CHANNEL = "rooming list"
HEADS = {
    "surname": {"surname", "last name", "family name", "lastname", "name", "nachname", "nom"},
    "given_name": {"given name", "first name", "firstname", "given", "vorname", "prénom"},
    "arrival": {"arrival", "arrives", "arrival date", "check-in", "checkin", "from", "anreise"},
    "departure": {"departure", "departs", "departure date", "check-out", "checkout", "to"}
    | {"abreise"},
    "room_type": {"room type", "type", "roomtype", "zimmertyp", "category"},
    "adults": {"adults", "pax", "persons", "guests"},
    "children": {"children", "kids", "child"},
    "shares": {"shares", "room", "sharing", "shares with", "room no", "room number"},
    "rate": {"rate", "pays", "share rate", "sharing rate", "who pays"},
    "email": {"email", "e-mail", "mail"},
    "notes": {"notes", "note", "remarks", "comment", "comments", "requests"},
}
_WAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d %b %Y", "%d %B %Y", "%d.%m.%y", "%d/%m/%y")


class NoHeads(Invalid):
    def __init__(self) -> None:
        super().__init__(
            "The first line names the columns, at least Surname. Copy the heads with the list.",
            field="sheet",
        )


class RowWrong(Invalid):
    """The row can't be booked as it is written."""

    def __init__(self, row: "Row") -> None:
        super().__init__(row.problem or "That row can't be read.")


@dataclass(frozen=True)
class Row:
    """One line of the list: who, when, in what; with what is wrong with it, if anything is.

    Rows with the same word under `shares` share a room and a booking: the first holds it, and
    `rate` of those who join says who pays it. `ref` names the row among all lists of the group, so
    that a list sent twice books nobody twice.
    """

    no: int
    surname: str
    given_name: str
    arrival: date | None
    departure: date | None
    room_type: RoomType | None
    adults: int
    children: int
    shares: str
    rate: Share
    email: str
    notes: str
    ref: str
    host_ref: str | None = None
    problem: str | None = field(default=None)

    @property
    def name(self) -> str:
        """Who, as people say it."""
        return f"{self.given_name} {self.surname}".strip()


def read(session: Session, group: Group, table: Sequence[Sequence[str]]) -> list[Row]:
    """Read a list whose first line names the columns; what a row leaves out is the group's own.

    Refuses a list without heads. A row that can't be read says why and stays in the list.
    """
    terms = groups.terms_of(group)
    heads = _heads(table[0] if table else ())
    if "surname" not in heads:
        raise NoHeads
    hotel = session.get_one(Hotel, group.hotel_id)
    types = rooms.types(session, hotel)
    kinds = {word.casefold(): kind for kind in types for word in (kind.code, kind.name)}
    agreed = {row.type_id for row in inventory.allotted(session, hotel, group.id) if row.agreed}
    only = [kind for kind in set(kinds.values()) if kind.id in agreed]
    default = only[0] if len(only) == 1 else None
    open_until = (inventory.last_night(session, hotel) or terms.departure) + dates.ONE_DAY
    seen: Counter[str] = Counter()
    hosts: dict[str, Row] = {}
    made = []
    for no, cells in enumerate(table[1:], start=2):
        said = {name: cells[at] if at < len(cells) else "" for name, at in heads.items()}
        host = hosts.get(said.get("shares", "").casefold())
        own = host.room_type if host else default  # who shares is in the type of the room
        row = _row(no, said, terms, kinds, own, group, seen, open_until)
        if host is not None:
            row = _sharing(row, host)
        elif row.shares and row.problem is None:
            hosts[row.shares.casefold()] = row
        made.append(row)
    return made


def _heads(first: Sequence[str]) -> dict[str, int]:
    heads: dict[str, int] = {}
    for at, word in enumerate(first):
        said = " ".join(word.casefold().replace("_", " ").split())
        for name, words in HEADS.items():
            if said in words and name not in heads:
                heads[name] = at
    return heads


def _row(
    no: int,
    said: dict[str, str],
    terms: GroupTerms,
    kinds: dict[str, RoomType],
    default: RoomType | None,
    group: Group,
    seen: Counter[str],
    open_until: date,
) -> Row:
    arrival, wrong_arrival = _day(said.get("arrival", ""), terms.arrival, "arrival")
    departure, wrong_departure = _day(said.get("departure", ""), terms.departure, "departure")
    typed = said.get("room_type", "")
    kind = kinds.get(typed.casefold()) if typed else default
    adults, wrong_adults = _count(said.get("adults", ""), 1, "adults")
    children, wrong_children = _count(said.get("children", ""), 0, "children")
    rate, wrong_rate = _rate(said.get("rate", ""))
    row = Row(
        no=no, surname=said.get("surname", ""), given_name=said.get("given_name", ""),
        arrival=arrival, departure=departure, room_type=kind, adults=adults, children=children,
        shares=said.get("shares", ""), rate=rate, email=said.get("email", ""),
        notes=said.get("notes", ""), ref="",
        problem=wrong_arrival or wrong_departure or wrong_adults or wrong_children or wrong_rate,
    )  # fmt: skip
    same = f"{row.name.casefold()}|{arrival}|{departure}|{kind.id if kind else 0}"
    seen[same] += 1
    digest = hashlib.sha256(same.encode()).hexdigest()[:16]
    ref = f"{group.code}/{digest}/{seen[same]}"
    return replace(row, ref=ref, problem=_problem(row, said, open_until) or row.problem)


def _problem(row: Row, said: dict[str, str], open_until: date) -> str | None:
    """Return why a row can't be booked as it was read; without a type, first what can't be read."""
    kind, departure = row.room_type, row.departure
    if not row.surname:
        return "It has no surname."
    if free_text.found_in(list(said.values())):
        return card_numbers.LooksLikeACardNumber("sheet").sentence
    if kind is None:
        typed = said.get("room_type", "")
        why = f"There is no room type {typed}." if typed else "It names no room type."
        return row.problem or why
    if row.arrival and departure and departure <= row.arrival:
        return "It leaves before it arrives."
    if departure and departure > open_until:
        return f"{departure:%a %d %b %Y} is further ahead than is sold."
    if row.adults + row.children > kind.sleeps:
        return f"{kind.name} sleeps {kind.sleeps}."
    return "Nobody comes." if row.adults + row.children == 0 else None


def _sharing(row: Row, host: Row) -> Row:
    """Let a row share the room of an earlier one, within that one's nights."""
    row = replace(row, host_ref=host.ref, room_type=host.room_type)
    both = row.arrival and host.arrival and row.departure and host.departure
    if both and (row.arrival < host.arrival or row.departure > host.departure):  # type: ignore[operator]
        return replace(row, problem=f"It shares with {host.name}, but not on all those nights.")
    return row


def _day(text: str, default: date, name: str) -> tuple[date | None, str | None]:
    if not text:
        return default, None
    words = text.split(" 00:00")[0]
    for way in _WAYS:
        try:
            return datetime.strptime(words, way).date(), None  # noqa: DTZ007 - a day, no instant
        except ValueError:
            continue
    return None, f"“{text}” is no {name}. Write it like 2026-11-21."


def _rate(text: str) -> tuple[Share, str | None]:
    """Return who pays the room that is shared; split, unless the list says otherwise."""
    said = text.casefold() or Share.SPLIT.value
    if said in set(Share):
        return Share(said), None
    return Share.SPLIT, f"“{text}” is no rate for who shares. Write full, split or first."


def _count(text: str, default: int, name: str) -> tuple[int, str | None]:
    if not text:
        return default, None
    count = whole(text, digits=2)
    if count is not None and count <= 20:
        return count, None
    return default, f"“{text}” is no number of {name}."


# --- looked at, before it lands -------------------------------------------------------------------


def check(session: Session, group: Group, rows: Sequence[Row]) -> list[Row]:
    """Return the rows with what would stand in the way of each, as the house is now; looks only.

    Rows are weighed in their order: the last room goes to the earlier one.
    """
    hotel = session.get_one(Hotel, group.hotel_id)
    day = business_day.today(session, hotel)
    known = _known(session, hotel, [row.ref for row in rows])
    left = _Left(session, hotel, group, rows)
    refused: set[str] = set()
    checked = []
    for row in rows:
        problem = row.problem
        if problem is None and row.ref in known:
            problem = f"Entered already, booking {known[row.ref]}."
        elif problem is None and row.arrival and row.arrival < day:
            problem = f"{row.arrival:%a %d %b %Y} is past."
        elif problem is None and row.host_ref in refused:
            problem = "Who holds the room it shares can't be booked."
        elif problem is None and row.host_ref is None:
            problem = left.take(row)
        if problem is not None and row.ref not in known:
            refused.add(row.ref)
        checked.append(replace(row, problem=problem))
    return checked


def _known(session: Session, hotel: Hotel, refs: Sequence[str]) -> dict[str, int]:
    rows = session.execute(
        sa.select(Reservation.channel_ref, Reservation.number).where(
            Reservation.hotel_id == hotel.id,
            Reservation.channel == CHANNEL,
            Reservation.channel_ref.in_(refs),
        )
    )
    return {str(row[0]): row[1] for row in rows}


class _Left:
    """What can still be picked up or sold, while a list is looked at: three questions in all."""

    def __init__(self, session: Session, hotel: Hotel, group: Group, rows: Sequence[Row]) -> None:
        self.kept: dict[tuple[date, int], int] = {}
        self.cap: dict[tuple[date, int], int] = {}
        for each in inventory.allotted(session, hotel, group.id):
            self.kept[each.key] = each.kept
            if not each.elastic:
                self.cap[each.key] = each.agreed - each.picked
        days = [day for row in rows for day in (row.arrival, row.departure) if day]
        self.types: dict[tuple[date, int], int] = defaultdict(int)
        self.house: dict[date, int] = defaultdict(int)
        if days:
            self._read(session, hotel, min(days), max(days))

    def _read(self, session: Session, hotel: Hotel, first: date, last: date) -> None:
        for table, *key in (
            (TypeNight, TypeNight.night, TypeNight.type_id),
            (HouseNight, HouseNight.night),
        ):
            free = table.rooms - table.out_of_order + table.allowance - table.sold - table.held
            asked: Any = sa.select(*key, free).where(
                table.hotel_id == hotel.id, table.night.between(first, last)
            )
            for row in session.execute(asked):
                if table is TypeNight:
                    self.types[row[0], row[1]] = row[2]
                else:
                    self.house[row[0]] = row[1]

    def take(self, row: Row) -> str | None:
        """Take a room for a row's nights, or say on which night there is none."""
        if row.arrival is None or row.departure is None or row.room_type is None:
            return "It can't be read."
        keys = [(night, row.room_type.id) for night in dates.nights(row.arrival, row.departure)]
        for key in keys:
            if key in self.cap and self.cap[key] <= 0:
                return f"The allotment has no {row.room_type.name} left on {key[0]:%a %d %b}."
            if self.kept.get(key, 0) <= 0 and min(self.types[key], self.house[key[0]]) <= 0:
                return f"{row.room_type.name} is sold out on {key[0]:%a %d %b}."
        for key in keys:
            if key in self.cap:
                self.cap[key] -= 1
            if self.kept.get(key, 0) > 0:
                self.kept[key] -= 1
            else:
                self.types[key] -= 1
                self.house[key[0]] -= 1
        return None


# --- landing --------------------------------------------------------------------------------------


def book_row(session: Session, group: Group, row: Row, *, by: Staff) -> Reservation:
    """Book one row for its group, each in a transaction of its own: a bad one stops no other.

    Refuses a row that can't be read, one entered before, and whatever booking refuses.
    """
    hotel = session.get_one(Hotel, group.hotel_id)
    terms = groups.terms_of(group)
    if row.problem or row.room_type is None or row.arrival is None or row.departure is None:
        raise RowWrong(row)
    host = _host(session, hotel, row)
    made = reservations.book(
        session,
        hotel,
        guest=_guest(session, hotel, row, by),
        room_type=row.room_type,
        plan=terms.plan,
        arrival=row.arrival,
        departure=row.departure,
        adults=row.adults,
        children=row.children,
        guarantee=stands_for(terms),
        origin=Origin(source=CHANNEL, channel=CHANNEL, channel_ref=row.ref),
        wishes=Wishes(notes=row.notes or None),
        company=terms.company or terms.agent,
        group=group,
        with_booking=host,
        shares_with=host,
        by=by,
    )
    if host is not None and row.rate is not Share.FULL:
        reservations.split_rate(session, host, row.rate, by=by)
    return made


def stands_for(terms: GroupTerms) -> Guarantee:
    """Return who answers for a party of the group: the group itself, once it is definite."""
    sure = terms.status is Status.DEFINITE or terms.billing is not Billing.OWN
    return Guarantee.COMPANY if sure else Guarantee.NONE


def _host(session: Session, hotel: Hotel, row: Row) -> Reservation | None:
    if row.host_ref is None:
        return None
    host = session.scalar(
        sa.select(Reservation).where(
            Reservation.hotel_id == hotel.id,
            Reservation.channel == CHANNEL,
            Reservation.channel_ref == row.host_ref,
        )
    )
    if host is None:
        raise HostMissing
    return host


class HostMissing(Refusal):
    def __init__(self) -> None:
        super().__init__("Who holds the room it shares isn't booked.")


def _guest(session: Session, hotel: Hotel, row: Row, by: Staff) -> Guest:
    """Return the guest the chain knows by this very name and address, or a new one."""
    email = row.email.lower() or None
    folded = spelling.folded(f"{row.surname} {row.given_name}")
    known = email and session.scalar(
        sa.select(Guest)
        .where(Guest.chain_id == hotel.chain_id, Guest.email == email, Guest.folded_name == folded)
        .order_by(Guest.id)
        .limit(1)
    )
    return known or guests.welcome(
        session, hotel, surname=row.surname, given_name=row.given_name, email=email, by=by
    )
