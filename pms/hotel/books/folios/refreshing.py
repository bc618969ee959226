"""Refreshing the routing of a folio: what is posted already goes where the rules say by now."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import new_id
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books import ledger
from pms.hotel.books.folios.moving import lines_of_move, refuse_kept_back, times_moved
from pms.hotel.books.folios.opening import FolioClosed
from pms.hotel.books.folios.refresh_plan import Refresh, planned
from pms.hotel.books.folios.routes import routes, write_sent
from pms.hotel.books.folios.tables import Folio
from pms.hotel.books.folios.voiding import void
from pms.hotel.books.ledger import Entry, Kind
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require


class NothingToMove(Refusal):
    """All that is posted stands where the rules would send it."""

    def __init__(self) -> None:
        super().__init__("What is posted stands where the rules send it. Nothing has to move.")


class PostedMeanwhile(Refusal):
    """What would move isn't what was shown."""

    def __init__(self) -> None:
        super().__init__("Something was posted or moved meanwhile. Look again, then apply it.")


class NothingToTakeBack(Refusal):
    """What the rules moved was moved back already."""

    def __init__(self) -> None:
        super().__init__("That was taken back already. Look at the folio again.")


def refresh_routing(
    session: Session, folio: Folio, *, expects: str | None = None, by: Staff
) -> tuple[int, Refresh]:
    """Move what is posted to where the folio's rules send it by now; what `routing_refresh` says.

    Each charge is parted as if it came now, with what is left of the limits; what adjusted it goes
    along in proportion. A charge that was routed here from another folio, or put here by a move, is
    left alone, and so is what takes off a bill by itself. Returns the number that takes it back.
    Refuses a closed folio, nothing to move, credit that is on its way back, and anything else than
    `expects`, the digest of what somebody looked at.
    """
    require(by, Permission.POST, folio.hotel_id)
    hotel = session.get_one(Hotel, folio.hotel_id)
    day = business_day.hold(session, hotel)
    ways = routes(session, hotel.id, [folio.id])
    if ways.closed:
        raise FolioClosed(folio)
    plan = planned(session, folio, ways)
    if not plan.moves:
        raise NothingToMove
    if expects not in (None, plan.digest):
        raise PostedMeanwhile
    home, refresh_id = ways.windows[folio.id, 1], new_id()
    for to, minor in plan.by_target().items():
        moved = Money(minor, hotel.currency)
        refuse_kept_back(session, hotel, home, ways.windows[to], moved)
    drafts = _drafts(session, folio, plan, home, refresh_id)
    posted = ledger.post(session, hotel, drafts, day=day, by=by)
    write_sent(
        session,
        hotel.id,
        [
            (each.entry_id, move.night, move.sent)
            for each, move in zip(posted, plan.moves, strict=True)
        ],
    )
    _record(session, hotel, folio, plan, day=day, by=by)
    return refresh_id, plan


def take_back_refresh(session: Session, folio: Folio, refresh_id: int, *, by: Staff) -> int:
    """Undo a refresh: what it moved stands where it stood; returns how many moves that were.

    All or none: refuses when one of them was moved on or invoiced meanwhile, or taken back before.
    """
    begins = _key(folio, refresh_id)
    first = sa.select(Entry.business_day).where(
        Entry.hotel_id == folio.hotel_id, Entry.key == f"{begins}1"
    )
    moves = session.scalars(
        sa.select(Entry)
        .where(
            Entry.hotel_id == folio.hotel_id,
            Entry.business_day == first.scalar_subquery(),
            Entry.key.startswith(begins, autoescape=True),
            ledger.standing(),
        )
        .order_by(Entry.id)
    ).all()
    if not moves:
        raise NothingToTakeBack
    for move in moves:
        void(session, move, reason="Routing of what is posted taken back", by=by)
    return len(moves)


def _drafts(
    session: Session, folio: Folio, plan: Refresh, home: int, refresh_id: int
) -> list[ledger.Draft]:
    turns = times_moved(session, folio.hotel_id, {move.entry_id for move in plan.moves})
    drafts = []
    for no, move in enumerate(plan.moves, start=1):
        turn = turns.get(move.entry_id, 0)
        turns[move.entry_id] = turn + 1
        drafts.append(
            ledger.Draft(
                kind=Kind.TRANSFER,
                key=f"{_key(folio, refresh_id)}{no}",
                text=move.text,
                concerns_id=move.entry_id,
                turn=turn,
                lines=lines_of_move(move.sides, home, move.account_id),
            )
        )
    return drafts


def _key(folio: Folio, refresh_id: int) -> str:
    """Return how the keys of a refresh's moves begin."""
    return f"routing/{folio.number}/{refresh_id:x}/"


def _record(
    session: Session, hotel: Hotel, folio: Folio, plan: Refresh, *, day: date, by: Staff
) -> None:
    """Write it down for the folio, and for each other one that gets something."""
    got = plan.by_target()
    targets = session.scalars(
        sa.select(Folio).where(
            Folio.hotel_id == hotel.id, Folio.id.in_({folio_id for folio_id, _ in got})
        )
    )
    by_id = {each.id: each for each in targets}
    said = [
        f"{by_id[folio_id].number}/{window} {Money(minor, hotel.currency)} {hotel.currency}"
        for (folio_id, window), minor in got.items()
    ]
    logbook.record(
        session, "refreshed routing", folio, by=by, day=day, moves=len(plan.moves), to=said
    )
    for (folio_id, window), minor in got.items():
        if folio_id != folio.id:
            logbook.record(
                session,
                "was routed",
                by_id[folio_id],
                by=by,
                day=day,
                window=window,
                amount=Money(minor, hotel.currency),
                origin=f"{folio.number}/1",
            )
