"""Benches of money taken: a burst of signed webhooks, and a folio that grows to 2,000 lines."""

import http.client
import json
import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from threading import Thread

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pms.base import clock
from pms.base.db import transaction
from pms.base.gateway import Gateway, Mode
from pms.base.money import Money
from pms.bench import filling
from pms.bench.calling import clerk, hire, page, timed_served
from pms.bench.filling import CODE, House
from pms.bench.ground import (
    Answer,
    Asked,
    Caller,
    Server,
    database,
    engine_words,
    machine,
    percentile,
    served,
    server_words,
    session_of,
    timed,
    told,
)
from pms.gateways.stripe import Stripe
from pms.gateways.stripe_fake import Practice
from pms.hotel.books import folios
from pms.hotel.books.folios import Folio, FolioKind
from pms.hotel.books.ledger import Entry, Line
from pms.hotel.books.payments.online import GatewayPayment
from pms.hotel.close.verify import books as of_books
from pms.hotel.close.verify import checkout as of_checkout
from pms.hotel.house import jobs, staff
from pms.hotel.house.hotels import Hotel
from pms.hotel.service import checkout
from pms.hotel.service.checkout import Purpose, following, intending, intents
from pms.hotel.service.checkout.news import GatewayEvent
from pms.hotel.stays.reservations import Reservation
from pms.hotel.tariff.charges import ChargeCode

DOOR = f"/stripe/{CODE}"
AMOUNT = 12_000
PARTIES = 20
SENT_TWICE = 10  # each tenth event comes a second time
FLAT = 2.0  # a line at the end of a folio, over one at its beginning


def webhooks(asked: Asked) -> Answer:
    """A burst of signed webhooks at the served app: answered, none lost, each booked once."""
    count, clients = asked.of((6, 2), (200, 4), (1_000, 8))
    practice = Practice()
    with database(asked) as engine, session_of(engine) as session:
        asked.say(f"{count:,} guests pay … ")
        house = _paid_for(session, practice, count)
        bodies = [
            body
            for _, body in practice.store.events(CODE)
            if json.loads(body)["type"] == "checkout.session.completed"
        ]
        sent = [*bodies, *bodies[::SENT_TWICE]]
        random.Random(count).shuffle(sent)  # noqa: S311 - an order, no secret
        with _keys_of(practice), served(engine) as server:
            events = [practice.signed(CODE, body) for body in sent]
            answers = [_deliver(event) for event in events]
            times, seconds = _burst(server, clients, answers)
            raw, raw_seconds = _burst(server, clients, [_nothing] * len(sent))
        worked = _work(engine, practice, len(sent))
        found, wrong = _what_came(session, house), _wrong(session, house)
        words = engine_words(engine)
    return {
        "bench": f"webhooks: {count:,} signed events, one in {SENT_TWICE} twice, in a burst",
        **machine(),
        "engine": words,
        "server": server_words(),
        "clients": clients,
        "answered": told(times) | {"per_second": round(len(sent) / seconds, 1)},
        "booked": {"seconds": round(worked, 2), "per_second": round(count / worked, 1)},
        "found": found,
        "raw": {
            "what": "a view that answers one word, as many clients",
            **told(raw),
            "per_second": round(len(sent) / raw_seconds, 1),
        },
        "over_raw": round(percentile(times, 0.5) / percentile(raw, 0.5), 1),
        "wrong": wrong,
        "ok": not wrong
        and found == {"events": count, "payments": count, "taken": count * AMOUNT, "asked_for": 0},
    }


