"""The demo's payments by link: asked, opened, paid, declined, held and kept; one is disputed."""

from datetime import date, time, timedelta

import sqlalchemy as sa

from pms.base import clock
from pms.base.db import transaction
from pms.base.gateway import Gateway, Mode
from pms.base.money import Money
from pms.demo.month import House
from pms.gateways.stripe import Stripe
from pms.gateways.stripe_fake import Practice
from pms.hotel.house import staff
from pms.hotel.house.staff import Role
from pms.hotel.service import checkout
from pms.hotel.service.checkout import (
    Intent,
    PaymentRequest,
    Purpose,
    disputes,
    express_cards,
    following,
    intending,
    intents,
    parts,
)
from pms.hotel.service.checkout.parts import RoomOwes
from pms.hotel.stays import guest_links
from pms.hotel.stays.reservations import Reservation, State
from pms.web.letters.paying import Asked

# What guests were asked for, how much, and what they did on the page.
ASKED: tuple[tuple[Purpose, int, str | None], ...] = (
    (Purpose.DEPOSIT, 12_000, "visa"),
    (Purpose.DEPOSIT, 9_500, "mastercard"),
    (Purpose.HOLD, 25_000, "visa"),
    (Purpose.CARD, 0, "visa"),
    (Purpose.DEPOSIT, 18_000, "declined"),
    (Purpose.DEPOSIT, 6_000, None),
    (Purpose.DEPOSIT, 7_500, "withdrawn"),
)
AHEAD = 6  # days, whose arrivals are asked


class Till:
    """The hotel's practice gateway, and the guests at it."""

    def __init__(self, house: House, practice: Practice) -> None:
        self.house, self.practice = house, practice

    def gateway(self, code: str, mode: Mode) -> Gateway:
        """Return the practice gateway of a hotel."""
        key = self.practice.account(code).secret_key
        return Stripe.over(key, self.practice.http_client(), mode)

    def opens(self, request: PaymentRequest) -> Intent:
        """Let the guest press the button of the pay page."""
        session, hotel = self.house.session, self.house.hotel
        by = staff.the_house(session, hotel)
        asked = Asked(session, hotel, request)
        with transaction(session):
            checkout.note_opened(session, request, by=by)
            consent = None
            if asked.consent is not None:
                consent = checkout.consent(
                    session, request, words=asked.consent, language=asked.t.language,
                    address="203.0.113.24", by=by,
                )  # fmt: skip
            intent = intending.pay(session, request, words=asked.words, consent=consent, by=by)
        return intents.carry_out(session, intent, self.gateway, back_to="/")

    def pays(self, request: PaymentRequest, card: str) -> Intent:
        """Let the guest choose a card on the hosted page, and come back."""
        intent = self.opens(request)
        self.practice.of(self.house.hotel.code).choose(str(intent.object_id), card)
        return intents.look(self.house.session, intent, self.gateway)


def live(house: House, practice: Practice, *, today: date) -> None:
    """Practise taking money online, and let guests do what they do with links."""
    practice.store.forget(house.hotel.code)
    till = Till(house, practice)
    with house.at(today, time(9, 10)) as hotel:
        by = house.who(Role.MANAGER)
        checkout.set_mode(house.session, hotel, Mode.PRACTICE, by=by)
        express_cards.allow(house.session, hotel, allowed=True, by=by)
    asked = _ask(house, today)
    with house.clock_at(today, time(11, 0)):
        paid = [
            till.pays(request, card)
            for request, card in asked
            if card is not None and card != "withdrawn"
        ]
        for request, card in asked:
            if card == "withdrawn":
                with transaction(house.session):
                    checkout.withdraw(
                        house.session, request, reason="Pays on arrival",
                        by=house.who(Role.FRONT_DESK),
                    )  # fmt: skip
    with house.clock_at(today, time(13, 0)):
        _pay_out(house, till, paid)


def pay_together(house: House, practice: Practice, *, today: date) -> None:
    """Ask who booked two rooms for both deposits by one link, and let them pay."""
    with house.at(today, time(17, 10)) as hotel:
        second = house.session.scalar(
            sa.select(Reservation)
            .where(
                Reservation.hotel_id == hotel.id,
                Reservation.state == State.BOOKED,
                Reservation.booking_number != Reservation.number,
                Reservation.group_id.is_(None),
            )
            .order_by(Reservation.number.desc())
            .limit(1)
        )
        if second is None:
            return
        booking = guest_links.first_of(house.session, second)
        owes = [
            RoomOwes(reservation=room, amount=Money(9_000, hotel.currency))
            for room in (booking, second)
        ]
        request = parts.ask(
            house.session, hotel, booking, owes, language="de",
            expires_at=clock.now() + timedelta(days=7), by=house.who(Role.FRONT_DESK),
        )  # fmt: skip
    with house.clock_at(today, time(18, 5)):
        Till(house, practice).pays(request, "visa")


def _ask(house: House, today: date) -> list[tuple[PaymentRequest, str | None]]:
    with house.at(today, time(9, 20)) as hotel:
        by = house.who(Role.FRONT_DESK)
        parties: list[Reservation] = []
        for ahead in range(1, AHEAD + 1):
            parties += house.due(hotel, today + timedelta(days=ahead))[:2]
        return [
            (
                checkout.ask(
                    house.session, hotel, purpose=purpose,
                    amount=Money(minor, hotel.currency) if minor else None, reservation=party,
                    language="de", expires_at=clock.now() + timedelta(days=7), by=by,
                ),
                card,
            )
            for party, (purpose, minor, card) in zip(parties, ASKED, strict=False)
        ]  # fmt: skip


def _pay_out(house: House, till: Till, paid: list[Intent]) -> None:
    """Send the first payments to the bank, and let the second one be disputed after."""
    moved = [each.payment for each in paid if each.gateway_payment_id is not None]
    if len(moved) < 2 or moved[1] is None:
        return
    bank = till.practice.of(house.hotel.code)
    bank.pay_out()
    following.fetch_payouts(house.session, house.hotel, till.gateway)
    dispute = bank.open_dispute(moved[1])
    said = till.gateway(house.hotel.code, Mode.PRACTICE).dispute(dispute["id"])
    with transaction(house.session):
        by = staff.the_house(house.session, house.hotel)
        disputes.hear(house.session, house.hotel, said, by=by)
