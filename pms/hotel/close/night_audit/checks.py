"""Checks before the audit: what is in its way, what should be looked at, and what cures it."""

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books import cashiers, ledger, payments
from pms.hotel.books.folios import Folio, FolioState, FolioWindow
from pms.hotel.books.ledger import Account, Entry, Ledger, Line
from pms.hotel.close.night_audit.choices import (
    Rules,
    chosen,
    displaced,
)
from pms.hotel.close.night_audit.options import Missing, firm_arrivals
from pms.hotel.close.night_audit.tables import Choice
from pms.hotel.house import business_day
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import settlements, stays
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations import Reservation, State

Links = tuple[tuple[str, int], ...]
_ASKED_BY_ID = 500  # more entries than that are sooner read as the whole day


class Weight(enum.StrEnum):
    """Whether a check is passed, worth a look, or in the way."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True)
class Check:
    """One look before closing: the fact, what cures it, and the things it is about."""

    name: str
    state: Weight
    sentence: str
    cure: str = ""
    links: Links = ()


class Blocked(Refusal):
    """Something is in the way; nothing was changed."""

    def __init__(self, checks: list[Check]) -> None:
        self.checks = [check for check in checks if check.state is Weight.BLOCK]
        super().__init__(" ".join(f"{check.sentence} {check.cure}" for check in self.checks))


MOST_NAMED = 5


class OutOfBalance(Refusal):
    """The books don't add up, so the day isn't closed on them."""

    def __init__(self, what: list[str]) -> None:
        super().__init__(f"The books don't balance: {'; '.join(what)}. Run `pms verify` and ask.")


def check(session: Session, hotel: Hotel, rules: Rules | None = None) -> list[Check]:
    """Look at everything the audit will meet, in the order it meets it; changes nothing."""
    rules = rules or Rules()
    day = business_day.today(session, hotel)
    looks: tuple[Callable[[Session, Hotel, date, Rules], Check], ...] = (
        _hour,
        _arrivals,
        _departures,
        _books,
        _batches,
        _shifts,
        _rooms,
        _departed,
        _limits,
    )
    return [look(session, hotel, day, rules) for look in looks]


def parties(session: Session, hotel: Hotel, rules: Rules) -> list[Check]:
    """Look at who isn't in and who isn't out only, in the moment of the roll."""
    day = business_day.today(session, hotel)
    return [look(session, hotel, day, rules) for look in (_arrivals, _departures)]


def earliest(hotel: Hotel, day: date) -> datetime:
    """Return the instant from which a day may be closed: the audit hour of its night."""
    evening = hotel.audit_at >= time(12)
    at = datetime.combine(day if evening else day + dates.ONE_DAY, hotel.audit_at)
    return dates.instant(at, hotel.time_zone)


def _hour(session: Session, hotel: Hotel, day: date, rules: Rules) -> Check:
    at = earliest(hotel, day)
    shown = dates.local(at, hotel.time_zone)
    if clock.now() >= at:
        return Check("hour", Weight.PASS, f"It is past {shown:%H:%M} of {shown:%a %d %b %Y}.")
    return Check(
        "hour",
        Weight.WARN if rules.at_any_hour else Weight.BLOCK,
        f"{day:%a %d %b %Y} closes from {shown:%H:%M} of {shown:%a %d %b %Y} on.",
        "Wait until then, or say that it closes now.",
    )


def _arrivals(session: Session, hotel: Hotel, day: date, rules: Rules) -> Check:
    missing = firm_arrivals(session, hotel, day)
    said = chosen(session, hotel, day)
    if not missing:
        return Check("arrivals", Weight.PASS, "Every arrival is in.")
    roomless = [
        each
        for each in missing
        if said.get(each.id, rules.arrivals) is Choice.CHECK_IN and not each.has_room
    ]
    if roomless:
        return Check(
            "arrivals",
            Weight.BLOCK,
            f"{_count(roomless, 'arrival')} to be checked in without a room.",
            "Assign a room, or decide otherwise.",
            _links(roomless),
        )
    open_ = [each for each in missing if each.id not in said]
    lost = [each for each in displaced(session, hotel, day) if each.id not in said]
    if lost:
        names = ", ".join(each.guest.name for each in lost[:MOST_NAMED])
        return Check(
            "arrivals",
            Weight.BLOCK,
            f"{_count(lost, 'arrival')} not in lost the room to us: {names}. No rule makes them a "
            "no-show.",
            "Give them a room, keep them, or note as a no-show, one by one.",
            _links(lost),
        )
    if open_ and rules.arrivals is None:
        return Check(
            "arrivals",
            Weight.BLOCK,
            f"{_count(open_, 'arrival')} not in and not decided.",
            "Check in, keep, or note as a no-show, one by one.",
            _links(open_),
        )
    by_rule = f"; by rule: {_words(rules.arrivals)}" if open_ and rules.arrivals else ""
    sentence = f"{_count(missing, 'arrival')} not in: {len(missing) - len(open_)} decided{by_rule}."
    return Check("arrivals", Weight.WARN, sentence, "", _links(missing))


def _departures(session: Session, hotel: Hotel, day: date, rules: Rules) -> Check:
    due = stays.due_out(session, hotel, day)
    if not due:
        return Check("departures", Weight.PASS, "Every departure is out.")
    said = chosen(session, hotel, day)
    parties = [stay.reservation for stay in due]
    unsettled = [
        each
        for each in parties
        if said.get(each.id, rules.due_outs) is Choice.CHECK_OUT
        and not settlements.settled(session, each)
    ]
    if unsettled:
        return Check(
            "departures",
            Weight.BLOCK,
            f"{_count(unsettled, 'departure')} to be checked out with an open folio.",
            "Settle it, extend the stay, or check out with the balance.",
            _links(unsettled),
        )
    open_ = [each for each in parties if each.id not in said]
    if open_ and rules.due_outs is None:
        return Check(
            "departures",
            Weight.BLOCK,
            f"{_count(open_, 'departure')} still in house.",
            "Extend each, check it out, or check it out with its balance.",
            _links(open_),
        )
    by_rule = f"; by rule: {_words(rules.due_outs)}" if open_ and rules.due_outs else ""
    sentence = f"{_count(due, 'departure')} not out: {len(due) - len(open_)} decided{by_rule}."
    return Check("departures", Weight.WARN, sentence, "", _links(parties))


def _books(session: Session, hotel: Hotel, day: date, rules: Rules) -> Check:
    wrong = imbalances(session, hotel, day)
    if not wrong:
        return Check("books", Weight.PASS, "The books balance.")
    return Check("books", Weight.BLOCK, f"Out of balance: {'; '.join(wrong)}.", "Run `pms verify`.")


def imbalances(
    session: Session, hotel: Hotel, day: date, among: Sequence[int] | None = None
) -> list[str]:
    """Return what doesn't add up in a day's books; nothing, as the database sees to it.

    Looks at all entries of the day, or `among` those of some ids unless they are many.
    """
    mine = [Entry.hotel_id == hotel.id, Entry.business_day == day]
    if among is not None and len(among) <= _ASKED_BY_ID:
        mine.append(Entry.id.in_(among))
    uneven = session.scalars(
        sa.select(Entry.key)
        .outerjoin(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .where(*mine)
        .group_by(Entry.key)
        .having(sa.func.coalesce(sa.func.sum(Line.amount), 1) != 0)
        .limit(5)
    ).all()
    strays = session.scalars(
        sa.select(Account.code)
        .distinct()
        .select_from(Entry)
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .join(Account, sa.and_(Account.hotel_id == Line.hotel_id, Account.id == Line.account_id))
        .outerjoin(
            FolioWindow,
            sa.and_(FolioWindow.hotel_id == Account.hotel_id, FolioWindow.account_id == Account.id),
        )
        .where(*mine, Account.ledger == Ledger.GUEST, FolioWindow.account_id.is_(None))
        .limit(5)
    ).all()
    total = session.scalar(
        sa.select(sa.func.sum(Line.amount))
        .select_from(Entry)
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .where(*mine)
    )
    wrong = [f"entry {key}" for key in uneven] + [f"{code} is on no folio" for code in strays]
    if total:
        wrong.append(f"debits and credits differ by {int(total)}")
    return wrong


def _batches(session: Session, hotel: Hotel, day: date, rules: Rules) -> Check:
    tonight = payments.batches(session, hotel, day)
    said = [
        f"{each.terminal}/{each.batch} of {each.day:%a %d %b} isn't counted"
        for each in payments.uncounted(session, hotel, day)
    ]
    said += [f"{each.terminal}/{each.batch} isn't counted" for each in tonight if each.is_open]
    said += [
        f"{each.terminal}/{each.batch} is off by {Money(each.difference, hotel.currency).said}"
        for each in tonight
        if not each.is_open and each.difference
    ]
    if not said:
        return Check("batches", Weight.PASS, "Every terminal batch is tied out.")
    return Check(
        "batches", Weight.WARN, f"Terminal batches: {'; '.join(said)}.", "Count them and tie out."
    )


def _shifts(session: Session, hotel: Hotel, day: date, rules: Rules) -> Check:
    """Look at cashiers' drawers; a shift may span the roll, so an open one is only said."""
    waiting = cashiers.not_reviewed(session, hotel)
    if not waiting:
        return Check("shifts", Weight.PASS, "Every cashier shift is closed and reviewed.")
    words = {cashiers.ShiftState.CLOSED: "to be reviewed", cashiers.ShiftState.COUNTING: "counted"}
    said = [
        f"{each.number} of {each.cashier} ({words.get(each.state, 'open')})"
        for each in waiting[:MOST_NAMED]
    ]
    return Check(
        "shifts",
        Weight.WARN,
        f"{_count(waiting, 'cashier shift')} not reviewed: {', '.join(said)}.",
        "Close and review them; an open one goes on over the roll.",
        tuple(("cashier_shifts", each.shift_id) for each in waiting),
    )


