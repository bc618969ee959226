"""Night charges: each night in house charged once, with its packages, by whoever and whenever.

A night's charge names its reservation, its night, the rule it is charged by and the turn (how often
it was reversed and posted again); the database takes each of them once. So a guest who leaves
before the audit has paid, one who arrives after it is charged that night, and none twice.
"""

from pms.hotel.stays.night_charges.due import (
    DAY_USE,
    ROOM,
    Due,
    due,
    due_for_the_day,
    expected,
    parties,
)
from pms.hotel.stays.night_charges.posting import (
    charge_day_use,
    charge_last_packages,
    charge_nights,
    no_show_fee,
    post,
)
from pms.hotel.stays.night_charges.reckoning import Charge, reckon
from pms.hotel.stays.night_charges.voiding import void

__all__ = [
    "DAY_USE",
    "ROOM",
    "Charge",
    "Due",
    "charge_day_use",
    "charge_last_packages",
    "charge_nights",
    "due",
    "due_for_the_day",
    "expected",
    "no_show_fee",
    "parties",
    "post",
    "reckon",
    "void",
]
