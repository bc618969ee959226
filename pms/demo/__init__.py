"""The demo: a chain that looks lived in, made by the desks' own verbs and dated from today."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import clock, dates
from pms.base.db import transaction
from pms.base.refusal import Refusal
from pms.demo import (
    accounts,
    building,
    cashier,
    concierge,
    crew,
    desk,
    groups,
    keeping,
    meals,
    month,
    papers,
    parties,
    paying,
    payroll,
    reception,
    requests,
    routing,
    selling,
    team,
    today,
    waiting,
    web,
)
from pms.demo.building import BIG, SMALL, TINY, Plan
from pms.gateways.stripe_fake import Practice
from pms.hotel.house import logbook
from pms.hotel.house.hotels import Hotel

__all__ = ["BIG", "SMALL", "TINY", "NotEmpty", "is_empty", "make", "team"]

SEED = 20_150_701


class NotEmpty(Refusal):
    """A demo isn't mixed with a real house."""

    def __init__(self) -> None:
        super().__init__(
            "This database has a hotel already. Make the demo in another one: --database URL."
        )


def is_empty(session: Session) -> bool:
    """Tell whether nobody has opened a hotel here yet."""
    return session.scalar(sa.select(Hotel.id).limit(1)) is None


def make(
    session: Session,
    *,
    password: str,
    now: datetime | None = None,
    plans: Sequence[Plan] = (BIG, SMALL),
    seed: int = SEED,
    say: Callable[[str], None] = lambda _: None,
    practice: Practice | None = None,
) -> None:
    """Open the demo chain and live its past up to now; refuses a database with a hotel in it.

    The same seed and the same day make the same demo, but for ids and the password. A run that
    was cut off leaves a hotel behind its day: make the demo anew in an empty database. Its guests
    pay at the `practice` gateway.
    """
    now = now or clock.now()
    if not is_empty(session):
        raise NotEmpty
    wall = dates.local(now, "Europe/Berlin")
    day = dates.day_by_rollover(wall, month.ROLLS_AT)
    with logbook.coming_from("demo"):
        with clock.set_to(now), transaction(session):
            chain = building.found_chain(session)
            built = [building.build(session, chain, plan, today=day) for plan in plans]
            team.hire(session, chain, built, password=password)
            keeping.hire(session, chain, built)
        for plan in plans:
            say(f"{plan.name}: {plan.days_of_history} days are being lived …")
            rng = random.Random(seed)  # noqa: S311 - a demo wants the same dice every time
            house = month.House(session, plan.code, rng, now)
            drawn = parties.drawn(plan, rng, opened=house.hotel.opened_on, today=day)
            month.live(house, drawn, today=day, evening=cashier.evening, say=say)
            cashier.set_up(house, today=day)
            today.set_up(house, today=day)
            desk.set_up(house, today=day)
            groups.set_up(house, today=day)
            waiting.set_up(house, today=day)
            papers.set_up(house, today=day)
            routing.set_up(house, today=day)
            accounts.set_up(house, today=day)
            requests.live(house, today=day)
            reception.live(house)
            concierge.live(house, today=day)
            selling.set_up(house, plan, today=day)
            meals.set_up(house, today=day)
            gateway = practice or Practice()
            paying.live(house, gateway, today=day)
            keeping.live(house, plan, today=day)
            crew.live(house, today=day, many=plan.arrivals_a_day > 5)
            payroll.live(house, today=day)
            web.set_up(house, today=day)
            paying.pay_together(house, gateway, today=day)