def _rooms(session: Session, hotel: Hotel, day: date, rules: Rules) -> Check:
    moves = stays.planned_moves(session, hotel, day)
    if not moves:
        return Check("rooms", Weight.PASS, "Every party is in its room of tonight.")
    links = tuple(("stays", stay.id) for stay, _ in moves)
    return Check(
        "rooms",
        Weight.WARN,
        f"{_count(moves, 'party', 'parties')} not in tonight's room.",
        "Move them, or change the plan.",
        links,
    )


def _departed(session: Session, hotel: Hotel, day: date, rules: Rules) -> Check:
    open_ = session.scalars(
        sa.select(Folio.id)
        .join(
            Reservation,
            sa.and_(Reservation.hotel_id == Folio.hotel_id, Reservation.folio_id == Folio.id),
        )
        .where(
            Folio.hotel_id == hotel.id,
            Folio.state == FolioState.OPEN,
            Reservation.state == State.DEPARTED,
        )
        .limit(100)
    ).all()
    if not open_:
        return Check("departed", Weight.PASS, "No departed party has an open folio.")
    return Check(
        "departed",
        Weight.WARN,
        f"{_count(open_, 'folio')} of departed parties open.",
        "Collect, bill the company, or write off; it doesn't block the night.",
        tuple(("folios", folio_id) for folio_id in open_),
    )


