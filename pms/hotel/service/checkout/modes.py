"""Modes: whose money a hotel's gateway moves, set by a manager; test and real are never mixed."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from pms.base.db import Base, choice
from pms.base.gateway import Mode, NoGateway
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.house import business_day, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission, Staff, require
from pms.hotel.service.checkout.refusals import (
    AccountInUse,
    AnotherAccount,
    ModeInUse,
    OtherMode,
)
from pms.hotel.service.checkout.tables import (
    OPEN_STATES,
    CardHold,
    HoldState,
    Intent,
    IntentState,
    PaymentRequest,
)


class CheckoutSetting(Base):
    """Whose money a hotel's gateway moves, on an `account` of its own; without a row none is."""

    __tablename__ = "checkout_settings"
    __table_args__ = (
        sa.Index("uq_checkout_settings_account", "account", unique=True),
        {"sqlite_with_rowid": False},
    )

    hotel_id: Mapped[int] = mapped_column(
        sa.ForeignKey("hotels.id"), primary_key=True, autoincrement=False
    )
    mode: Mapped[Mode] = mapped_column(choice(Mode))
    account: Mapped[str | None] = mapped_column(sa.String(255))
    charges_express: Mapped[bool] = mapped_column(default=False)


def mode_of(session: Session, hotel: Hotel) -> Mode | None:
    """Return the mode of a hotel's gateway, or None where it takes no money online."""
    return session.scalar(
        sa.select(CheckoutSetting.mode).where(CheckoutSetting.hotel_id == hotel.id)
    )


def needed(session: Session, hotel: Hotel) -> Mode:
    """Return the mode of a hotel's gateway; refuses where it has none."""
    mode = mode_of(session, hotel)
    if mode is None:
        raise NoGateway("a manager says on Online payment whose account it is.")
    return mode


def refuse_other(session: Session, hotel: Hotel, kept: Mode) -> None:
    """Refuse what was begun in another mode than the hotel's own."""
    now = needed(session, hotel)
    if kept is not now:
        raise OtherMode(kept, now)


def set_mode(
    session: Session, hotel: Hotel, mode: Mode | None, *, account: str | None = None, by: Staff
) -> None:
    """Say whose money the gateway moves, or that there is none.

    `account` is the gateway's own name for it, where it could be asked. Refuses while something of
    the former mode is still open, going back from real money, and another hotel's account.
    """
    require(by, Permission.SET_UP, hotel.id)
    day = business_day.hold_hotel(session, hotel)
    before = mode_of(session, hotel)
    if before is mode:
        return
    in_use = _in_use(session, hotel) if before is not None else None
    if in_use is not None:
        raise ModeInUse(in_use)
    if mode in {Mode.PRACTICE, Mode.TEST} and _was_live(session, hotel):
        raise ModeInUse("real money is in the books, and practised money would stand beside it")
    if mode is None:
        session.execute(sa.delete(CheckoutSetting).filter_by(hotel_id=hotel.id))
    else:
        _refuse_account_of_another(session, hotel, account)
        setting = session.get(CheckoutSetting, hotel.id) or CheckoutSetting(hotel_id=hotel.id)
        setting.mode, setting.account = mode, account
        session.add(setting)
        session.flush()
    line = logbook.line(
        "set online payment", "hotels", hotel.id, hotel.id, by=by, day=day,
        before={"mode": before}, after={"mode": mode},
    )  # fmt: skip
    logbook.write(session, [line])


def noted_account(session: Session, hotel: Hotel) -> str | None:
    """Return the gateway's own name for a hotel's account, where it is known."""
    return session.scalar(
        sa.select(CheckoutSetting.account).where(CheckoutSetting.hotel_id == hotel.id)
    )


def own_account(session: Session, hotel: Hotel, account: str, *, by: Staff) -> None:
    """Note whose account it is that a gateway speaks for.

    Refuses another hotel's, and another one than before while something is open there.
    """
    require(by, Permission.PAY, hotel.id)
    setting = session.get(CheckoutSetting, hotel.id)
    if setting is None or setting.account == account:
        return
    day = business_day.hold_hotel(session, hotel)
    if setting.account is not None and _in_use(session, hotel) is not None:
        raise AnotherAccount
    _refuse_account_of_another(session, hotel, account)
    before, setting.account = setting.account, account
    session.flush()
    line = logbook.line(
        "noted the gateway's account", "hotels", hotel.id, hotel.id, by=by, day=day,
        before={"account": before}, after={"account": account},
    )  # fmt: skip
    logbook.write(session, [line])


def _refuse_account_of_another(session: Session, hotel: Hotel, account: str | None) -> None:
    if account is None:
        return
    other = session.scalar(
        sa.select(Hotel)
        .join(CheckoutSetting, CheckoutSetting.hotel_id == Hotel.id)
        .where(CheckoutSetting.account == account, Hotel.id != hotel.id)
    )
    if other is not None:
        raise AccountInUse(other.code if other.chain_id == hotel.chain_id else None)


def _in_use(session: Session, hotel: Hotel) -> str | None:
    """Say what is open at the gateway, if anything is."""
    open_things = (
        ("requests are open", PaymentRequest.state.in_(OPEN_STATES), PaymentRequest),
        ("holds stand", CardHold.state == HoldState.HELD, CardHold),
        (
            "the gateway hasn't answered all yet",
            Intent.state.in_((IntentState.INTENDED, IntentState.CALLED)),
            Intent,
        ),
    )
    for words, stands, table in open_things:
        if session.scalar(sa.select(table.id).where(table.hotel_id == hotel.id, stands).limit(1)):
            return words
    return None


def _was_live(session: Session, hotel: Hotel) -> bool:
    found = session.scalar(
        sa.select(GatewayPayment.id)
        .where(GatewayPayment.hotel_id == hotel.id, GatewayPayment.mode == Mode.LIVE)
        .limit(1)
    )
    return found is not None
