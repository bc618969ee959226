"""Packages: what the quote says of them is what the nights post, each once, to the cent."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pms.base.money import Money
from pms.base.refusal import Invalid
from pms.hotel.books import folios
from pms.hotel.books.ledger import Entry, Line
from pms.hotel.books.papers import freezing
from pms.hotel.house.logbook import Line as Deed
from pms.hotel.rooms import offers, packages, packaging, quotes, rates
from pms.hotel.rooms.packages import Details, PackageNotSold, PlanPackage
from pms.hotel.rooms.packaging import Element, Per, Rhythm
from pms.hotel.rooms.pricing import Party
from pms.hotel.stays import (
    billing,
    night_charges,
    promised,
    reservations,
    settlements,
    stays,
)
from pms.hotel.stays.reservations import ManualRate, Purpose, Wanted, WrongState
from pms.hotel.stays.reservations import packages as of_reservation
from pms.hotel.stays.reservations.packages import ReservationPackage, TakenOffAlready
from pms.hotel.tariff import charges, taxes
from pms.hotel.tariff.charges import Department
from pms.hotel.tariff.taxes import TaxKind
from tests import asking, make
from tests.hotel.books.days import roll

DAY = make.DAY
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NIGHTS = [DAY + timedelta(days=n) for n in range(3)]


def euros(minor):
    return Money(minor, "EUR")


@pytest.fixture
def house(session):
    """Rooms with 7 % inside and a city tax on top; breakfast (two rates of tax) and what else."""
    house = make.furnished(session)
    by = make.by(session, house)
    code = make.taxed_code(session, house)
    plan = rates.add_plan(
        session, house, code="BB", name="With breakfast", market="m", charge_code=code, by=by
    )
    prices = {DAY + timedelta(days=n): euros(13_000) for n in range(30)}
    rates.set_prices(session, plan, make.room_type(session, house), prices, by=by)
    vat = taxes.add(
        session, house, code="VAT19", name="VAT 19 %", kind=TaxKind.PERCENT,
        rate=19 * taxes.PERCENT, inclusive=True, by=by,
    )  # fmt: skip
    food = taxes.add_class(session, house, code="FOOD", name="Food", taxes=[vat], by=by)
    charges.add(
        session, house, code="BRK", name="Breakfast", by=by,
        department=Department.FOOD_AND_BEVERAGE, tax_class_id=food.id,
    )  # fmt: skip
    return house


def package(session, house, code="BRK", *, price=1_200, into=None, **details):
    """Add a package and, where a plan is named, give it that plan included (or not)."""
    by = make.by(session, house)
    said = {"per": Per.PERSON, "name": code.title()} | details
    made = packages.add(
        session, house, code=code, by=by,
        details=Details(
            charge_code=charges.by_code(session, house, "BRK"), price=euros(price), **said
        ),
    )  # fmt: skip
    if into is not None:
        plan = rates.by_code(session, house, "BB")
        packages.attach(session, plan, made, included=into, by=by)
    return made


def booked(session, house, **details):
    plan = rates.by_code(session, house, "BB")
    details = {"nights": 3, "plan": plan} | details
    nights = details.pop("nights")
    return reservations.book(
        session, house, guest=make.guest(session, house), room_type=make.room_type(session, house),
        arrival=house.business_date, departure=house.business_date + timedelta(days=nights),
        adults=details.pop("adults", 2),
        by=make.by(session, house), **details,
    )  # fmt: skip


def arrive(session, house, party, number="101"):
    room = make.room(session, house, number)
    return stays.check_in(session, party, room=room, by=make.by(session, house))


def live(session, house, nights=1):
    """Charge the open night and go on to the next day, some times."""
    for _ in range(nights):
        rows = night_charges.due(session, house, house.business_date)
        night_charges.post(session, house, rows, by=make.by(session, house))
        roll(session, house)


def posted(session, party):
    """Return what the party was charged a night, by rule: net, taxes and all."""
    found = {}
    rows = session.execute(
        sa.select(Entry.service_night, Entry.rule, sa.func.sum(Line.amount))
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .where(Entry.subject_id == party.id, Line.amount > 0)
        .group_by(Entry.id, Entry.service_night, Entry.rule)
    )
    for night, rule, amount in rows:
        found.setdefault(night, {})[rule] = int(amount)
    return found


# --- reckoned ------------------------------------------------------------------------------------


FALLS = {
    Rhythm.EVERY_NIGHT: [True, True, True],
    Rhythm.ARRIVAL_NIGHT: [True, False, False],
    Rhythm.LAST_NIGHT: [False, False, True],
    Rhythm.ALL_BUT_FIRST: [False, True, True],
    Rhythm.ALL_BUT_LAST: [True, True, False],
    Rhythm.WEEKDAYS: [False, True, False],  # 20 November 2026 is a Friday
    Rhythm.ONCE: [True, False, False],
}


def element(**details):
    said = {"per": Per.PERSON, "price": 1_000, "rhythm": Rhythm.EVERY_NIGHT} | details
    return Element(1, "BRK", "Breakfast", 1, None, **said)


@pytest.mark.parametrize("rhythm", list(Rhythm))
def test_it_falls_on_the_nights_of_its_rhythm(rhythm):
    each = element(rhythm=rhythm, weekdays=0b0100000)

    assert [each.falls_on(n, DAY, DAY + timedelta(days=3)) for n in NIGHTS] == FALLS[rhythm]


@pytest.mark.parametrize(
    ("per", "children", "party", "costs"),
    [
        (Per.PERSON, (), Party(2), 2_000),
        (Per.PERSON, (), Party(2, 1), 3_000),
        (Per.PERSON, ((5, 0), (12, 500)), Party(2, 3, (4, 9, 15)), 3_500),
        (Per.PERSON, ((5, 0), (12, 500)), Party(2, 2, (4,)), 2_500),
        (Per.ROOM, (), Party(3), 1_000),
        (Per.FIXED, (), Party(3, 1), 1_000),
    ],
)
def test_it_costs_what_is_said_of_adults_children_and_rooms(per, children, party, costs):
    assert element(per=per, children=children).costs(party) == costs


def test_what_is_included_takes_no_more_than_the_night_costs():
    asked = {"night": DAY, "arrival": DAY, "departure": DAY + timedelta(days=1)}
    three = [element(included=True), element(included=True), element(included=False)]

    shares = packaging.of_night(three, 3_000, Party(2), **asked)

    assert [share.amount for share in shares] == [2_000, 1_000, 2_000]
    assert packaging.slices(shares, 3_000, 7) == [
        (0, 7),
        (2_000, None),
        (1_000, None),
        (2_000, None),
    ]
    assert packaging.of_night(three, 3_000, Party(2), night=DAY, arrival=DAY, departure=DAY) == ()


# --- sold and posted -----------------------------------------------------------------------------


def test_the_quote_the_offer_the_promise_and_the_books_say_the_same(session, house):
    package(session, house, into=True, meals=1, children=((11, euros(600)),))
    package(session, house, "RESORT", price=550, into=False, per=Per.FIXED)
    package(session, house, "BOTTLE", price=999, into=True, per=Per.ROOM, rhythm=Rhythm.LAST_NIGHT)
    stay = {"adults": 2, "children": 1, "ages": (7,)}

    party = booked(session, house, adults=2, children=1, child_ages=[7])
    until = DAY + timedelta(days=3)
    [quote] = [q for q in quotes.quote(session, house, DAY, until, **stay) if q.plan.code == "BB"]
    [offer] = offers.offers(session, house, DAY, until, **stay)
    [whole] = promised.promised(session, house, [party])
    arrive(session, house, party)
    live(session, house, 3)

    # a night: 130.00 with breakfast of 30.00 in it, city tax 4.00, and 5.50 on top
    assert [night.taxed.gross.minor for night in quote.nights] == [13_950] * 3
    assert dict(offer.totals)["BB"] == quote.total.minor == whole.total.minor == 41_850
    assert posted(session, party) == {
        DAY: {"room": 10_400, "package:2": 3_000, "package:3": 550},
        NIGHTS[1]: {"room": 10_400, "package:2": 3_000, "package:3": 550},
        NIGHTS[2]: {"room": 9_401, "package:2": 3_000, "package:3": 550, "package:1": 999},
    }
    nights = [(n.night, n.price, n.plan_id, n.adults) for n in party.nights]
    assert promised.with_taxes(session, house, party, nights) == whole.total
    assert [(each.name, each.amount.minor, each.included) for each in whole.packages] == [
        ("Brk", 9_000, True), ("Resort", 1_650, False), ("Bottle", 999, True)
    ]  # fmt: skip


@SQLITE
def test_a_pro_forma_lists_each_package_at_its_own_rates(session, house):
    package(session, house, into=True)
    party = booked(session, house, nights=1)
    folio = settlements.folio_of(session, party, by=make.by(session, house))

    lines = billing.expected(session, folio, window=1)

    assert [(line["text"], line["gross"]) for line in lines] == [
        ("Lodging", 11_000), ("Brk", 2_400)
    ]  # fmt: skip
    assert [row["rate"] for row in freezing.taxes_of(lines)] == [190_000, 70_000, None]


@SQLITE
def test_what_costs_nothing_is_neither_charged_nor_taxed_whoever_says_it(session, house):
    by = make.by(session, house)
    head = taxes.add(
        session, house, code="HEAD", name="A head", kind=TaxKind.PER_PERSON_NIGHT, rate=150,
        inclusive=False, by=by,
    )  # fmt: skip
    food = taxes.class_by_code(session, house, "FOOD")
    session.add(taxes.TaxClassTax(hotel_id=house.id, tax_class_id=food.id, no=2, tax_id=head.id))
    package(session, house, "FEAST", price=9_000, into=True)
    package(session, house, "AFTER", price=500, into=True)  # nothing of the night is left for it
    package(session, house, "WELCOME", price=0, into=False)
    party = booked(session, house)
    until = DAY + timedelta(days=3)

    [quote] = [q for q in quotes.quote(session, house, DAY, until, adults=2) if q.plan.code == "BB"]
    [offer] = offers.offers(session, house, DAY, until, adults=2)
    [whole] = promised.promised(session, house, [party])
    arrive(session, house, party)
    live(session, house, 3)

    charged = sum(sum(night.values()) for night in posted(session, party).values())
    assert dict(offer.totals)["BB"] == quote.total.minor == whole.total.minor == charged


@SQLITE
def test_a_night_is_charged_once_and_what_was_taken_off_the_bill_stays_off(session, house):
    package(session, house, into=True)
    party = booked(session, house)
    arrive(session, house, party)
    live(session, house)
    by = make.by(session, house)

    assert night_charges.charge_nights(session, house, party, [DAY], by=by) == 0
    breakfast = session.scalars(sa.select(Entry).where(Entry.rule == "package:1")).one()
    folios.void(session, breakfast, reason="They slept in", by=by)
    assert night_charges.charge_nights(session, house, party, [DAY], by=by) == 0

    room = session.scalars(sa.select(Entry).where(Entry.rule == "room")).one()
    folios.void(session, room, reason="Wrong guest", by=by)
    assert night_charges.charge_nights(session, house, party, [DAY], by=by) == 2


@SQLITE
@pytest.mark.parametrize("tonight", [True, False])
def test_who_leaves_early_pays_what_is_due_on_the_last_night(session, house, tonight):
    package(
        session, house, "CLEAN", price=4_000, into=False, per=Per.ROOM, rhythm=Rhythm.LAST_NIGHT
    )
    party = booked(session, house, nights=5)
    stay = arrive(session, house, party)
    live(session, house)

    stays.check_out(
        session, stay, charge_tonight=tonight, leave_owing="By transfer",
        by=make.by(session, house),
    )  # fmt: skip

    last = NIGHTS[1] if tonight else DAY
    assert posted(session, party)[last]["package:1"] == 4_000
    assert len(posted(session, party)) == (2 if tonight else 1)


@SQLITE
def test_what_is_given_includes_nothing_and_a_room_is_shared_once(session, house):
    package(session, house, into=True)
    package(session, house, "CARPARK", price=900, into=False, per=Per.ROOM)
    given = booked(session, house, purpose=Purpose.COMPLIMENTARY)
    host = booked(session, house)
    sharer = booked(session, house, adults=1, shares_with=host)
    nights = [(n.night, n.price, n.plan_id, n.adults) for n in given.nights]
    [whole] = promised.promised(session, house, [given])
    assert promised.with_taxes(session, house, given, nights) == whole.total == euros(2_700)
    for party, number in ((given, "101"), (host, "102"), (sharer, "102")):
        arrive(session, house, party, number)
    live(session, house)

    assert posted(session, given)[DAY] == {"package:2": 900}
    assert posted(session, host)[DAY] == {"room": 11_000, "package:1": 2_400, "package:2": 900}
    assert "package:2" not in posted(session, sharer)[DAY]


@SQLITE
def test_added_at_the_desk_and_taken_off_again(session, house):
    by = make.by(session, house)
    carpark = package(session, house, "CARPARK", price=900, per=Per.FIXED)
    bottle = package(session, house, "BOTTLE", price=2_500, per=Per.ROOM, rhythm=Rhythm.ONCE)
    party = booked(session, house)
    arrive(session, house, party)
    parked = of_reservation.add(session, party, carpark, quantity=2, by=by)
    of_reservation.add(session, party, bottle, first=NIGHTS[1], by=by)
    live(session, house)
    of_reservation.take_off(session, party, parked, by=by)
    live(session, house, 2)

    nights = posted(session, party)
    assert (nights[DAY]["package:1"], nights[NIGHTS[1]]["package:2"]) == (1_800, 2_500)
    assert [rule for night in NIGHTS[1:] for rule in nights[night]] == ["package:2", "room", "room"]
    verbs = session.scalars(sa.select(Deed.verb).where(Deed.verb.like("%package%"))).all()
    assert {"added package", "took off package"} <= set(verbs)
    with pytest.raises(TakenOffAlready):
        of_reservation.take_off(session, party, parked, by=by)
    with pytest.raises(Invalid, match="to come"):
        of_reservation.add(session, party, bottle, by=by)
    packages.sell(session, bottle, False, by=by)
    with pytest.raises(PackageNotSold):
        of_reservation.add(session, booked(session, house), bottle, by=by)
    reservations.cancel(session, gone := booked(session, house), reason="Ill", by=by)
    with pytest.raises(WrongState):
        of_reservation.add(session, gone, carpark, by=by)


@SQLITE
def test_a_changed_catalogue_is_for_who_books_from_now_on_and_amending_follows(session, house):
    by = make.by(session, house)
    brk = package(session, house, into=False, children=((11, euros(600)),))
    party = booked(session, house, nights=2)
    code = charges.by_code(session, house, "BRK")
    details = Details("Breakfast", code, Per.PERSON, euros(1_500))
    packages.change(session, brk, details=details, by=by)

    def whole():
        return promised.promised(session, house, [party])[0].total.minor

    assert whole() == 2 * (13_000 + 400 + 2_400)
    reservations.amend(session, party, Wanted(children=1, child_ages=(5,)), by=by)
    assert whole() == 2 * (13_000 + 400 + 2_400 + 600)
    reservations.amend(session, party, Wanted(departure=NIGHTS[1]), reprice=True, by=by)
    assert whole() == 13_000 + 400 + 3 * 1_500
    bar = rates.by_code(session, house, "BAR")
    reservations.amend(session, party, Wanted(plan=bar), reprice=True, by=by)
    assert whole() == 10_000
    packages.detach(session, rates.by_code(session, house, "BB"), brk, by=by)
    assert session.scalar(sa.select(sa.func.count()).select_from(PlanPackage)) == 0


@SQLITE
def test_a_price_set_by_hand_below_its_breakfast_is_all_breakfast(session, house):
    package(session, house, into=True)
    cheap = ManualRate({night: euros(1_000) for night in NIGHTS[:1]}, "Staff")
    party = booked(session, house, nights=1, rate=cheap)
    arrive(session, house, party)
    live(session, house)

    assert posted(session, party)[DAY] == {"package:1": 1_000, "room": 400}


@SQLITE
def test_offers_ask_no_more_with_packages_than_without(session, house):
    until = DAY + timedelta(days=3)
    offers.offers(session, house, DAY, until, adults=2)  # reads the sheet
    before = asking.asked(session, lambda: offers.offers(session, house, DAY, until, adults=2))
    package(session, house, into=True)
    offers.offers(session, house, DAY, until, adults=2)  # reads the sheet anew

    assert (
        asking.asked(session, lambda: offers.offers(session, house, DAY, until, adults=2)) == before
    )


def test_the_database_itself_refuses_a_plans_package_twice_and_none_of_it(session, house):
    package(session, house, into=True)
    party = booked(session, house)
    [row] = of_reservation.of(session, party)
    columns = {c.key: getattr(row, c.key) for c in ReservationPackage.__table__.columns}

    for wrong in ({"no": 2}, {"no": 2, "plan_id": None, "quantity": 0}):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(sa.insert(ReservationPackage), [columns | wrong])
