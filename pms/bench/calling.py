"""Calling: somebody signed in at the served app, the pages they get and what those cost."""

import http.client
from collections.abc import Callable

from sqlalchemy.orm import Session

from pms.bench.filling import House
from pms.bench.ground import MILLI, Caller, Server, timed
from pms.hotel.house import hiring
from pms.hotel.house.hotels import Chain
from pms.hotel.house.staff import Role

EMAIL, PASSWORD = "bench@bench.example", "a long bench password"


def hire(session: Session, house: House) -> None:
    """Let somebody sign in."""
    chain = session.get_one(Chain, house.hotel.chain_id)
    roles = {house.hotel: Role.MANAGER}
    hiring.hire(session, chain, email=EMAIL, name="Bench", password=PASSWORD, roles=roles)


def clerk(server: Server) -> Caller:
    """Sign in who was hired."""
    caller = Caller(server)
    caller.sign_in(EMAIL, PASSWORD)
    return caller


def page(caller: Caller, address: str, *wanted: int) -> bytes:
    """Return a page; it must answer 200, or as `wanted`."""
    status, content = caller.get(address)
    if status not in (wanted or (http.client.OK,)):
        raise LookupError(f"{address} answered {status}.")
    return content


def timed_served(
    server: Server, ask: Callable[[int], object], calls: int
) -> tuple[list[float], float]:
    """Return each call's seconds, and the milliseconds of the server's processor a call."""
    used = server.cpu_seconds
    times = timed(ask, calls)
    return times, (server.cpu_seconds - used) / calls * MILLI
