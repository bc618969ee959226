"""Pricing: what a charge comes to, with its taxes, before it is posted."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from pms.base.money import LARGEST_MINOR, Money
from pms.base.refusal import Invalid
from pms.hotel.house.hotels import Hotel
from pms.hotel.tariff import taxes
from pms.hotel.tariff.charges import ChargeCode
from pms.hotel.tariff.taxes import Rule, Slept, TaxedAmount

LARGEST_QUANTITY = 10_000
ONE_NIGHT = Slept()


class NoPriceForCode(Invalid):
    """The charge code has no usual price, and none was said."""

    def __init__(self, code: ChargeCode) -> None:
        super().__init__(f"{code.name} has no usual price. Say the amount.", field="amount")


class NothingCharged(Invalid):
    """What takes something off a bill asks for a reason, and has its limits."""

    def __init__(self) -> None:
        super().__init__(
            "A charge is above zero. To take something off the bill, adjust it.", field="amount"
        )


class TooMuch(Invalid):
    """Quantity times amount is more than any bill holds."""

    def __init__(self) -> None:
        super().__init__("That comes to more than a bill can hold.", field="amount")


def price_of(hotel: Hotel, code: ChargeCode, amount: Money | None, quantity: int) -> Money:
    """Return the price of one: `amount`, or the code's. Refuses a quantity no bill has.

    What is said is above zero; a usual price may be nothing.
    """
    if not 1 <= quantity <= LARGEST_QUANTITY:
        raise Invalid(f"A quantity is 1 to {LARGEST_QUANTITY:,}.", field="quantity")
    if amount is None:
        if code.price is None:
            raise NoPriceForCode(code)
        amount = Money(code.price, hotel.currency)
    elif amount.minor <= 0:
        raise NothingCharged
    if amount.minor * quantity > LARGEST_MINOR:
        raise TooMuch
    refuse_other_currency(hotel, amount)
    return amount


def refuse_other_currency(hotel: Hotel, amount: Money) -> None:
    """Refuse an amount in a currency that isn't the hotel's."""
    if amount.currency != hotel.currency:
        raise Invalid(
            f"{hotel.name} counts in {hotel.currency}, not in {amount.currency}.", field="amount"
        )


def rules_of(session: Session, code: ChargeCode, day: date) -> Sequence[Rule]:
    """Return the taxes of a charge code as they are on a day."""
    return taxes.rules(session, code.hotel_id, [code.tax_class_id], day)[code.tax_class_id]


def taxes_on(each: Money, quantity: int, rules: Sequence[Rule], slept: Slept) -> TaxedAmount:
    """Return so many at `each` with their taxes; where one is by night, they are so many nights."""
    return taxes.split(
        each * quantity,
        rules,
        persons=slept.adults,
        children=slept.children,
        nights=quantity if taxes.counts_nights(rules) else 1,
        night_no=slept.night_no,
    )
