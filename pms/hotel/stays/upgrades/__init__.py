"""Upgrades: better types that are free for a whole stay, with what they cost; sold or given."""

from pms.hotel.stays.upgrades.doing import (
    NotTheLast,
    NoUpgrade,
    UpgradeChanged,
    give,
    of,
    take,
    take_back,
)
from pms.hotel.stays.upgrades.offers import Offer, offers, set_price, set_prices
from pms.hotel.stays.upgrades.tables import Upgrade, UpgradePrice

__all__ = [
    "NoUpgrade",
    "NotTheLast",
    "Offer",
    "Upgrade",
    "UpgradeChanged",
    "UpgradePrice",
    "give",
    "of",
    "offers",
    "set_price",
    "set_prices",
    "take",
    "take_back",
]
