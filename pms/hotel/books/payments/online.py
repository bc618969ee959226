"""Money through a payment gateway: taken and given back on its clearing account, each thing once.

A card paid online leaves no terminal's slip: `GatewayPayment` says which of the gateway's own
objects it was, and the same object is never booked twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pms.base import ink
from pms.base.db import Base, OfHotel, choice, new_id, within_hotel
from pms.base.gateway import CardSeen, Mode
from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.hotel.books import ledger
from pms.hotel.books.ledger import Kind
from pms.hotel.books.payments import slips
from pms.hotel.books.payments.tables import Method, Payment, PaymentKind
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.logbook import Thing
from pms.hotel.house.staff import Staff

GATEWAY = ledger.Wanted(ledger.Ledger.CLEARING, "clearing/stripe", "Stripe")
RETURNED = "/returned"  # a refund that the guest's bank sent back is booked as its own object
_ENTRY_OF = {PaymentKind.PAYMENT: Kind.PAYMENT, PaymentKind.DEPOSIT: Kind.DEPOSIT}


class GatewayPayment(OfHotel, Base):
    """Which of a gateway's objects a payment is: money in (above zero) or given back.

    `gives_back_id` is the payment of which something was given back. Where one charge pays for
    several rooms, each room's part is a payment: `charge` is the gateway's object, and `object_id`
    that and the part's number. So it is where one refund, made in the gateway's own pages, gives
    back of several rooms' parts, and where that comes again.
    """

    __tablename__ = "gateway_payments"
    __table_args__ = (
        within_hotel("payment_id", "payments"),
        within_hotel("gives_back_id", "gateway_payments"),
        sa.UniqueConstraint("hotel_id", "payment_id"),
        sa.UniqueConstraint("hotel_id", "object_id"),
        sa.CheckConstraint("amount <> 0", name="moves_money"),
        sa.CheckConstraint("(amount < 0) = (gives_back_id IS NOT NULL)", name="gives_back_one"),
        sa.CheckConstraint(
            "charge IS NULL OR substr(object_id, 1, length(charge) + 1) = charge || '/'",
            name="is_part_of_its_charge",
        ),
        sa.Index(None, "hotel_id", "gives_back_id"),
        sa.Index(
            "ix_gateway_payments_charge",
            "hotel_id",
            "charge",
            sqlite_where=sa.text("charge IS NOT NULL"),
            postgresql_where=sa.text("charge IS NOT NULL"),
        ),
    )

    payment_id: Mapped[int]
    gives_back_id: Mapped[int | None]
    mode: Mapped[Mode] = mapped_column(choice(Mode))
    object_id: Mapped[str] = mapped_column(sa.String(255))
    charge: Mapped[str | None] = mapped_column(sa.String(255))
    amount: Mapped[int]

    payment: Mapped[Payment] = relationship(viewonly=True)

    @property
    def came_again(self) -> bool:
        """Whether it is a refund that the guest's bank sent back: none can be made of that."""
        return self.named.endswith(RETURNED)

    @property
    def named(self) -> str:
        """How the gateway calls the object."""
        return self.charge or self.object_id


ink.append_only("gateway_payments")
ink.guard(
    "gateway_payments_give_back_what_was_taken",
    table="gateway_payments",
    when="INSERT",
    refuse_if=(
        "NEW.gives_back_id IS NOT NULL AND (SELECT SUM(amount) FROM gateway_payments"
        " WHERE hotel_id = NEW.hotel_id AND (id = NEW.gives_back_id"
        " OR gives_back_id = NEW.gives_back_id)) + NEW.amount < 0"
    ),
    message="no more is given back than was taken",
)


