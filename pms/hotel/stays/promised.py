"""Promised: what a booking comes to, with packages and taxes, as letters and cards say it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from pms.base import dates
from pms.base.money import Money, total
from pms.hotel.house.hotels import Hotel
from pms.hotel.rooms import offers, packaging, sheets
from pms.hotel.rooms.packaging import Share
from pms.hotel.rooms.rates import RatePlan
from pms.hotel.rooms.sheets import Sheet
from pms.hotel.stays.reservations.agreed import ages_of, children_of
from pms.hotel.stays.reservations.packages import Agreed, Whose, elements, of_night
from pms.hotel.stays.reservations.promise import Purpose, Reservation, ReservationNight, State
from pms.hotel.tariff import taxes
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.taxes import Children, Rule, Tax, TaxedAmount

MOST_ROOMS = 50
ENDED = frozenset({State.CANCELLED, State.NO_SHOW})
Ruled = dict[tuple[int | None, date], Sequence[Rule]]


@dataclass(frozen=True)
class PromisedNight:
    """A night and what the guest pays for it, packages and taxes included.

    `room` is the room's part with what its price includes: deposits are of that. Fees are of
    `for_fees`, what is left of it without what is due of who sleeps here. `parts` are what the
    audit will charge one by one: the room (nameless), then each package.
    """

    night: date
    taxed: TaxedAmount
    room: Money
    for_fees: Money
    parts: tuple[tuple[str, TaxedAmount], ...] = ()

    @property
    def gross(self) -> Money:
        """What is paid for it, taxes included."""
        return self.taxed.gross


@dataclass(frozen=True)
class PackageSum:
    """One package over the whole stay; `included` says that the price had it already."""

    name: str
    amount: Money
    nights: int
    included: bool


@dataclass(frozen=True)
class TaxSum:
    """One tax over the whole stay; `inside` says that the price had it already."""

    name: str
    amount: Money
    inside: bool


@dataclass(frozen=True)
class PromisedRoom:
    """One room of a booking: who, when, which type, and what each night costs.

    `agreed` are its packages as they were agreed, whatever falls on its nights.
    """

    reservation: Reservation
    nights: tuple[PromisedNight, ...]
    taxes: tuple[TaxSum, ...]
    currency: str
    packages: tuple[PackageSum, ...] = ()
    agreed: tuple[Agreed, ...] = ()

    @property
    def total(self) -> Money:
        """What the guest pays for all its nights, taxes included."""
        return total((each.gross for each in self.nights), self.currency)

    @property
    def by_night(self) -> dict[date, Money]:
        """What the guest pays for each of its nights."""
        return {each.night: each.gross for each in self.nights}

    @property
    def packages_by_night(self) -> dict[date, list[str]]:
        """The packages that fall on each of its nights."""
        return {each.night: [name for name, _ in each.parts if name] for each in self.nights}

    @property
    def for_fees_by_night(self) -> dict[date, Money]:
        """What fees are of for each of its nights."""
        return {each.night: each.for_fees for each in self.nights}

    @property
    def room_by_night(self) -> dict[date, Money]:
        """What the guest pays for each of its nights without what is added to the room."""
        return {each.night: each.room for each in self.nights}


def rooms_of(session: Session, reservation: Reservation) -> list[Reservation]:
    """Return a booking's rooms that stand as this one does and are the same guest's."""
    if reservation.state is State.CANCELLED:
        return [reservation]
    return list(
        session.scalars(
            sa.select(Reservation)
            .where(
                Reservation.hotel_id == reservation.hotel_id,
                Reservation.booking_number == reservation.booking_number,
                Reservation.guest_id == reservation.guest_id,
                Reservation.state == reservation.state,
            )
            .options(joinedload(Reservation.room_type), joinedload(Reservation.plan))
            .order_by(Reservation.number)
            .limit(MOST_ROOMS)
            .execution_options(populate_existing=True)  # a change may have just been made
        )
    )


def promised(
    session: Session,
    hotel: Hotel,
    parties: Iterable[Reservation],
) -> list[PromisedRoom]:
    """Return what each party was promised, taxed as the audit will tax it.

    Four questions, however many parties and nights; one less where nothing is taxed, one more
    where children come. A cancelled party's nights are those it had.
    """
    parties = list(parties)
    rows = _priced_nights(session, hotel, [party.id for party in parties])
    agreed = elements(session, hotel, [party.id for party in parties])
    ages = ages_of(session, hotel, [party.id for party in parties if party.children])
    wanted = {(class_id, night.night) for night, class_id in rows}
    extra = {each.element.tax_class_id for kept in agreed.values() for each in kept}
    wanted |= {(class_id, night.night) for night, _ in rows for class_id in extra}
    ruled = _rules(session, hotel, wanted)
    of_party: dict[int, list[tuple[ReservationNight, int | None]]] = defaultdict(list)
    for night, class_id in rows:
        of_party[night.reservation_id].append((night, class_id))
    names: dict[str, str] = {}
    if any(ruled.values()):
        coded = session.execute(sa.select(Tax.code, Tax.name).where(Tax.hotel_id == hotel.id))
        names = {row.code: row.name for row in coded}
    return [
        _room(
            hotel,
            party,
            of_party[party.id],
            agreed.get(party.id, []),
            ages.get(party.id, ()),
            ruled,
            names,
        )
        for party in parties
    ]


def for_fees(
    session: Session, hotel: Hotel, party: Reservation, given_up: Collection[date]
) -> dict[date, Money]:
    """Return what fees are of by night, for the nights of a party and those it has given up.

    The first of them is the stay's first, whenever the party is expected by now.
    """
    gone = party.state in ENDED
    rows = [
        (night, class_id)
        for night, class_id in _priced_nights(session, hotel, [party.id])
        if night.live or gone or night.night in given_up
    ]
    ruled = _rules(session, hotel, {(class_id, night.night) for night, class_id in rows})
    ages = ages_of(session, hotel, [party.id] if party.children else ()).get(party.id, ())
    found = {}
    for night, class_id in rows:
        children = children_of(night.children, ages)
        taxing = _Taxing(hotel, party, rows[0][0].night, night, class_id, children, ruled)
        found[night.night] = taxing.for_fees
    return found


def _priced_nights(
    session: Session, hotel: Hotel, reservation_ids: Collection[int]
) -> list[tuple[ReservationNight, int | None]]:
    """Return the nights of parties with the tax class of their plans, in order."""
    rows = session.execute(
        sa.select(ReservationNight, ChargeCode.tax_class_id)
        .join(
            RatePlan,
            sa.and_(
                RatePlan.hotel_id == ReservationNight.hotel_id,
                RatePlan.id == ReservationNight.plan_id,
            ),
        )
        .join(
            ChargeCode,
            sa.and_(
                ChargeCode.hotel_id == RatePlan.hotel_id, ChargeCode.id == RatePlan.charge_code_id
            ),
        )
        .where(
            ReservationNight.hotel_id == hotel.id,
            ReservationNight.reservation_id.in_(reservation_ids),
        )
        .order_by(ReservationNight.night, ReservationNight.slot)
        .execution_options(populate_existing=True)
    )
    return [(row[0], row[1]) for row in rows]


@dataclass(frozen=True)
class Reckoner:
    """What makes a party's nights dearer than their price, read once to reckon many times."""

    hotel: Hotel
    party: Reservation
    sheet: Sheet
    kept: list[Agreed]
    children: Children

    def total(self, nights: Iterable[tuple[date, int, int, int]]) -> Money:
        """Return what the party pays for nights of (night, price, plan id, adults).

        The nights are the whole stay, as it is or as it would be. A room that is given bears no
        taxes; what is added to it does.
        """
        nights = list(nights)
        if not nights:
            return Money.zero(self.hotel.currency)
        kept = self._packages({night[2] for night in nights})
        dated = [night[0] for night in nights]
        whose = Whose.made_of(self.party)
        if not self.party.is_day_use:
            whose = replace(whose, arrival=min(dated), departure=max(dated) + dates.ONE_DAY)
        priced = [
            offers.Priced(
                night,
                price,
                None if whose.is_given else self.sheet.recipes[plan_id].tax_class_id,
                adults,
                of_night(kept, whose, night=night, plan_id=plan_id, price=price, adults=adults),
                self.children,
            )
            for night, price, plan_id, adults in nights
        ]
        return offers.total_under(self.hotel, self.sheet.taxes, priced)

    def _packages(self, plan_ids: set[int]) -> list[Agreed]:
        """Return what was agreed, and what a plan brings that the party hasn't booked yet."""
        bought = {each.element.plan_id for each in self.kept} | {self.party.plan_id}
        new = plan_ids - bought
        return self.kept + [
            Agreed(0, each) for plan_id in new for each in self.sheet.packages.get(plan_id, ())
        ]


