"""Reservations: promises of nights, from the booking to the last change before arrival."""

from pms.hotel.stays.reservations.amending import Wanted, amend
from pms.hotel.stays.reservations.booking import (
    ManualRate,
    Origin,
    Wishes,
    book,
    by_number,
    sharers_of,
)
from pms.hotel.stays.reservations.ending import (
    NotDueYet,
    TooLateToReinstate,
    cancel,
    give_back,
    no_show,
    reinstate,
)
from pms.hotel.stays.reservations.promise import (
    Collects,
    Guarantee,
    Purpose,
    Reservation,
    ReservationNight,
    State,
)
from pms.hotel.stays.reservations.refusals import (
    ChannelRefTaken,
    GuaranteeNeeded,
    HotelIsOpen,
    InThePast,
    NobodyComes,
    NoDayUseAfterNights,
    ReasonNeeded,
    SayWhetherToReprice,
    SharesNot,
    TooManyForTheRoom,
    WrongState,
)
from pms.hotel.stays.reservations.release import release_due, release_hour

__all__ = [
    "ChannelRefTaken",
    "Collects",
    "Guarantee",
    "GuaranteeNeeded",
    "HotelIsOpen",
    "InThePast",
    "ManualRate",
    "NoDayUseAfterNights",
    "NobodyComes",
    "NotDueYet",
    "Origin",
    "Purpose",
    "ReasonNeeded",
    "Reservation",
    "ReservationNight",
    "SayWhetherToReprice",
    "SharesNot",
    "State",
    "TooLateToReinstate",
    "TooManyForTheRoom",
    "Wanted",
    "Wishes",
    "WrongState",
    "amend",
    "book",
    "by_number",
    "cancel",
    "give_back",
    "no_show",
    "reinstate",
    "release_due",
    "release_hour",
    "sharers_of",
]
