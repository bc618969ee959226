"""Reservations: promises of nights, from the booking to the last change before arrival."""

from pms.hotel.stays.reservations.amending import Wanted, amend
from pms.hotel.stays.reservations.booking import (
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
from pms.hotel.stays.reservations.options import (
    NoOption,
    OptionAfterArrival,
    confirm,
    keep_until,
    running_out,
)
from pms.hotel.stays.reservations.options import expire_due as expire_options
from pms.hotel.stays.reservations.pricing import ManualRate
from pms.hotel.stays.reservations.promise import (
    Collects,
    Guarantee,
    Purpose,
    Reservation,
    ReservationNight,
    State,
)
from pms.hotel.stays.reservations.refusals import (
    BeyondTheGroup,
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
from pms.hotel.stays.reservations.release import kept_until, release_hour
from pms.hotel.stays.reservations.separating import (
    BookedFirst,
    NotSeparated,
    put_back,
    separate,
)
from pms.hotel.stays.reservations.splitting import Share, split_rate

__all__ = [
    "BeyondTheGroup",
    "BookedFirst",
    "ChannelRefTaken",
    "Collects",
    "Guarantee",
    "GuaranteeNeeded",
    "HotelIsOpen",
    "InThePast",
    "ManualRate",
    "NoDayUseAfterNights",
    "NoOption",
    "NobodyComes",
    "NotDueYet",
    "NotSeparated",
    "OptionAfterArrival",
    "Origin",
    "Purpose",
    "ReasonNeeded",
    "Reservation",
    "ReservationNight",
    "SayWhetherToReprice",
    "Share",
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
    "confirm",
    "expire_options",
    "give_back",
    "keep_until",
    "kept_until",
    "no_show",
    "put_back",
    "reinstate",
    "release_hour",
    "running_out",
    "separate",
    "sharers_of",
    "split_rate",
]
