"""Giving back: what went back of a payment goes off its guest's account once, and comes on again.

What was given back in the gateway's own pages names a charge, and no room. Where the charge paid
for several rooms' parts, what went back is shared out over them at once, so that the clearing
account says what the gateway owes; the desk is told, and moves it where it belongs.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.gateway import CardSeen, Heard, Stand
from pms.base.money import Money
from pms.hotel.books import folios, ledger, reserving
from pms.hotel.books.folios import Folio, FolioWindow
from pms.hotel.books.payments import PaymentKind, online
from pms.hotel.books.payments.online import GatewayPayment, Through
from pms.hotel.house import staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.service.checkout import deposit_guarantees, intending
from pms.hotel.service.checkout.homes import (
    BEFORE_ARRIVAL,
    THERE,
    Home,
    actor,
    deposit_came,
    finish,
    home_of,
    home_of_refund,
    tell_desk,
    trace,
)
from pms.hotel.service.checkout.tables import Deed, Intent, IntentState
from pms.hotel.stays import prepaid_taxes
from pms.hotel.stays.reservations import Reservation

_RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Whose:
    """On whose account a payment stood: a reservation's deposit, or a window of a folio."""

    reservation_id: int | None = None
    folio_id: int | None = None
    window: int = 1

    def home(self, session: Session, hotel: Hotel) -> Home:
        """Return the account it stands on by now."""
        return home_of(session, hotel, self.reservation_id, self.folio_id, self.window)

    def home_of_refund(self, session: Session, hotel: Hotel, amount: Money) -> Home:
        """Return the account that so much went back of."""
        return home_of_refund(
            session, hotel, self.reservation_id, self.folio_id, self.window, amount
        )


@dataclass(frozen=True, slots=True)
class RoomPart:
    """What isn't given back of a room's part of a charge, and what its account is in credit.

    Parts of one account share its credit; without one each has its own.
    """

    left: int
    credit: int
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What of a refund is of which room's part, in minor units, and whose that is."""

    no: int
    of: GatewayPayment
    whose: Whose
    minor: int


# --- what was asked for here ----------------------------------------------------------------------


def end_refund(session: Session, hotel: Hotel, intent: Intent, heard: Heard, day: date) -> None:
    """Book what was given back as it was asked for; or note how far it is, or that it failed."""
    of = session.get_one(GatewayPayment, (hotel.id, intent.of_id))
    if heard.stand is Stand.PAID and heard.amount is not None:
        through = Through(object_id=heard.object_id, mode=intent.mode, card=_card_of(of))
        whose = Whose(intent.reservation_id, intent.folio_id, intent.window)
        home = whose.home_of_refund(session, hotel, heard.amount)
        back = _give(session, hotel, intent, of, home, heard.amount, through, day)
        if isinstance(home.thing, Folio) and intent.folio_id is None:
            # so that what the guest's bank sends back comes where it went from
            intent.folio_id, intent.window = home.thing.id, 1
        intent.gateway_payment_id = back.id
        finish(session, intent, IntentState.SETTLED)
    elif heard.stand in {Stand.DECLINED, Stand.RELEASED, Stand.EXPIRED}:
        finish(session, intent, IntentState.FAILED, why=heard.refused or "refused")
        trace(session, hotel, intent, f"A refund failed ({heard.refused or 'refused'})")
    else:
        finish(session, intent, IntentState.CALLED)


