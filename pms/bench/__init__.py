"""Benches: how fast the house is, each beside a raw limit measured in the same run.

A bench is registered here by its name; `pms bench NAME` runs it and prints its answer.
"""

from collections.abc import Callable

from pms.bench import (
    charting,
    closing,
    looking,
    paying,
    printing,
    replay,
    selling,
    taking,
    waiting,
    writing,
)
from pms.bench.ground import Answer, Asked

Bench = Callable[[Asked], Answer]

BENCHES: dict[str, Bench] = {
    "availability": looking.availability,
    "bookings": writing.bookings,
    "commit": writing.commit,
    "desks-at-night": waiting.desks_at_night,
    "folio": taking.folio,
    "guests": selling.guests,
    "invoice": printing.invoice,
    "lookup": looking.lookup,
    "memory": looking.memory,
    "night-audit": closing.audit,
    "pages": looking.pages,
    "quote": selling.quote,
    "payroll": paying.payroll_year,
    "replay": lambda asked: replay.bench(asked.data, asked.say),
    "reservations": selling.reservations,
    "tape-chart": charting.tape_chart,
    "verify": closing.recount,
    "webhooks": taking.webhooks,
    "write-wait": waiting.write_wait,
}

__all__ = ["BENCHES", "Answer", "Asked", "Bench"]
