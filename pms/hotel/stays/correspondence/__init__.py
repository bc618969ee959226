"""Correspondence: what the house wrote to a guest of a booking, by mail or on paper, and resent.

Nothing is written twice by accident: each letter of a reservation has the next number of a row
that the page was made with, and the same words don't go to the same address again unless they
are resent on purpose.
"""

from pms.hotel.stays.correspondence.refusals import (
    NoAddress,
    NothingToTell,
    NotMail,
    ToldBeforeArrival,
    WrittenAlready,
    WrittenMeanwhile,
)
from pms.hotel.stays.correspondence.tables import ReservationLetter, Standing, Tells, Way
from pms.hotel.stays.correspondence.writing import (
    LetterWords,
    Written,
    fitting,
    mail,
    of,
    print_,
    resend,
)

__all__ = [
    "LetterWords",
    "NoAddress",
    "NotMail",
    "NothingToTell",
    "ReservationLetter",
    "Standing",
    "Tells",
    "ToldBeforeArrival",
    "Way",
    "Written",
    "WrittenAlready",
    "WrittenMeanwhile",
    "fitting",
    "mail",
    "of",
    "print_",
    "resend",
]