def _limits(session: Session, hotel: Hotel, day: date, rules: Rules) -> Check:
    limit = sa.func.coalesce(Folio.credit_limit, Reservation.credit_limit, hotel.credit_limit)
    windows = session.execute(
        sa.select(Folio.id, limit, FolioWindow.account_id)
        .select_from(Stay)
        .join(
            Reservation,
            sa.and_(Reservation.hotel_id == Stay.hotel_id, Reservation.id == Stay.reservation_id),
        )
        .join(Folio, sa.and_(Folio.hotel_id == Stay.hotel_id, Folio.id == Reservation.folio_id))
        .join(
            FolioWindow,
            sa.and_(FolioWindow.hotel_id == Folio.hotel_id, FolioWindow.folio_id == Folio.id),
        )
        .where(Stay.hotel_id == hotel.id, Stay.state == Presence.IN_HOUSE)
    ).all()
    stands = ledger.balances(session, hotel, [account_id for _, _, account_id in windows])
    room_left = {folio_id: int(most) for folio_id, most, _ in windows}
    for folio_id, _, account_id in windows:
        room_left[folio_id] -= stands[account_id]
    over = sorted(folio_id for folio_id, left in room_left.items() if left < 0)[:100]
    if not over:
        return Check("limits", Weight.PASS, "Nobody in house owes more than the limit.")
    return Check(
        "limits",
        Weight.WARN,
        f"{_count(over, 'folio')} over the credit limit.",
        "Ask for a payment, or raise the limit.",
        tuple(("folios", folio_id) for folio_id in over),
    )


def _count(things: object, one: str, many: str | None = None) -> str:
    number = len(things)  # type: ignore[arg-type]
    return f"{number} {one}" if number == 1 else f"{number} {many or one + 's'}"


def _words(choice: Choice) -> str:
    return choice.value.replace("_", " ")


def _links(parties: Sequence[Reservation | Missing]) -> Links:
    return tuple(("reservations", each.id) for each in parties)