def reckoner(
    session: Session,
    hotel: Hotel,
    party: Reservation,
    *,
    children: Children | None = None,
) -> Reckoner:
    """Read what a party's nights are reckoned by."""
    kept = elements(session, hotel, [party.id]).get(party.id, [])
    if children is None:
        ages = ages_of(session, hotel, [party.id] if party.children else ())
        children = children_of(party.children, ages.get(party.id, ()))
    return Reckoner(hotel, party, sheets.current(session, hotel), kept, children)


def with_taxes(
    session: Session,
    hotel: Hotel,
    party: Reservation,
    nights: Iterable[tuple[date, int, int, int]],
    *,
    children: Children | None = None,
) -> Money:
    """Return what a party pays for nights as `Reckoner.total` says, where it is asked once.

    `children` are the party's own where nothing is said.
    """
    return reckoner(session, hotel, party, children=children).total(nights)


def _room(
    hotel: Hotel,
    party: Reservation,
    rows: list[tuple[ReservationNight, int | None]],
    kept: list[Agreed],
    ages: tuple[int, ...],
    ruled: Ruled,
    names: dict[str, str],
) -> PromisedRoom:
    gone = party.state in ENDED
    nights: list[PromisedNight] = []
    sums: dict[tuple[str, bool], Money] = {}
    falling: dict[tuple[str, bool], list[Money]] = defaultdict(list)
    for night, class_id in rows:
        if not night.live and not gone:
            continue
        shares = of_night(
            kept,
            Whose.made_of(party),
            night=night.night,
            plan_id=night.plan_id,
            price=night.price,
            adults=night.adults,
        )
        for share in shares:
            of = (share.element.name, share.element.included)
            falling[of].append(Money(share.amount, hotel.currency))
        children = children_of(night.children, ages)
        taxing = _Taxing(hotel, party, party.arrival, night, class_id, children, ruled)
        apart = taxing.apart(shares)
        taxed = taxes.together(apart)
        room = taxing.apart()[0] if shares else taxed
        charged = ["", *(share.element.name for share in shares if share.amount)]
        parts = tuple(zip(charged, apart, strict=True))
        nights.append(PromisedNight(night.night, taxed, room.gross, taxing.for_fees, parts))
        for line in taxed.taxes:
            key = (line.rule.code, line.rule.inclusive)
            sums[key] = sums.get(key, Money.zero(hotel.currency)) + line.amount
    listed = tuple(
        TaxSum(names.get(code, code), amount, inside) for (code, inside), amount in sums.items()
    )
    extras = tuple(
        PackageSum(name, total(amounts, hotel.currency), len(amounts), included)
        for (name, included), amounts in falling.items()
    )
    return PromisedRoom(party, tuple(nights), listed, hotel.currency, extras, tuple(kept))


