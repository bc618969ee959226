"""Commissions: what agents earned with the stays that ended, approved and paid."""

from pms.hotel.stays.commissions.earning import Commission, earned
from pms.hotel.stays.commissions.paying import (
    NothingEarned,
    NotToBePaid,
    ReversedBefore,
    Stay,
    approve,
    of_period,
    pay,
    reverse,
    stays_of,
)
from pms.hotel.stays.commissions.tables import (
    CommissionLine,
    CommissionState,
    CommissionStatement,
)

__all__ = [
    "Commission",
    "CommissionLine",
    "CommissionState",
    "CommissionStatement",
    "NotToBePaid",
    "NothingEarned",
    "ReversedBefore",
    "Stay",
    "approve",
    "earned",
    "of_period",
    "pay",
    "reverse",
    "stays_of",
]