def _paid_for(session: Session, practice: Practice, count: int) -> House:
    """Open a hotel whose guests have paid on the hosted page; nobody has heard of it yet."""
    with transaction(session):
        house = filling.build(session, rooms_=PARTIES)
        filling.book(session, house, first=0, count=PARTIES)
        by = staff.the_house(session, house.hotel)
        checkout.set_mode(session, house.hotel, Mode.TEST, by=by)
    parties = session.scalars(sa.select(Reservation).order_by(Reservation.id)).all()
    session.rollback()
    gateway = _gateway(practice)
    for no in range(count):
        with transaction(session):
            request = checkout.ask(
                session, house.hotel, purpose=Purpose.DEPOSIT,
                amount=Money(AMOUNT, house.hotel.currency), reservation=parties[no % PARTIES],
                expires_at=clock.now() + timedelta(days=1), by=by,
            )  # fmt: skip
            intent = intending.pay(session, request, words="Deposit", consent=None, by=by)
        done = intents.carry_out(session, intent, gateway, back_to="https://bench.example/")
        practice.of(CODE).choose(str(done.object_id), "visa")
    return house


def _gateway(practice: Practice) -> Callable[[str, Mode], Gateway]:
    key = practice.account(CODE).secret_key
    one = Stripe.over(key, practice.http_client(), Mode.TEST)
    return lambda _code, _mode: one


@contextmanager
def _keys_of(practice: Practice) -> Iterator[None]:
    """Let the served app know the secret that events are signed with."""
    keys = {
        f"STRIPE_{CODE}_SECRET_KEY": "sk_test_of_a_bench",
        f"STRIPE_{CODE}_WEBHOOK_SECRET": practice.account(CODE).webhook_secret,
    }
    os.environ.update(keys)
    try:
        yield
    finally:
        for name in keys:
            del os.environ[name]


def _deliver(event: tuple[bytes, str]) -> Callable[[Caller], int]:
    body, signature = event
    head = {"Content-Type": "application/json", "Stripe-Signature": signature}
    return lambda caller: caller.deliver(DOOR, body, head)[0]


def _nothing(caller: Caller) -> int:
    return caller.get("/bench/nothing")[0]


