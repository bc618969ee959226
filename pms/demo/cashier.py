"""The demo's cash: night shifts, one to review, dollars at the bank, and today's drawer."""

from datetime import date, time, timedelta
from decimal import Decimal

from pms.base.money import Money
from pms.demo.month import House
from pms.hotel.books import cashiers, folios, ledger, payments
from pms.hotel.books.cashiers import (
    CashierShift,
    Counted,
    banking,
    counted_in,
    dropping,
    safe,
    setting,
)
from pms.hotel.books.cashiers.safe import Way
from pms.hotel.books.folios import Folio, FolioKind
from pms.hotel.books.payments import Expense, Method
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.stays import settlements, stays
from pms.hotel.tariff import charges

NIGHTS = timedelta(days=2)
FROM_A_NIGHT = Money(5_000, "USD")
FLOAT = 20_000
IN_SAFE = 150_000  # what the safe keeps: the rest goes to the bank, or comes from there
RATES = {"USD": Decimal("1.08"), "GBP": Decimal("0.86"), "CHF": Decimal("0.94")}
BANK_RATE = Decimal("1.10")  # dollars for a euro, as the bank gives
BANK_FEE = 250  # what it keeps of that
SHORT = 250  # minor units that were missing this morning


def evening(house: House, day: date, *, today: date) -> None:
    """Open a night shift on the last days before today; it goes on over the night audit."""
    if day < today - NIGHTS:
        return
    with house.at(day, time(6, 45)) as hotel:
        _begin(house, hotel)
        _close_the_night(house, hotel, missing=0)
    with house.at(day, time(22, 30)) as hotel:
        night = house.who(Role.NIGHT_AUDITOR)
        opening = Money(FLOAT, hotel.currency)
        cashiers.open_shift(house.session, hotel, opening_float=opening, by=night)
        _sells_at_the_bar(house, hotel, drinks=4, by=night)
        _sells_at_the_bar(house, hotel, drinks=2, tendered=FROM_A_NIGHT, by=night)


def set_up(house: House, *, today: date) -> None:
    """Close the night's drawer, a little short; review the one before; open today's."""
    with house.at(today, time(6, 45)) as hotel:
        _close_the_night(house, hotel, missing=SHORT)
    with house.at(today, time(10, 0)) as hotel:
        for waiting in cashiers.not_reviewed(house.session, hotel)[:-1]:
            found = house.session.get_one(CashierShift, (hotel.id, waiting.shift_id))
            cashiers.accept(house.session, found, reason="", by=house.who(Role.ACCOUNTANT))
        _banks_dollars(house, hotel)
    with house.at(today, time(14, 0)) as hotel:
        desk = house.who(Role.FRONT_DESK)
        opening = Money(FLOAT, hotel.currency)
        cashiers.open_shift(house.session, hotel, opening_float=opening, by=desk)
        _sells_at_the_bar(house, hotel, drinks=6, by=desk)
        _pays_out(house, hotel, by=desk)
        _drops(house, hotel, by=desk)


def _begin(house: House, hotel: Hotel) -> None:
    if cashiers.in_force(house.session, hotel, hotel.business_date):
        return
    manager = house.who(Role.MANAGER)
    setting.set_rules(
        house.session, hotel, asks_for_shift=False, usual_float=Money(FLOAT, hotel.currency),
        by=manager,
    )  # fmt: skip
    for currency, rate in RATES.items():
        cashiers.set_rate(house.session, hotel, currency=currency, rate=rate, by=manager)
    taken = ledger.open_balances(house.session, hotel, ledger.Ledger.CASH).get("cash", 0)
    more = taken - IN_SAFE
    for way, minor in ((Way.COLLECT, taken), (Way.BANK, more), (Way.FETCH, -more)):
        if minor > 0:
            amount = Money(minor, hotel.currency)
            safe.move(house.session, hotel, way, amount=amount, by=manager)


def _close_the_night(house: House, hotel: Hotel, *, missing: int) -> None:
    night = house.who(Role.NIGHT_AUDITOR)
    shift = cashiers.open_shift_of(house.session, hotel, night)
    if shift is None:
        return
    cashiers.begin_count(house.session, shift, by=night)
    should = cashiers.expected(house.session, hotel, shift)
    should[hotel.currency] -= missing
    counts = [
        Counted(currency, _in_pieces(amount, currency, is_foreign=currency != hotel.currency))
        for currency, amount in should.items()
    ]
    cashiers.close(house.session, shift, counts=counts, by=night)


def _in_pieces(amount: int, currency: str, *, is_foreign: bool) -> dict[int, int]:
    pieces = {}
    for value in counted_in(currency, is_foreign=is_foreign):
        pieces[value], amount = divmod(amount, value)
    return pieces


def _sells_at_the_bar(
    house: House, hotel: Hotel, *, drinks: int, tendered: Money | None = None, by: Staff
) -> None:
    code = charges.by_code(house.session, hotel, "BAR")
    if code is None:
        raise LookupError("BAR")
    folio = folios.open_folio(
        house.session, hotel, kind=FolioKind.PASSER_BY, name="Bar, counter", by=by
    )
    folios.charge(house.session, folio, code=code, quantity=drinks, by=by)
    owed = folios.balance_of(house.session, folio)[1]
    payments.pay(house.session, folio, amount=owed, method=Method.CASH, tendered=tendered, by=by)
    folios.close(house.session, folio, by=by)


def _banks_dollars(house: House, hotel: Hotel) -> None:
    """Bring to the bank what of the first night's dollars is there; the last lie in the safe."""
    there = cashiers.in_the_safe(house.session, hotel).get("USD")
    if there is None or there.notes < FROM_A_NIGHT:
        return
    banking.bank(
        house.session, hotel, notes=FROM_A_NIGHT, rate=BANK_RATE,
        fee=Money(BANK_FEE, hotel.currency), reference="Slip 4471", by=house.who(Role.ACCOUNTANT),
    )  # fmt: skip


def _drops(house: House, hotel: Hotel, *, by: Staff) -> None:
    """Drop 50 to the safe, after a drop of 500 that was a zero too many."""
    shift = cashiers.open_shift_of(house.session, hotel, by)
    if shift is None:
        raise LookupError("No shift is open.")
    cashiers.drop(house.session, shift, amount=Money(50_000, hotel.currency), by=by)
    [wrong] = cashiers.drops(house.session, shift)
    dropping.take_back(house.session, wrong.move, reason="A zero too many", by=by)
    cashiers.drop(house.session, shift, amount=Money(5_000, hotel.currency), by=by)


def _pays_out(house: House, hotel: Hotel, *, by: Staff) -> None:
    """Hand out a taxi's fare for a guest, and buy stamps for the house."""
    payments.spend(
        house.session, hotel, expense=Expense.POSTAGE, amount=Money(1_240, hotel.currency),
        words="Stamps", by=by,
    )  # fmt: skip
    for stay in stays.in_house(house.session, hotel)[:1]:
        folio: Folio = settlements.folio_of(house.session, stay.reservation, by=by)
        fare = Money(2_800, hotel.currency)
        payments.pay_out(house.session, folio, amount=fare, words="Taxi to the station", by=by)
