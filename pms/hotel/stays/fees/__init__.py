"""Fees: what it costs not to come, by the terms a party booked under; charged, or waived and why.

Whoever ends a promise is told before: `of_cancelling` and `of_no_show` say what it would cost now,
by the clocks of the hotel. A fee stands once for a reservation; taken back when it is reinstated.
"""

from pms.hotel.stays.fees.ending import (
    Ended,
    FeeChanged,
    cancel,
    charge_first_night,
    code_of,
    no_show,
)
from pms.hotel.stays.fees.reckoning import Due, is_sure, of_cancelling, of_no_show
from pms.hotel.stays.fees.tables import ReservationFee
from pms.hotel.stays.fees.taking_back import FeeOnClosedBill, reinstate, standing

__all__ = [
    "Due",
    "Ended",
    "FeeChanged",
    "FeeOnClosedBill",
    "ReservationFee",
    "cancel",
    "charge_first_night",
    "code_of",
    "is_sure",
    "no_show",
    "of_cancelling",
    "of_no_show",
    "reinstate",
    "standing",
]
