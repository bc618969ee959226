"""A hotel that takes money online by the practice gateway, and guests who pay there."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from pms.base import clock
from pms.base.db import transaction
from pms.base.gateway import Mode
from pms.base.money import Money
from pms.gateways.stripe import Accounts, read_event
from pms.gateways.stripe_fake import Practice
from pms.hotel.books import folios, ledger
from pms.hotel.house import jobs, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.service import checkout
from pms.hotel.service.checkout import (
    Intent,
    Purpose,
    following,
    holding,
    intending,
    intents,
    news,
    parts,
    standing_cards,
)
from pms.hotel.stays import settlements, stays
from pms.hotel.stays.traces import Trace
from tests import make


def euros(minor):
    return Money(minor, "EUR")


class Till:
    """One hotel, its practice gateway, and what its people and its guests do there."""

    def __init__(self, session, practice=None, house=None, **furnished):
        self.session = session
        self.practice = practice or Practice()
        self.gateways = Accounts(Path(), {}, self.practice).gateway
        with transaction(session):
            self.house = house or make.furnished(session, **furnished)
            self.by = make.by(session, self.house)
            staff.the_house(session, self.house)
            checkout.set_mode(session, self.house, Mode.PRACTICE, by=self.by)

    @property
    def stripe(self):
        """The gateway's own objects and levers."""
        return self.practice.of(self.house.code)

    def books(self, **details):
        """A party that is coming."""
        with transaction(self.session):
            return make.reservation(self.session, self.house, **details)

    def arrives(self, booked, number="101"):
        with transaction(self.session):
            room = make.room(self.session, self.house, number)
            return stays.check_in(self.session, booked, room=room, by=self.by)

    def charges(self, booked, minor=12_000):
        """Put something on a party's folio, and return the folio."""
        with transaction(self.session):
            folio = settlements.folio_of(self.session, booked, by=self.by)
            code = make.charge_code(self.session, self.house, "BAR")
            folios.charge(self.session, folio, code=code, amount=euros(minor), window=1, by=self.by)
            return folio

    def asks(self, purpose=Purpose.DEPOSIT, minor=12_000, days=3, **whose):
        with transaction(self.session):
            return checkout.ask(
                self.session, self.house, purpose=purpose,
                amount=None if purpose is Purpose.CARD else euros(minor),
                expires_at=clock.now() + timedelta(days=days), by=self.by, **whose,
            )  # fmt: skip

    def opens(self, request):
        """The guest presses the button of the pay page."""
        house = staff.the_house(self.session, self.house)
        with transaction(self.session):
            consent = None
            if request.purpose in {Purpose.HOLD, Purpose.CARD}:
                consent = checkout.consent(
                    self.session, request, words="I agree.", language="en",
                    address="203.0.113.7", by=house,
                )  # fmt: skip
            intent = intending.pay(
                self.session, request, words="Deposit", consent=consent, by=house
            )
        return intents.carry_out(
            self.session, intent, self.gateways, back_to="https://hotel.example/pay/x"
        )

    def chooses(self, intent, card="visa"):
        """The guest pays on the hosted page."""
        return self.stripe.choose(intent.object_id, card)

    def pays(self, request, card="visa"):
        intent = self.opens(request)
        self.chooses(intent, card)
        return self.looks(intent)

    def pays_rooms(self, rooms, minor=5_000):
        """One payment, as deposits of a booking's rooms."""
        owes = [parts.RoomOwes(reservation=each, amount=euros(minor)) for each in rooms]
        with transaction(self.session):
            request = parts.ask(
                self.session, self.house, rooms[0], owes, language="en",
                expires_at=clock.now() + timedelta(days=3), by=self.by,
            )  # fmt: skip
        return self.pays(request)

    def looks(self, intent):
        return intents.look(self.session, intent, self.gateways)

    def does(self, verb, *things, **details):
        """Intend by a verb and carry it out."""
        with transaction(self.session):
            intent = verb(self.session, *things, by=self.by, **details)
        return intents.carry_out(self.session, intent, self.gateways)

    def holds(self, booked, minor=20_000):
        """A hold that stands on a party's card."""
        self.pays(self.asks(Purpose.HOLD, minor, reservation=booked))
        return holding.of_reservation(self.session, booked)[0]

    def keeps(self, booked, card="visa"):
        """A card that is kept for a party."""
        self.pays(self.asks(Purpose.CARD, reservation=booked), card)
        return standing_cards.of(self.session, booked)[0]

    # --- news, and the worker ----------------------------------------------------------------

    def news(self):
        """Every event that happened, as it would be sent."""
        secret = self.practice.account(self.house.code).webhook_secret
        return [
            read_event(*self.practice.signed(self.house.code, body), [secret])
            for _, body in self.practice.store.events(self.house.code)
        ]

    def hears(self, event):
        with transaction(self.session):
            return news.note(self.session, self.house, event, mode=Mode.PRACTICE)

    def works(self):
        """The worker does what is due of the gateway."""
        sessions = lambda: sa.orm.Session(self.session.get_bind(), expire_on_commit=False)  # noqa: E731
        jobs.run_due(sessions, following.handlers(self.gateways))
        self.session.expire_all()
        self.session.rollback()

    def reconciles(self, after=timedelta(minutes=2)):
        with clock.set_to(clock.now() + after):
            asked = following.reconcile(self.session, self.house, self.gateways)
        self.session.expire_all()
        return asked

    # --- looking -----------------------------------------------------------------------------

    def held(self, booked):
        self.session.rollback()
        return settlements.deposit_held(self.session, booked).minor

    def owes(self, folio):
        self.session.rollback()
        return folios.balance_of(self.session, folio)[1].minor

    def clearing(self, code="clearing/stripe"):
        self.session.rollback()
        wanted = sa.select(ledger.Account.id).filter_by(hotel_id=self.house.id, code=code)
        account_id = self.session.scalar(wanted)
        if account_id is None:
            return 0
        return ledger.balances(self.session, self.house, [account_id])[account_id]

    def traced(self):
        self.session.rollback()
        return [
            row.words
            for row in self.session.scalars(sa.select(Trace).filter_by(hotel_id=self.house.id))
        ]

    def intents(self):
        self.session.rollback()
        return list(self.session.scalars(sa.select(Intent).where(Intent.hotel_id == self.house.id)))

    def another(self, session):
        """The same hotel seen by another session."""
        twin = object.__new__(Till)
        twin.session, twin.practice, twin.gateways = session, self.practice, self.gateways
        twin.house = session.get_one(Hotel, self.house.id)
        twin.by = make.by(session, twin.house)
        return twin
