"""The folio of a stay: opened on first need, closed when its party leaves, opened again on undo."""

from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.money import Money
from pms.hotel.books import folios, routing
from pms.hotel.books.folios import Folio, FolioKind, FolioState
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.stays import agreed_routing
from pms.hotel.stays.groups.tables import Billing, Group
from pms.hotel.stays.reservations.promise import Reservation
from pms.hotel.tariff.charges import Department


def folio_of(session: Session, reservation: Reservation, *, by: Staff) -> Folio:
    """Return a reservation's own folio, opened on first need; its guest pays the first window.

    A group's party sends to the master what was agreed, from the first charge on; then the stay's
    company pays what its agreement or rate plan said when the stay was booked.
    """
    if reservation.folio_id is None:
        lock(session, reservation)
    if reservation.folio_id is not None:
        return session.get_one(Folio, (reservation.hotel_id, reservation.folio_id))
    hotel = session.get_one(Hotel, reservation.hotel_id)
    limit = reservation.credit_limit
    folio = folios.open_folio(
        session,
        hotel,
        kind=FolioKind.GUEST,
        name=reservation.guest.name,
        payee_guest=reservation.guest,
        credit_limit=None if limit is None else Money(limit, hotel.currency),
        by=by,
    )
    reservation.folio_id = folio.id
    session.flush()
    if reservation.group_id is not None:
        group = session.get_one(Group, (reservation.hotel_id, reservation.group_id))
        route_to_master(session, group, folio, by=by)
    agreed_routing.lay_down(session, reservation, folio, at=reservation.booked_at, by=by)
    return folio


def route_to_master(session: Session, group: Group, folio: Folio, *, by: Staff) -> None:
    """Send a party's charges to its group's master as agreed, while that is open."""
    if group.terms is None or group.terms.billing is Billing.OWN or group.folio_id is None:
        return
    master = session.get_one(Folio, (group.hotel_id, group.folio_id))
    if master.state is not FolioState.OPEN:
        return
    rooms_only = group.terms.billing is Billing.ROOMS
    department = Department.ROOMS if rooms_only else None
    takes = routing.Takes(department=department)
    routing.route(session, folio, to_folio=master, to_window=1, takes=takes, by=by)


def open_balances(session: Session, reservation: Reservation) -> dict[int, Money]:
    """Return the windows of a reservation's folio that aren't settled, and how they stand."""
    if reservation.folio_id is None:
        return {}
    folio = session.get_one(Folio, (reservation.hotel_id, reservation.folio_id))
    balances = folios.balance_of(session, folio)
    return {no: balance for no, balance in balances.items() if balance}


def settled(session: Session, reservation: Reservation) -> bool:
    """Tell whether every window stands at zero by itself."""
    return not open_balances(session, reservation)


def check_out_blockers(session: Session, reservation: Reservation) -> list[str]:
    """Say what is in the way of an ordinary check-out, one sentence for each window."""
    return [
        f"Window {no} owes {balance.said}."
        if balance.minor > 0
        else f"Window {no} is owed {(-balance).said}."
        for no, balance in open_balances(session, reservation).items()
    ]


def close_folio(session: Session, reservation: Reservation, *, by: Staff) -> None:
    """Close a reservation's folio when its party leaves, if it has one that is still open."""
    if reservation.folio_id is None:
        return
    folio = session.get_one(Folio, (reservation.hotel_id, reservation.folio_id))
    if folio.state is FolioState.OPEN:
        folios.close(session, folio, by=by)


def reopen_folio(session: Session, reservation: Reservation, *, by: Staff) -> None:
    """Open a reservation's folio again when its check-out is taken back."""
    if reservation.folio_id is None:
        return
    folio = session.get_one(Folio, (reservation.hotel_id, reservation.folio_id))
    if folio.state is FolioState.CLOSED:
        folios.reopen(session, folio, reason="Check-out undone", by=by)