def _give(
    session: Session,
    hotel: Hotel,
    intent: Intent,
    of: GatewayPayment,
    home: Home,
    amount: Money,
    through: Through,
    day: date,
) -> GatewayPayment:
    """Take off one account what was given back of one payment, with its VAT; tell what is owed."""
    by, reason = actor(session, hotel, intent), intent.reason or "Refund"
    was_deposit = home.kind is PaymentKind.DEPOSIT
    back = online.give_back(
        session, hotel, home.thing, of=of, account_id=home.account_id,
        entry_kind=ledger.Kind.DEPOSIT_RETURNED if was_deposit else ledger.Kind.REFUND,
        amount=amount, through=through, reason=reason,
        subject_id=home.thing.id if was_deposit else None, day=day, by=by,
    )  # fmt: skip
    if isinstance(home.thing, Reservation):
        prepaid_taxes.given_back(
            session, hotel, home.thing, back.payment, of=of.payment, reason=reason, day=day, by=by
        )
        deposit_guarantees.follow(session, hotel, home.thing, day=day, by=by)
    stands = ledger.balances(session, hotel, [home.account_id])[home.account_id]
    if stands > 0:
        owed = Money(stands, hotel.currency)
        words = f"{amount.said} were given back online, the credit was gone: {owed.said} are owed"
        tell_desk(session, hotel, f"{words} now", home.party(session))
    return back


def _card_of(payment: GatewayPayment) -> CardSeen | None:
    was = payment.payment
    if was.brand is None or was.last_four is None:
        return None
    return CardSeen(was.brand, was.last_four)


# --- what was given back over there ---------------------------------------------------------------


def whose_is(session: Session, hotel: Hotel, of: GatewayPayment) -> Whose | None:
    """Say on whose account a payment stood; None where it is neither a deposit nor a folio's."""
    account = session.get_one(ledger.Account, (hotel.id, of.payment.account_id))
    if account.ledger is ledger.Ledger.DEPOSIT:
        number = int(account.code.partition("/")[2])
        found = sa.select(Reservation.id).where(
            Reservation.hotel_id == hotel.id, Reservation.number == number
        )
        return Whose(reservation_id=session.scalars(found).one())
    window = session.scalars(
        sa.select(FolioWindow).where(
            FolioWindow.hotel_id == hotel.id, FolioWindow.account_id == account.id
        )
    ).one_or_none()
    return Whose(folio_id=window.folio_id, window=window.no) if window else None


def shares(
    session: Session, hotel: Hotel, paid: Sequence[GatewayPayment], minor: int
) -> list[Share]:
    """Share out a refund that named a charge over the rooms' parts of it; none if not all fits."""
    rooms = []
    for no, of in enumerate(paid, start=1):
        whose = whose_is(session, hotel, of)
        if whose is not None:
            left = intending.left(session, hotel, of).minor
            credit, account_id = _credit(session, hotel, of, whose)
            rooms.append((no, of, whose, RoomPart(left, credit, account_id)))
    offs = shared_out(minor, [part for *_, part in rooms])
    return [
        Share(no, of, whose, off)
        for (no, of, whose, _), off in zip(rooms, offs, strict=False)
        if off
    ]


def shared_out(minor: int, rooms: Sequence[RoomPart]) -> list[int]:
    """Return what of a refund comes off each room's part; nothing where more than is left went.

    Over there nobody says whose it is. It is all of one room whose credit bears it, rather of one
    that has just that much left. Else what is in credit goes first, room by room, so that nobody
    owes for it as long as it can be helped, the credit of an account once; then what is left of the
    parts. Where nothing is in credit it is all of one room again, if one has as much left.
    """
    if minor > sum(room.left for room in rooms):
        return []
    free = [max(min(room.left, room.credit), 0) for room in rooms]
    can = free if any(free) else [room.left for room in rooms]
    fits = [no for no, most in enumerate(can) if most >= minor]
    if fits:
        one = min(fits, key=lambda no: rooms[no].left != minor)
        return [minor if no == one else 0 for no in range(len(rooms))]
    offs = _in_turn(minor, _used_once(rooms))
    more = _in_turn(
        minor - sum(offs), [room.left - off for room, off in zip(rooms, offs, strict=True)]
    )
    return [off + rest for off, rest in zip(offs, more, strict=True)]


def _used_once(rooms: Sequence[RoomPart]) -> list[int]:
    """Return what each part may take of the credit of its account, after the parts before it."""
    used: Counter[int] = Counter()
    found = []
    for no, room in enumerate(rooms):
        account = -1 - no if room.account_id is None else room.account_id
        found.append(max(min(room.left, room.credit - used[account]), 0))
        used[account] += found[-1]
    return found


