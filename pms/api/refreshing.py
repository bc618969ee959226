"""Refreshing: a folio's routing applied to what is posted already, looked at before it moves."""

from datetime import date
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from pms.api import folios as api_folios
from pms.api.calls import deed, look
from pms.api.door import opens
from pms.api.problems import NotHere
from pms.api.shapes import Amount, Body, amount, id_of
from pms.hotel.books import folios
from pms.hotel.books.folios import Refresh
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.hotel.house.tokens import Scope
from pms.web.database import session

_POSTED = "/hotels/<code>/folios/<folio_id>/routing-rules/posted"


class RefreshAsked(Body):
    """What was looked at: the `digest` it had; anything else than that is refused."""

    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class TakingBack(Body):
    """Nothing is asked but that what moved stands where it stood."""


class MoveRead(TypedDict):
    """A posting, or a part of it, with its taxes, and the window that gets it."""

    entry_id: str
    night: date
    text: str
    to_folio: str
    to_window: int
    amount: Amount


class InvoicedRead(TypedDict):
    """A posting that the rules would move, and that is on an issued paper: it stays."""

    night: date
    text: str
    amount: Amount


class PostedRead(TypedDict):
    """What the rules would move of what is posted; `more` says that it isn't all."""

    digest: str
    moves: list[MoveRead]
    invoiced: list[InvoicedRead]
    more: bool


class Refreshed(TypedDict):
    """What moved by the rules, and the number that takes it back."""

    refresh_id: str
    moves: list[MoveRead]
    more: bool


class TakenBack(TypedDict):
    """How many moves were taken back."""

    moves: int


@look(_POSTED, answers=PostedRead)
@opens(Scope.FOLIOS)
def posted_by_rules(hotel: Hotel, folio_id: str) -> PostedRead:
    """Say what a folio's rules would move of what is posted already; nothing is moved."""
    plan = folios.routing_refresh(session(), api_folios.find(hotel, folio_id))
    return {
        "digest": plan.digest,
        "moves": _moves(hotel, plan),
        "invoiced": [
            {
                "night": each.night,
                "text": each.text,
                "amount": amount(each.minor, hotel.currency),
            }
            for each in plan.invoiced
        ],
        "more": plan.more,
    }


@deed(_POSTED, asks=RefreshAsked, answers=Refreshed)
@opens(Scope.FOLIOS)
def apply_rules_to_posted(
    hotel: Hotel, asked: RefreshAsked, *, by: Staff, folio_id: str
) -> Refreshed:
    """Move what is posted to where the folio's rules send it by now, as it was looked at."""
    found = api_folios.find(hotel, folio_id)
    number, plan = folios.refresh_routing(session(), found, expects=asked.digest, by=by)
    return {"refresh_id": str(number), "moves": _moves(hotel, plan), "more": plan.more}


@deed(f"{_POSTED}/<refresh_id>/take-back", asks=TakingBack, answers=TakenBack)
@opens(Scope.FOLIOS)
def take_back_applied_rules(
    hotel: Hotel, _asked: TakingBack, *, by: Staff, folio_id: str, refresh_id: str
) -> TakenBack:
    """Let what the rules moved stand where it stood: all of it, or none."""
    found, number = api_folios.find(hotel, folio_id), id_of(refresh_id)
    if number is None:
        raise NotHere("refresh")
    return {"moves": folios.take_back_refresh(session(), found, number, by=by)}


def _moves(hotel: Hotel, plan: Refresh) -> list[MoveRead]:
    return [
        {
            "entry_id": str(move.entry_id),
            "night": move.night,
            "text": move.text,
            "to_folio": str(move.to[0]),
            "to_window": move.to[1],
            "amount": amount(move.minor, hotel.currency),
        }
        for move in plan.moves
    ]
