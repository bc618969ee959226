"""Hour fees: what coming before the hour and leaving after it cost, by the hotel's steps."""

from pms.hotel.stays.hour_fees import steps
from pms.hotel.stays.hour_fees.charging import (
    Due,
    NothingDue,
    of_coming,
    of_stay,
    settle,
    standing,
    step_at,
    take_back,
)
from pms.hotel.stays.hour_fees.tables import Hour, HourStep, StayFee

__all__ = [
    "Due",
    "Hour",
    "HourStep",
    "NothingDue",
    "StayFee",
    "of_coming",
    "of_stay",
    "settle",
    "standing",
    "step_at",
    "steps",
    "take_back",
]
