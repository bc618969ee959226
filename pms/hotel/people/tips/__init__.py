"""Tips: what guests left on their bills and in cash, whom it belongs to, and pools that share it.

A tip is the guests' to give and the staff's to keep (29 USC 203(m)(2)(B)); a mandatory service
charge is the hotel's revenue and, where it is shared out, wages (29 CFR 531.55).
"""

from pms.hotel.people.tips.pools import (
    accounts,
    close_pool,
    open_pool,
    pools,
    put_position,
    take_out_position,
    takings,
)
from pms.hotel.people.tips.sharing import Share, share
from pms.hotel.people.tips.tables import (
    PoolKind,
    SharedBy,
    TipDeclaration,
    TipPool,
    TipPoolPosition,
)

__all__ = [
    "PoolKind",
    "Share",
    "SharedBy",
    "TipDeclaration",
    "TipPool",
    "TipPoolPosition",
    "accounts",
    "close_pool",
    "open_pool",
    "pools",
    "put_position",
    "share",
    "take_out_position",
    "takings",
]
