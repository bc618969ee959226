"""Finding: who and what there is for a step, and what it wants to be there already.

Mostly a step finds what its verb is made for; now and then anything, also what is sure to be
refused.
"""

from contextlib import suppress
from datetime import timedelta

import sqlalchemy as sa

from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.hotel.books import folios, ledger, payments
from pms.hotel.books.folios import Folio, FolioState, FolioWindow
from pms.hotel.books.ledger import Entry
from pms.hotel.books.payments import Method
from pms.hotel.rooms.rooms import Condition, Room
from pms.hotel.stays import settlements, stays
from pms.hotel.stays.presence import Presence, Stay
from pms.hotel.stays.reservations import Reservation, State
from tests import make

ANY = 9  # a place from which on anything is taken
HERE = Stay.state == Presence.IN_HOUSE
VACANT = Room.id.not_in(sa.select(Stay.room_id).where(HERE))


def arrives(session, party, room, *, by):
    """Hand a room that is made ready to a party, whose folio has two windows."""
    room.condition = Condition.INSPECTED
    stays.check_in(session, party, room=room, by=by)
    folio = settlements.folio_of(session, party, by=by)
    if all(window.no != 2 for window in folio.windows):
        folios.open_window(session, folio, no=2, by=by)


class Finding:
    """A hotel in which there is always somebody, or who comes now."""

    def prepares(self, verb, *things, by=None, **details):
        """Do what a step wants to be there already: it is never cut off, and may be refused."""
        if any(thing is None for thing in things):
            return None
        made, self.known = None, None
        with suppress(Refusal), transaction(self.session):
            made = verb(self.session, *things, by=by or self.by, **details)
        return made

    def some(self, table, place, *conditions, fits=None, otherwise=None):
        """One of the rows there are, mostly of those that fit; `otherwise` has one be there."""
        self.session.rollback()
        wanted = sa.select(table).where(*conditions).order_by(*sa.inspect(table).primary_key)
        rows = []
        if place < ANY and (fits is not None or otherwise is not None):
            fitting = wanted if fits is None else wanted.where(fits)
            rows = self.session.scalars(fitting).all()
            if not rows and otherwise is not None:
                otherwise()
                self.session.rollback()
                rows = self.session.scalars(fitting).all()
        rows = rows or self.session.scalars(wanted).all()
        return rows[place % len(rows)] if rows else None

    def some_folio(self, place):
        return self.some(Folio, place)

    def some_window(self, place, sign=0):
        """A folio that is open with a window, mostly one that owes (1) or is owed (-1)."""
        self.session.rollback()
        rows = self.session.execute(
            sa.select(Folio, FolioWindow.no, FolioWindow.account_id)
            .join(FolioWindow, FolioWindow.folio_id == Folio.id)
            .where(Folio.state == FolioState.OPEN)
            .order_by(Folio.id, FolioWindow.no)
        ).all()
        sums = ledger.balances(self.session, self.house, [row.account_id for row in rows])
        fit = [row for row in rows if sums[row.account_id] * sign > 0 and place < ANY] or rows
        if not fit:
            return None, 1, 0
        folio, no, account_id = fit[place % len(fit)]
        return folio, no, sums[account_id]

    def some_entry(self, place, *kinds):
        return self.some(Entry, place, Entry.kind.in_(kinds))

    def some_party(self, place, *states):
        """A party, mostly of one of those states: it comes now where none is."""
        here = State.IN_HOUSE in states and State.BOOKED not in states
        return self.some(Reservation, place, fits=Reservation.state.in_(states or State),
                         otherwise=self.comes if here else self.books)  # fmt: skip

    def books(self, nights=2):
        return self.prepares(make.reservation, self.house, nights=nights, surname="Wanted")

    def comes(self, nights=2):
        self.prepares(arrives, self.books(nights), self.some(Room, 0, fits=VACANT))

    def some_stay(self, place, fits=HERE, otherwise=None):
        return self.some(Stay, place, fits=fits, otherwise=otherwise or self.comes)

    def settles(self, folio):
        """Each window of a folio pays what it owes, or gets what it is owed."""
        for no, owed in folios.balance_of(self.session, folio).items():
            how = {"window": no, "amount": max(owed, -owed), "method": Method.TRANSFER}
            if owed.minor > 0:
                self.prepares(payments.pay, folio, **how)
            elif owed:
                self.prepares(payments.refund, folio, reason="Paid too much", **how)

    def some_day(self, nights):
        """The hotel's day and so many nights on."""
        self.session.refresh(self.house)
        return self.house.business_date + timedelta(days=nights)
