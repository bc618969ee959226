"""Groups: parties that belong together, their allotment, and the master folio they may share.

The rooming list and the deeds done to all parties at once are later rooms: `rooming`, `together`.
"""

from pms.hotel.stays.groups.allotting import (
    NothingAgreed,
    OutsideTheGroup,
    allot,
    cut_off,
    cut_off_due,
    picked_up,
    set_price,
)
from pms.hotel.stays.groups.opening import (
    AllotmentOutside,
    GroupCodeTaken,
    NoTerms,
    Terms,
    agree,
    by_code,
    open_group,
    settle_status,
    terms_of,
)
from pms.hotel.stays.groups.prices import agreed_nights, agreed_prices
from pms.hotel.stays.groups.tables import Billing, Group, GroupLost, GroupPrice, GroupTerms, Status

__all__ = [
    "AllotmentOutside",
    "Billing",
    "Group",
    "GroupCodeTaken",
    "GroupLost",
    "GroupPrice",
    "GroupTerms",
    "NoTerms",
    "NothingAgreed",
    "OutsideTheGroup",
    "Status",
    "Terms",
    "agree",
    "agreed_nights",
    "agreed_prices",
    "allot",
    "by_code",
    "cut_off",
    "cut_off_due",
    "open_group",
    "picked_up",
    "set_price",
    "settle_status",
    "terms_of",
]
