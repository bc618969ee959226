"""Shutting: a page that is open at the gateway for what is asked for no more is shut there.

A guest may stand on it while the desk takes the same money in cash, while another page of the same
request is paid, or while the booking ends. The worker shuts it right after, whoever did that, by
whatever door. Who was quicker, and paid all the same, is booked as ever: that is the guest's.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.gateway import GatewayAway, NoGateway
from pms.hotel.house.hotels import Hotel
from pms.hotel.service.checkout import intents, still_owed
from pms.hotel.service.checkout.intents import PAGE_LIVES, Gateways
from pms.hotel.service.checkout.tables import (
    Deed,
    Intent,
    IntentState,
    PaymentRequest,
    RequestState,
)

JOB = "shut payment pages"
AT_ONCE = 50
_DONE = (RequestState.PAID, RequestState.WITHDRAWN)


def shut(session: Session, hotel: Hotel, gateways: Gateways) -> int:
    """Shut the pages that ask for what nobody is asked for any more; how many that were.

    Where the gateway doesn't answer they wait for the next round, and end by themselves.
    """
    done = 0
    for page in needless(session, hotel):
        try:
            intents.close_page(session, page, gateways)
        except (GatewayAway, NoGateway):
            break
        done += 1
    return done


def needless(session: Session, hotel: Hotel) -> list[Intent]:
    """Return open pages whose request is over by now, or asks for more than is owed; some at most.

    Not those whose request only ran out of time: who is at the gateway's page isn't disturbed, and
    their booking is kept as long.
    """
    found: list[Intent] = []
    after = 0
    while len(found) < AT_ONCE and (pages := _open_pages(session, hotel, after=after)):
        found += [page for page, request in pages if _asks_in_vain(session, hotel, request)]
        after = pages[-1][0].id
    return found[:AT_ONCE]


def _open_pages(
    session: Session, hotel: Hotel, *, after: int
) -> Sequence[sa.Row[Intent, PaymentRequest]]:
    return session.execute(
        sa.select(Intent, PaymentRequest)
        .join(
            PaymentRequest,
            sa.and_(
                PaymentRequest.hotel_id == Intent.hotel_id, PaymentRequest.id == Intent.request_id
            ),
        )
        .where(
            Intent.hotel_id == hotel.id,
            Intent.id > after,
            Intent.look_at.is_not(None),  # by its index: what nobody settled yet
            Intent.deed == Deed.CHECKOUT,
            Intent.state == IntentState.CALLED,
            Intent.url.is_not(None),
            Intent.intended_at > clock.now() - PAGE_LIVES,
        )
        .order_by(Intent.id)
        .limit(AT_ONCE)
    ).all()


def _asks_in_vain(session: Session, hotel: Hotel, request: PaymentRequest) -> bool:
    if request.state in _DONE or request.is_over:
        return True
    return still_owed.less_owed(session, request, currency=hotel.currency) is not None
