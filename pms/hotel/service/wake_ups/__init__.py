"""Wake-up calls: asked for by a party or a group, made on time, and never simply forgotten."""

from pms.hotel.service.wake_ups.calling import (
    CATEGORY,
    GRACE,
    Listed,
    answered,
    due_now,
    listed,
    look_after,
    no_answer,
)
from pms.hotel.service.wake_ups.moving import move
from pms.hotel.service.wake_ups.ordering import AGAIN, ask, next_day, of_group, skip, take_back
from pms.hotel.service.wake_ups.refusals import (
    CalledThen,
    NobodyToCall,
    NotHereThen,
    SeenTo,
    TooEarly,
)
from pms.hotel.service.wake_ups.tables import CallState, WakeUp, WakeUpCall

__all__ = [
    "AGAIN",
    "CATEGORY",
    "GRACE",
    "CallState",
    "CalledThen",
    "Listed",
    "NobodyToCall",
    "NotHereThen",
    "SeenTo",
    "TooEarly",
    "WakeUp",
    "WakeUpCall",
    "answered",
    "ask",
    "due_now",
    "listed",
    "look_after",
    "move",
    "next_day",
    "no_answer",
    "of_group",
    "skip",
    "take_back",
]