def _burst(
    server: Server, clients: int, asked: Sequence[Callable[[Caller], int]]
) -> tuple[list[float], float]:
    """Let clients share calls out and make them at once; each must be answered with 200."""
    times: list[float] = []

    def share(n: int) -> None:
        caller = Caller(server)
        for ask in asked[n::clients]:
            began = time.perf_counter()
            status = ask(caller)
            times.append(time.perf_counter() - began)
            if status != http.client.OK:
                raise LookupError(f"The server answered {status}.")
        caller.close()

    threads = [Thread(target=share, args=(n,)) for n in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, time.perf_counter() - began


def _work(engine: Engine, practice: Practice, at_most: int) -> float:
    """Let the worker look at all that came; return the seconds."""
    began = time.perf_counter()
    jobs.run_due(
        lambda: Session(engine, expire_on_commit=False),
        following.handlers(_gateway(practice)),
        at_most=at_most,
    )
    return time.perf_counter() - began


def _what_came(session: Session, house: House) -> Answer:
    """Count what was kept and booked, and what is still asked for."""
    of_hotel = {"hotel_id": house.hotel.id}
    payments, taken = session.execute(
        sa.select(sa.func.count(), sa.func.sum(GatewayPayment.amount)).filter_by(**of_hotel)
    ).one()
    events = sa.select(sa.func.count()).select_from(GatewayEvent).filter_by(**of_hotel)
    still = sa.select(sa.func.count()).where(
        checkout.PaymentRequest.hotel_id == house.hotel.id,
        checkout.PaymentRequest.state.in_(checkout.OPEN_STATES),
    )
    return {
        "events": session.scalar(events),
        "payments": payments,
        "taken": int(taken or 0),
        "asked_for": session.scalar(still),
    }


# --- a long folio ---------------------------------------------------------------------------------


def folio(asked: Asked) -> Answer:
    """A folio that grows to 2,000 lines: each posting, and its page opened at the end."""
    lines, opens = asked.of((30, 2), (400, 10), (2_000, 30))
    with database(asked) as engine, session_of(engine) as session:
        with transaction(session):
            house = filling.build(session, rooms_=PARTIES, types=1, plans=1)
            hire(session, house)
            by = staff.the_house(session, house.hotel)
            bill = folios.open_folio(
                session, house.hotel, kind=FolioKind.PASSER_BY, name="A long one", by=by
            )
            code = session.scalars(
                sa.select(ChargeCode).where(ChargeCode.hotel_id == house.hotel.id).limit(1)
            ).one()
        posted = timed(lambda no: _post(session, bill, code, no), lines)
        raw_posted = _raw_posting(engine, min(lines, 200))
        asked.say(f"{lines:,} lines … ")
        with served(engine) as server, closing(clerk(server)) as caller:
            address = f"/folios/{bill.id}"
            size = len(page(caller, address))
            opened, cpu = timed_served(server, lambda _: page(caller, address), opens)
        raw_opened = timed(lambda _: _raw_opening(engine, bill), opens)
        wrong = _wrong(session, house)
        words = engine_words(engine)
    quarter = max(lines // 4, 1)
    flat = percentile(posted[-quarter:], 0.5) / percentile(posted[:quarter], 0.5)
    return {
        "bench": f"folio: {lines:,} lines posted one by one, then opened",
        **machine(),
        "engine": words,
        "server": server_words(),
        "post": {"what": "a charge with its taxes, by the verb, committed", **told(posted)},
        "last_over_first": round(flat, 2),
        "open": {
            "what": "its page over HTTP",
            **told(opened),
            "kb": round(size / 1024, 1),
            "server_cpu_ms": round(cpu, 1),
        },
        "raw": {
            "post": {"what": "three plain rows, committed", **told(raw_posted)},
            "open": {"what": "its lines by one bare query, as JSON", **told(raw_opened)},
        },
        "post_over_raw": round(percentile(posted, 0.5) / percentile(raw_posted, 0.5), 1),
        "open_over_raw": round(percentile(opened, 0.5) / percentile(raw_opened, 0.5), 1),
        "wrong": wrong,
        "ok": not wrong and (asked.size == "tiny" or flat <= FLAT),
    }


def _post(session: Session, bill: Folio, code: ChargeCode, no: int) -> None:
    with transaction(session):
        by = staff.the_house(session, session.get_one(Hotel, bill.hotel_id))
        price = Money(450 + no, "EUR")
        folios.charge(session, bill, code=code, amount=price, window=1, by=by)


def _raw_posting(engine: Engine, count: int) -> list[float]:
    """Write three rows of a plain table and commit, so many times."""
    rows = sa.Table(
        "bench_lines", sa.MetaData(),
        sa.Column("entry", sa.BigInteger), sa.Column("account", sa.BigInteger),
        sa.Column("amount", sa.BigInteger),
    )  # fmt: skip
    writing = engine.execution_options(pms_writes=True)
    with writing.begin() as connection:
        rows.create(connection)

    def post(no: int) -> None:
        three = [{"entry": no, "account": side, "amount": side} for side in (-2, 1, 1)]
        with writing.begin() as connection:
            connection.execute(rows.insert(), three)

    times = timed(post, count)
    with writing.begin() as connection:
        rows.drop(connection)
    return times


def _raw_opening(engine: Engine, bill: Folio) -> str:
    """Read what is on a folio, and write it as JSON."""
    accounts = [window.account_id for window in bill.windows]
    asked = (
        sa.select(Entry.business_day, Entry.text, Line.no, Line.amount)
        .join(Line, sa.and_(Line.hotel_id == Entry.hotel_id, Line.entry_id == Entry.id))
        .where(Line.hotel_id == bill.hotel_id, Line.account_id.in_(accounts))
    )
    with engine.connect() as connection:
        return json.dumps([[str(row[0]), *row[1:]] for row in connection.execute(asked)])


def _wrong(session: Session, house: House) -> list[str]:
    rules = (*of_books.RULES, *of_checkout.RULES)
    checks = [rule.check(session, house.hotel) for rule in rules]
    return [check.name for check in checks if not check.ok]
