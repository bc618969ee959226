"""Desk charges: what is posted by hand, or by a till, bears the taxes of who sleeps there.

A night is charged in its night: what is to come the audit charges as it passes, at that night's
price, for who sleeps there then, under the taxes of that day. So nights are posted by hand one at a
time, none before it has come, and whoever posts tonight's says whether it is the charge that the
audit would make (then it is made now, as the audit makes it, and not again) or one on top of it.
"""

from pms.hotel.stays.desk_charges.charging import (
    MOST_PERSONS,
    Foreseen,
    charge,
    code_of_tonight,
    foresee,
    sleeping,
)
from pms.hotel.stays.desk_charges.refusals import (
    AgreedOtherwise,
    AuditCharges,
    NothingDueTonight,
    NotItsNight,
    OneNightAtATime,
    Tonight,
)

__all__ = [
    "MOST_PERSONS",
    "AgreedOtherwise",
    "AuditCharges",
    "Foreseen",
    "NotItsNight",
    "NothingDueTonight",
    "OneNightAtATime",
    "Tonight",
    "charge",
    "code_of_tonight",
    "foresee",
    "sleeping",
]
