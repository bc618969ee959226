"""Settlements: which folio is whose, what was paid before arrival, what stands in the way."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base.db import lock
from pms.base.money import Money, total
from pms.base.refusal import Refusal
from pms.hotel.books import deposit_taxes, folios, ledger, payments, reserving, routing
from pms.hotel.books.folios import Folio, FolioKind, FolioState
from pms.hotel.books.ledger import Kind
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.stays import agreed_routing, prepaid_taxes
from pms.hotel.stays.groups.tables import Billing, Group
from pms.hotel.stays.reservations.promise import Reservation, State
from pms.hotel.tariff.charges import ChargeCode, Department


class DepositAfterArrival(Refusal):
    """Who is in house, or not expected any more, pays on the folio."""

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(
            f"Reservation {reservation.number} isn't waiting to arrive. Take payment on the folio."
        )


class NoDeposit(Refusal):
    """Nothing is held for the reservation."""

    def __init__(self, reservation: Reservation) -> None:
        super().__init__(f"No deposit is held for reservation {reservation.number}.")


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
        f"Window {no} owes {balance} {balance.currency}."
        if balance.minor > 0
        else f"Window {no} is owed {-balance} {balance.currency}."
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


# --- deposits -----------------------------------------------------------------------------------


def take_deposit(
    session: Session,
    reservation: Reservation,
    *,
    amount: Money,
    method: payments.Method,
    card: payments.CardSlip | None = None,
    tendered: Money | None = None,
    reference: str | None = None,
    key: str | None = None,
    by: Staff,
) -> payments.Payment:
    """Take money before arrival: a liability until the party comes. Refuses who isn't awaited.

    Cash may be `tendered` in foreign notes as on a folio; it is given back in the house's money.
    """
    require(by, Permission.PAY, reservation.hotel_id)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    if reservation.state is not State.BOOKED:
        raise DepositAfterArrival(reservation)
    taken = payments.take(
        session,
        hotel,
        reservation,
        account_id=deposit_account(session, hotel, reservation),
        kind=payments.PaymentKind.DEPOSIT,
        amount=amount,
        method=method,
        card=card,
        tendered=tendered,
        reference=reference,
        subject_id=reservation.id,
        key=key,
        day=day,
        by=by,
    )
    prepaid_taxes.owe(session, hotel, reservation, taken, day=day, by=by)
    return taken


def deposit_held(session: Session, reservation: Reservation) -> Money:
    """Return what is held for a reservation before its arrival."""
    hotel = session.get_one(Hotel, reservation.hotel_id)
    account_id = deposit_there(session, reservation)
    if account_id is None:
        return Money.zero(hotel.currency)
    return Money(-ledger.balances(session, hotel, [account_id])[account_id], hotel.currency)


def deposits_held(
    session: Session, hotel: Hotel, reservations: Iterable[Reservation]
) -> dict[int, Money]:
    """Return what is held for each of these reservations, by their ids: two questions in all."""
    codes = {each.id: _deposit_code(each) for each in reservations}
    rows = session.execute(
        sa.select(ledger.Account.code, ledger.Account.id).where(
            ledger.Account.hotel_id == hotel.id, ledger.Account.code.in_(codes.values())
        )
    )
    accounts = {row.code: row.id for row in rows}
    sums = ledger.balances(session, hotel, accounts.values())
    return {
        reservation_id: Money(-sums.get(accounts.get(code, 0), 0), hotel.currency)
        for reservation_id, code in codes.items()
    }


def apply_deposit(
    session: Session, reservation: Reservation, *, amount: Money | None = None, by: Staff
) -> Money:
    """Let what was paid before arrival mature onto the first window; return how much that was.

    A refund on its way goes along with the whole; an `amount` pays a fee, and leaves behind what
    is on its way.
    """
    require(by, Permission.POST, reservation.hotel_id)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    account_id = deposit_there(session, reservation)
    if account_id is None:
        return Money.zero(hotel.currency)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    held = Money(-ledger.balances(session, hotel, [account_id])[account_id], hotel.currency)
    applied = held
    if amount is not None:
        applied = min(held - reserving.kept_back(session, hotel, account_id), amount)
    if applied.minor <= 0:
        return Money.zero(hotel.currency)
    folio = folio_of(session, reservation, by=by)
    folios.lock_open(session, [folio])
    [posted] = ledger.post(
        session,
        hotel,
        [
            ledger.Draft(
                kind=Kind.DEPOSIT_APPLIED,
                text="Deposit",
                subject_id=reservation.id,
                lines=(
                    ledger.Side(account_id, applied.minor),
                    ledger.Side(folios.window_account(session, folio, 1), -applied.minor),
                ),
            )
        ],
        day=day,
        by=by,
    )
    prepaid_taxes.matured(
        session, hotel, reservation, amount=applied, account_id=account_id,
        entry_id=posted.entry_id, pays_fee=amount is not None, day=day, by=by,
    )  # fmt: skip
    if amount is None:
        account = folios.window_account(session, folio, 1)
        reserving.follow(session, hotel, from_account=account_id, to_account=account)
    logbook.record(
        session,
        "applied deposit",
        reservation,
        by=by,
        day=day,
        amount=applied,
        entry=posted.entry_id,
    )
    return applied


def unapply_deposit(session: Session, reservation: Reservation, *, reason: str, by: Staff) -> Money:
    """Take an applied deposit back off the folio when a check-in is undone; return how much.

    A refund of it that is on its way goes back along. Refuses while one that was asked for on the
    folio needs the credit: it is booked there.
    """
    require(by, Permission.POST, reservation.hotel_id)
    folios.refuse_no_reason(reason)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    account_id = deposit_there(session, reservation)
    entries = session.scalars(
        sa.select(ledger.Entry)
        .where(
            ledger.Entry.hotel_id == hotel.id,
            ledger.Entry.subject_id == reservation.id,
            ledger.Entry.kind == Kind.DEPOSIT_APPLIED,
            ledger.standing(),
        )
        .order_by(ledger.Entry.id)
    ).all()
    if not entries or account_id is None:
        return Money.zero(hotel.currency)
    folio = folio_of(session, reservation, by=by)
    folios.lock_open(session, [folio])
    account = folios.window_account(session, folio, 1)
    reserving.follow(session, hotel, from_account=account, to_account=account_id)
    applied = [
        Money(line.amount, hotel.currency)
        for entry in entries
        for line in ledger.lines_of(session, entry)
        if line.account_id == account_id
    ]
    amount = total(applied, hotel.currency)
    reserving.refuse_kept_back(session, hotel, account, amount)
    for entry in entries:
        folios.refuse_moved(session, entry)
        folios.refuse_invoiced(session, entry)
        undone = ledger.reverse(session, hotel, entry, reason=reason, day=day, by=by)
        deposit_taxes.owe_again(
            session, hotel, moved_id=entry.id, reversal_id=undone.entry_id, day=day, by=by
        )
    logbook.record(
        session, "took back deposit", reservation, by=by, day=day, why=reason, amount=amount
    )
    return amount


def return_deposit(
    session: Session,
    reservation: Reservation,
    *,
    amount: Money | None = None,
    method: payments.Method,
    card: payments.CardSlip | None = None,
    reason: str,
    key: str | None = None,
    by: Staff,
) -> payments.Payment:
    """Give a deposit back, whole or in part. Refuses more than is held."""
    require(by, Permission.REFUND, reservation.hotel_id)
    folios.refuse_no_reason(reason)
    hotel = session.get_one(Hotel, reservation.hotel_id)
    day = business_day.hold(session, hotel)
    lock(session, reservation)
    account_id = deposit_there(session, reservation)
    if account_id is None:
        raise NoDeposit(reservation)
    if amount is None:
        amount = deposit_held(session, reservation)
        if not amount:
            raise NoDeposit(reservation)
    payments.refuse_more_than_credit(session, hotel, account_id, amount)
    given = payments.give_back(
        session,
        hotel,
        reservation,
        account_id=account_id,
        entry_kind=Kind.DEPOSIT_RETURNED,
        amount=amount,
        method=method,
        card=card,
        reason=reason,
        subject_id=reservation.id,
        key=key,
        day=day,
        by=by,
    )
    prepaid_taxes.given_back(session, hotel, reservation, given, reason=reason, day=day, by=by)
    return given


def keep_deposit(
    session: Session,
    reservation: Reservation,
    *,
    fee: Money,
    code: ChargeCode,
    by: Staff,
) -> Money:
    """Turn a deposit into a cancellation or no-show fee; return what is still to be given back.

    The fee is a charge with its taxes on the reservation's folio, and the deposit pays for it: fee
    and refund together are what was held. What the deposit doesn't cover stays owed.
    """
    require(by, Permission.POST, reservation.hotel_id)
    lock(session, reservation)
    if not deposit_held(session, reservation):
        raise NoDeposit(reservation)
    folio = folio_of(session, reservation, by=by)
    folios.charge(session, folio, code=code, amount=fee, window=1, is_fee=True, by=by)
    owed = folios.balance_of(session, folio)[1]
    apply_deposit(session, reservation, amount=owed, by=by)
    if folios.settled(session, folio):
        folios.close(session, folio, by=by)
    return deposit_held(session, reservation)


def deposit_account(session: Session, hotel: Hotel, reservation: Reservation) -> int:
    """Return the account of what is paid before arrival, opened on first need."""
    number = reservation.number
    wanted = ledger.Wanted(
        ledger.Ledger.DEPOSIT, _deposit_code(reservation), f"Deposit for reservation {number}"
    )
    return ledger.accounts(session, hotel, [wanted])[wanted.code]


_DEPOSIT = sa.select(ledger.Account.id).where(
    ledger.Account.hotel_id == sa.bindparam("hotel"), ledger.Account.code == sa.bindparam("code")
)


def deposit_there(session: Session, reservation: Reservation) -> int | None:
    """Return the account of what was paid before arrival, once there is one."""
    code = _deposit_code(reservation)
    return session.scalar(_DEPOSIT, {"hotel": reservation.hotel_id, "code": code})


def _deposit_code(reservation: Reservation) -> str:
    return f"deposit/{reservation.number}"