def _in_turn(minor: int, most: Sequence[int]) -> list[int]:
    found = []
    for each in most:
        found.append(min(each, minor))
        minor -= found[-1]
    return found


def _credit(session: Session, hotel: Hotel, of: GatewayPayment, whose: Whose) -> tuple[int, int]:
    """Return what the account of a room's part is in credit, less what is kept back; and its id."""
    account_id = of.payment.account_id
    if whose.reservation_id is not None:
        found = session.get_one(Reservation, (hotel.id, whose.reservation_id))
        room = lock(session, found)
        if room.state not in BEFORE_ARRIVAL and room.folio_id is not None:
            folio = lock(session, session.get_one(Folio, (hotel.id, room.folio_id)))
            account_id = folios.window_account(session, folio, 1)
    stands = ledger.balances(session, hotel, [account_id])[account_id]
    return -stands - reserving.kept_back(session, hotel, account_id).minor, account_id


def book_shares(
    session: Session, hotel: Hotel, intent: Intent, heard: Heard, some: Sequence[Share], day: date
) -> None:
    """Book a refund of several rooms' parts, each off its own room, and tell the desk of each.

    Also one that the bank still works at: the gateway has taken it off what it owes the house.
    """
    said = {share.no: Money(share.minor, hotel.currency) for share in some}
    whole = Money(intent.amount, hotel.currency)
    for share in some:
        through = Through(
            object_id=heard.object_id, mode=intent.mode, card=_card_of(share.of), part=share.no
        )
        home = share.whose.home_of_refund(session, hotel, said[share.no])
        _give(session, hotel, intent, share.of, home, said[share.no], through, day)
        words = (
            f"{said[share.no].said} of what was paid online were given back {THERE}: this room's "
            f"share of {whole.said} for {len(some)} rooms, which named none. If that was meant for "
            "another room, move it to that room's bill"
        )
        tell_desk(session, hotel, words, home.party(session))
    finish(session, intent, IntentState.SETTLED)


# --- what came again ------------------------------------------------------------------------------


def book_returned(session: Session, hotel: Hotel, intent: Intent, heard: Heard, day: date) -> None:
    """Book money, once, that was given back and that the guest's bank sent back again.

    It stands to the guest's credit again; the gateway can't give it back a second time, so the
    desk is told to do it in another way.
    """
    is_booked = (intent.refused or "").startswith(_RETURNED)
    if intent.deed is not Deed.REFUND or heard.stand is not Stand.DECLINED or is_booked:
        return
    why = heard.refused or "refused"
    named = f"{heard.object_id}{online.RETURNED}"
    went = online.of_charge(session, hotel, heard.object_id)
    for back in went:
        of = session.get_one(GatewayPayment, (hotel.id, back.gives_back_id))
        part = int(back.object_id.rpartition("/")[2]) if back.charge is not None else None
        whose = whose_is(session, hotel, back) if part is not None else None
        whose = whose or Whose(intent.reservation_id, intent.folio_id, intent.window)
        home, amount = whose.home(session, hotel), Money(-back.amount, hotel.currency)
        through = Through(object_id=named, mode=intent.mode, card=_card_of(of), part=part)
        taken = online.take(
            session, hotel, home.thing, account_id=home.account_id, kind=home.kind, amount=amount,
            through=through,
            subject_id=whose.reservation_id if home.kind is PaymentKind.DEPOSIT else None, day=day,
            by=staff.the_house(session, hotel),
        )  # fmt: skip
        deposit_came(session, hotel, home, taken, day, by=staff.the_house(session, hotel))
        words = f"The guest's bank sent {amount.said} back ({why}): they stand to the guest's"
        words = f"{words} credit. Give them back in cash or by transfer"
        tell_desk(session, hotel, words, home.party(session))
    intent.refused = f"{_RETURNED}: {why}"[:300]
    session.flush()
