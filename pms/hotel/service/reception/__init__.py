"""Reception: messages taken, calls logged, visitors in and out, and who isn't to be disturbed."""

from pms.hotel.service.reception.asked_for import Found, asked_for
from pms.hotel.service.reception.messages import deliver, take, waiting, withdraw
from pms.hotel.service.reception.phone_calls import (
    call_back,
    log,
    make_request,
    pass_on,
    to_call_back,
)
from pms.hotel.service.reception.privacy import wish, wish_of, wishes
from pms.hotel.service.reception.refusals import (
    BadgeGiven,
    BecameAlready,
    NobodyExpected,
    NotToBeCalledBack,
    SeenOut,
    SeesNobody,
    TakesNoCalls,
    WentAlready,
)
from pms.hotel.service.reception.tables import (
    Direction,
    GuestMessage,
    How,
    MessageState,
    Outcome,
    PhoneCall,
    PrivacyWish,
    Visitor,
)
from pms.hotel.service.reception.visitors import arrive, leave, still_in

__all__ = [
    "BadgeGiven",
    "BecameAlready",
    "Direction",
    "Found",
    "GuestMessage",
    "How",
    "MessageState",
    "NobodyExpected",
    "NotToBeCalledBack",
    "Outcome",
    "PhoneCall",
    "PrivacyWish",
    "SeenOut",
    "SeesNobody",
    "TakesNoCalls",
    "Visitor",
    "WentAlready",
    "arrive",
    "asked_for",
    "call_back",
    "deliver",
    "leave",
    "log",
    "make_request",
    "pass_on",
    "still_in",
    "take",
    "to_call_back",
    "waiting",
    "wish",
    "wish_of",
    "wishes",
    "withdraw",
]