@dataclass(frozen=True, slots=True)
class _Taxing:
    """A night of a stay since `first`, to be taxed: a room that is given bears no taxes."""

    hotel: Hotel
    party: Reservation
    first: date
    night: ReservationNight
    class_id: int | None
    children: Children
    ruled: Ruled

    def apart(self, shares: tuple[Share, ...] = ()) -> list[TaxedAmount]:
        """Tax the room and its packages, each by its own rules."""
        sliced = packaging.slices(shares, self.night.price, self.class_id)
        return [
            self._split(amount, self._of_room if no == 0 else self._rules(of_class))
            for no, (amount, of_class) in enumerate(sliced)
        ]

    @property
    def for_fees(self) -> Money:
        """What fees are of: the room, without what is due of who sleeps in it."""
        return self._split(self.night.price, taxes.of_a_fee(self._of_room)).gross

    @property
    def _of_room(self) -> Sequence[Rule]:
        return self._rules(self.class_id) if self.party.purpose is Purpose.PAYING else ()

    def _rules(self, class_id: int | None) -> Sequence[Rule]:
        return self.ruled[class_id, self.night.night]

    def _split(self, amount: int, rules: Sequence[Rule]) -> TaxedAmount:
        return taxes.split(
            Money(amount, self.hotel.currency),
            rules,
            persons=self.night.adults,
            children=self.children,
            night_no=(self.night.night - self.first).days + 1,
        )


def _rules(session: Session, hotel: Hotel, wanted: set[tuple[int | None, date]]) -> Ruled:
    """Return each class's rules per night: one question."""
    if not wanted:
        return {}
    dated = sheets.current(session, hotel).taxes
    return {each: taxes.rules_on(dated, *each) for each in wanted}
