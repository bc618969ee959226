"""Calling the API as a machine does: a token in the header, JSON in and out."""

from datetime import date, timedelta
from typing import Any

import orjson
from sqlalchemy.orm import Session

from pms.hotel.house import tokens
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.tokens import Scope
from tests import make

V1 = "/api/v1/hotels/TEST"
GUEST = {"given_name": "Ana", "surname": "Dvořák", "email": "ana@example.com"}


class Machine:
    """Somebody with a token (or without): calls addresses, gives status and JSON."""

    def __init__(self, client: Any, token: str | None) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **query: Any) -> Any:
        """Ask."""
        return self.client.get(path, query_string=query, headers=self.headers)

    def post(self, path: str, body: Any, *, key: str | None = None, method: str = "POST") -> Any:
        """Do."""
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        return self.client.open(
            path,
            method=method,
            data=orjson.dumps(body),
            content_type="application/json",
            headers=headers,
        )

    def patch(self, path: str, body: Any) -> Any:
        """Change."""
        return self.post(path, body, method="PATCH")

    def book(self, *, key: str | None = None, **details: Any) -> Any:
        """Book two nights from today for two, unless said otherwise."""
        return self.post(f"{V1}/reservations", booking(**details), key=key)


def booking(**details: Any) -> dict[str, Any]:
    """The body of a booking."""
    return {
        "room_type": "DBL",
        "rate_plan": "BAR",
        "arrival": make.DAY.isoformat(),
        "departure": (make.DAY + timedelta(days=2)).isoformat(),
        "adults": 2,
        "children": 0,
        "guest": GUEST,
        **details,
    }


def token(session: Session, house: Hotel, *scopes: Scope, name: str = "Channel") -> str:
    """A token of the hotel, for everything unless scopes are named."""
    by = make.by(session, house)
    # these are tokens of their own
    apart = {Scope.PAYROLL, Scope.ACCOUNT_KEEPING, Scope.CASH_KEEPING}
    every = [scope for scope in Scope if scope not in apart]
    return tokens.issue(session, house, name=name, scopes=scopes or every, by=by)[1]


def day(days: int) -> str:
    """The hotel's first day and so many more, as the API writes it."""
    return (make.DAY + timedelta(days=days)).isoformat()


def iso(value: date) -> str:
    """A date as the API writes it."""
    return value.isoformat()