class PaidOnline(Refusal):
    """What went through the gateway isn't undone by writing it off."""

    def __init__(self) -> None:
        super().__init__("That was paid online. Give it back through the gateway instead.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Through:
    """One of the gateway's objects, or (counted) a part of it; and the card it says it was."""

    object_id: str
    mode: Mode
    card: CardSeen | None = None
    part: int | None = None

    @property
    def key(self) -> str:
        """What is booked once: the object, or the part of it."""
        return self.object_id if self.part is None else f"{self.object_id}/{self.part}"

    @property
    def words(self) -> str:
        """How it reads on a bill."""
        return f"{slips.brand(self.card.brand)} {self.card.last_four}" if self.card else "Online"

    @property
    def charge(self) -> str | None:
        """The object of which this is a part, if it is one."""
        return None if self.part is None else self.object_id

    def columns(self) -> dict[str, Any]:
        """Return what a payment keeps of how it was paid: by transfer, where no card was seen."""
        if self.card is None:
            return {"method": Method.TRANSFER}
        return {
            "method": Method.CARD,
            "brand": slips.brand(self.card.brand)[:24],
            "last_four": self.card.last_four,
        }


def booked(session: Session, hotel: Hotel, object_id: str) -> GatewayPayment | None:
    """Return what stands in the books for one of the gateway's objects."""
    return session.scalar(
        sa.select(GatewayPayment).where(
            GatewayPayment.hotel_id == hotel.id, GatewayPayment.object_id == object_id
        )
    )


def of_charge(session: Session, hotel: Hotel, object_id: str) -> Sequence[GatewayPayment]:
    """Return what stands in the books for a charge or a refund: one, or each room's in order."""
    which = sa.or_(GatewayPayment.object_id == object_id, GatewayPayment.charge == object_id)
    return session.scalars(
        sa.select(GatewayPayment)
        .where(GatewayPayment.hotel_id == hotel.id, which)
        .order_by(GatewayPayment.id)
    ).all()


def take(
    session: Session,
    hotel: Hotel,
    thing: Thing,
    *,
    account_id: int,
    kind: PaymentKind,
    amount: Money,
    through: Through,
    subject_id: int | None,
    day: date,
    by: Staff,
) -> GatewayPayment:
    """Book money that the gateway took, on an account whose owner is locked; once per object."""
    before = booked(session, hotel, through.key)
    if before is not None:
        return before
    return _move(
        session, hotel, thing, account_id=account_id, kind=kind, entry_kind=_ENTRY_OF[kind],
        moved=amount.minor, through=through, reason=None, subject_id=subject_id,
        gives_back_id=None, day=day, by=by,
    )  # fmt: skip


def give_back(
    session: Session,
    hotel: Hotel,
    thing: Thing,
    *,
    of: GatewayPayment,
    account_id: int,
    entry_kind: Kind,
    amount: Money,
    through: Through,
    reason: str,
    subject_id: int | None,
    day: date,
    by: Staff,
) -> GatewayPayment:
    """Book money that the gateway gave back of a payment; once per object."""
    before = booked(session, hotel, through.key)
    if before is not None:
        return before
    return _move(
        session, hotel, thing, account_id=account_id, kind=PaymentKind.REFUND,
        entry_kind=entry_kind, moved=-amount.minor, through=through, reason=reason,
        subject_id=subject_id, gives_back_id=of.id, day=day, by=by,
    )  # fmt: skip


def _move(
    session: Session,
    hotel: Hotel,
    thing: Thing,
    *,
    account_id: int,
    kind: PaymentKind,
    entry_kind: Kind,
    moved: int,
    through: Through,
    reason: str | None,
    subject_id: int | None,
    gives_back_id: int | None,
    day: date,
    by: Staff,
) -> GatewayPayment:
    """Post minor units from the gateway to an account, and keep which of its objects they are."""
    gateway = ledger.accounts(session, hotel, [GATEWAY])[GATEWAY.code]
    draft = ledger.Draft(
        kind=entry_kind,
        key=f"gateway/{through.key}",
        text=through.words,
        reference=through.object_id,
        reason=reason,
        subject_id=subject_id,
        lines=(ledger.Side(gateway, moved), ledger.Side(account_id, -moved)),
    )
    [posted] = ledger.post(session, hotel, [draft], day=day, by=by)
    payment = Payment(
        hotel_id=hotel.id, id=new_id(), entry_id=posted.entry_id, account_id=account_id,
        business_day=day, kind=kind, amount=moved, staff_id=by.id, **through.columns(),
    )  # fmt: skip
    session.add(payment)
    session.flush()
    made = GatewayPayment(
        hotel_id=hotel.id, id=new_id(), payment_id=payment.id, gives_back_id=gives_back_id,
        mode=through.mode, object_id=through.key, charge=through.charge, amount=moved,
    )  # fmt: skip
    session.add(made)
    session.flush()
    logbook.record(
        session, "paid" if moved > 0 else "refunded", thing, by=by, day=day, why=reason,
        amount=Money(abs(moved), hotel.currency), method="online", entry=posted.entry_id,
    )  # fmt: skip
    return made


def left(session: Session, payment: GatewayPayment) -> int:
    """Return the minor units of a payment that can be given back; a refund that returned none."""
    if payment.came_again:
        return 0
    back = session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(GatewayPayment.amount), 0)).where(
            GatewayPayment.hotel_id == payment.hotel_id,
            GatewayPayment.gives_back_id == payment.id,
        )
    )
    return payment.amount + int(back or 0)


def refuse_online(session: Session, payment: Payment) -> None:
    """Refuse to undo by hand what went through a gateway."""
    found = session.scalar(
        sa.select(GatewayPayment.id).where(
            GatewayPayment.hotel_id == payment.hotel_id, GatewayPayment.payment_id == payment.id
        )
    )
    if found is not None:
        raise PaidOnline
