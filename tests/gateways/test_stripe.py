"""Stripe through its own library: keys, signatures, and the practice gateway behind the library."""

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import stripe
import time_machine

from pms.base import clock
from pms.base.gateway import (
    Charge,
    Checkout,
    GatewayAway,
    GatewayRefused,
    KeyRefused,
    Mode,
    NoGateway,
    Stand,
    Takes,
)
from pms.base.money import Money
from pms.gateways.stripe import Accounts, BadSignature, Stripe, read_event
from pms.gateways.stripe_fake import PREFIX, Practice

VECTORS = json.loads(
    (Path(__file__).parents[1] / "data" / "stripe" / "signatures.json").read_text()
)
EURO = "EUR"


@pytest.fixture
def practice():
    practice = Practice()
    yield practice
    practice.store.close()


@pytest.fixture
def gateway(practice, tmp_path):
    return Accounts(tmp_path, {}, practice).gateway("TEST", Mode.PRACTICE)


def ask(takes=Takes.PAYMENT, minor=12_500, ours="17", **other):
    said = {
        "takes": takes, "amount": Money(minor, EURO), "words": "Deposit, booking 12",
        "language": "de", "email": "ana@mail.example", "paid_url": "https://h.example/paid",
        "back_url": "https://h.example/back", "expires_at": clock.now() + timedelta(hours=1),
        "ours": ours, **other,
    }  # fmt: skip
    return Checkout(**said)


# --- keys -----------------------------------------------------------------------------------------


def keyring(folder, code="TEST", mode=0o600, **said):
    file = folder / "stripe" / f"{code}.toml"
    file.parent.mkdir()
    file.write_text("\n".join(f'{name} = "{value}"' for name, value in said.items()))
    file.chmod(mode)
    return Accounts(folder, {})


def test_keys_of_another_mode_are_refused_and_never_shown(tmp_path):
    accounts = keyring(tmp_path, secret_key="sk_live_1234567890", webhook_secret="whsec_abc")

    keys = accounts.keys("TEST", Mode.LIVE)

    assert (keys.secret, keys.webhook_secrets) == ("sk_live_1234567890", ("whsec_abc",))
    assert "1234567890" not in repr(keys)
    assert "whsec_abc" not in repr(keys)
    with pytest.raises(NoGateway, match="are live keys, and the hotel is test"):
        accounts.gateway("TEST", Mode.TEST)
    with pytest.raises(NoGateway, match="no keys of OTHER"):
        accounts.keys("OTHER", Mode.LIVE)
    assert accounts.gateway("TEST", Mode.LIVE).mode is Mode.LIVE


def test_a_file_that_others_read_and_a_key_of_neither_mode_are_refused(tmp_path):
    with pytest.raises(NoGateway, match="chmod 600"):
        keyring(tmp_path, mode=0o644, secret_key="sk_test_1").kept("TEST")
    with pytest.raises(NoGateway, match="neither a test nor a live key"):
        Accounts(tmp_path, {"STRIPE_TEST_SECRET_KEY": "pk_test_1"}).kept("TEST")

    environ = {"STRIPE_A_B_SECRET_KEY": "rk_test_9", "STRIPE_A_B_FORMER_WEBHOOK_SECRET": "old"}
    keys = Accounts(tmp_path, environ).keys("A-B", Mode.TEST)

    assert (keys.secret, keys.webhook_secrets) == ("rk_test_9", ("old",))


# --- signatures -----------------------------------------------------------------------------------


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["id"])
def test_signatures_are_checked_as_stripe_does(vector):
    event = {"id": "evt_1", "type": "x", "livemode": False, "data": {"object": {"id": "pi_1"}}}
    with time_machine.travel(datetime.fromtimestamp(vector["now"], UTC), tick=False):
        if not vector["valid"]:
            with pytest.raises(BadSignature):
                read_event(vector["payload"].encode(), vector["header"], [vector["secret"]])
            return
        stripe.WebhookSignature.verify_header(
            vector["payload"], vector["header"], vector["secret"], vector["tolerance"]
        )
        body = json.dumps(event | {"object": "event"})
        header = stripe.WebhookSignature.generate_signature_header(body, vector["secret"])
        news = read_event(body.encode(), header, ["another", vector["secret"]])

    assert (news.event_id, news.object_id) == ("evt_1", "pi_1")


def test_any_changed_byte_is_refused(practice):
    body, header = practice.signed("TEST", '{"id": "evt_1", "object": "event"}')
    secret = practice.account("TEST").webhook_secret

    for at in range(len(body)):
        changed = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        with pytest.raises(BadSignature):
            read_event(changed, header, [secret])
    with pytest.raises(BadSignature):
        read_event(b"x" * 600_000, header, [secret])


# --- the practice gateway -------------------------------------------------------------------------


def test_a_page_is_paid_refunded_and_paid_out(gateway, practice):
    opened = gateway.open_checkout(ask(), key="k1")
    assert opened.stand is Stand.OPEN
    assert f"{PREFIX}/pay/{opened.object_id}" in opened.url

    do = practice.of("TEST")
    do.choose(opened.object_id, "declined")
    assert gateway.look(opened.object_id).refused == "generic decline"
    do.choose(opened.object_id, "visa")

    paid = gateway.look(opened.object_id)
    assert (paid.stand, paid.amount, paid.ours) == (Stand.PAID, Money(12_500, EURO), "17")
    assert (paid.card.brand, paid.card.last_four, paid.live) == ("visa", "4242", False)
    back = gateway.refund(paid.payment, Money(2_500, EURO), ours="18", key="k2")
    assert (back.stand, back.amount) == (Stand.PAID, Money(2_500, EURO))
    with pytest.raises(GatewayRefused, match="More than is left"):
        gateway.refund(paid.payment, Money(10_001, EURO), ours="19", key="k3")
    assert gateway.find(ours="18", payment=paid.payment, customer=None).object_id == back.object_id
    disputed = gateway.dispute(do.open_dispute(paid.payment)["id"])
    assert (disputed.amount, disputed.payment) == (Money(10_000, EURO), paid.payment)
    out = gateway.payout(do.pay_out()["id"])
    assert gateway.payouts() == [out.object_id]
    assert {(line.kind, line.gross) for line in out.lines} == {
        ("charge", 12_500), ("refund", -2_500), ("adjustment", -10_000)}  # fmt: skip
    assert sum(line.gross - line.fee for line in out.lines) == out.amount.minor
    assert {line.payment for line in out.lines} == {paid.payment}


@pytest.mark.parametrize(
    ("currency", "minor", "counts"),
    [("ISK", 5_000, 500_000), ("UGX", 700, 70_000), ("MGA", 500_000, 5_000), ("JPY", 900, 900)],
)
def test_amounts_go_out_as_stripe_counts_them_and_come_back_as_ours(
    gateway, practice, currency, minor, counts
):
    money = Money(minor, currency)

    opened = gateway.open_checkout(ask(amount=money), key="k1")
    do = practice.of("TEST")
    do.choose(opened.object_id, "visa")
    paid = gateway.look(opened.object_id)
    back = gateway.refund(paid.payment, money, ours="18", key="k2")

    assert do.find(paid.payment)["amount"] == counts
    assert (paid.amount, back.amount) == (money, money)
    out = gateway.payout(do.pay_out()["id"])
    assert {line.gross for line in out.lines} == {minor, -minor}


def test_a_key_that_opens_nothing_leaves_the_outcome_open(practice):
    with pytest.raises(KeyRefused, match="put in the right one"):
        Stripe.over("sk_test_of_nobody", practice.http_client(), Mode.TEST).look("pi_1")


@pytest.mark.parametrize(("minor", "currency"), [(12_345, "KWD"), (12_345, "MGA")])
def test_amounts_that_are_too_fine_for_cards_are_refused(gateway, minor, currency):
    with pytest.raises(GatewayRefused, match="finer than cards"):
        gateway.open_checkout(ask(amount=Money(minor, currency)), key="k1")


def test_a_hold_is_taken_in_part_let_go_or_runs_out(gateway, practice):
    held = []
    for number in range(3):
        opened = gateway.open_checkout(ask(Takes.HOLD, ours=str(number)), key=f"h{number}")
        practice.of("TEST").choose(opened.object_id, "visa")
        held.append(gateway.look(opened.object_id))
    assert {each.stand for each in held} == {Stand.HELD}
    assert held[0].amount == Money(12_500, EURO)
    assert timedelta(days=6) < held[0].capture_before - clock.now() < timedelta(days=8)

    taken = gateway.capture(held[0].payment, Money(4_000, EURO), key="c")
    again = gateway.capture(held[0].payment, Money(4_000, EURO), key="other")
    gone = gateway.release(held[1].payment, key="r")
    with clock.set_to(clock.now() + timedelta(days=8)):
        lapsed = gateway.capture(held[2].payment, Money(1, EURO), key="late")

    assert (taken.stand, taken.amount, again.amount) == (Stand.PAID, *[Money(4_000, EURO)] * 2)
    assert gone.stand is Stand.RELEASED
    assert lapsed.stand is Stand.RELEASED


def test_a_card_is_kept_and_charged_or_declined_later(gateway, practice):
    kept = {}
    for name in ("visa", "later"):
        opened = gateway.open_checkout(ask(Takes.CARD, ours=name), key=name)
        practice.of("TEST").choose(opened.object_id, name)
        kept[name] = gateway.look(opened.object_id)
    assert {each.stand for each in kept.values()} == {Stand.KEPT}

    def charge(name, key, *, holds=False):
        card = kept[name]
        return gateway.charge(
            Charge(customer=card.customer, method=card.method, amount=Money(900, EURO),
                   holds=holds, words="No-show", ours=key), key=key,
        )  # fmt: skip

    paid, held, refused = (
        charge("visa", "1"), charge("visa", "2", holds=True), charge("later", "3"),
    )  # fmt: skip

    assert (paid.stand, held.stand) == (Stand.PAID, Stand.HELD)
    assert (refused.stand, refused.refused) == (Stand.DECLINED, "generic decline")
    customer = kept["visa"].customer
    assert gateway.find(ours="1", payment=None, customer=customer).payment == paid.payment


def test_a_lost_answer_is_heard_again_under_the_same_key(gateway, practice):
    asked = ask()
    practice.lose_replies = 1
    with pytest.raises(GatewayAway):
        gateway.open_checkout(asked, key="once")

    first = gateway.open_checkout(asked, key="once")

    assert [each["id"] for each in practice.store.all("TEST", "checkout.session")] == [
        first.object_id
    ]
    with pytest.raises(stripe.IdempotencyError):
        gateway.open_checkout(ask(minor=1), key="once")
    practice.limited = 1
    with pytest.raises(GatewayAway):
        gateway.look(first.object_id)
    with pytest.raises(GatewayRefused):
        gateway.look("pi_unknown")


def test_a_delayed_payment_comes_or_doesnt(gateway, practice):
    do, opened = practice.of("TEST"), []
    for key in ("a", "b"):
        opened.append(gateway.open_checkout(ask(ours=key), key=key).object_id)
        do.choose(opened[-1], "debit")
    assert {gateway.look(each).stand for each in opened} == {Stand.PENDING}

    do.end_delayed(opened[0], paid=True)
    do.end_delayed(opened[1], paid=False)

    assert [gateway.look(each).stand for each in opened] == [Stand.PAID, Stand.DECLINED]


def test_pages_run_out_and_events_are_signed(gateway, practice):
    opened = gateway.open_checkout(ask(), key="k")
    closed = gateway.close_checkout(gateway.open_checkout(ask(), key="l").object_id)
    with clock.set_to(clock.now() + timedelta(hours=2)):
        late = gateway.look(opened.object_id)

    told = []
    went = practice.tell(
        lambda code, body, header: told.append(
            read_event(body, header, [practice.account(code).webhook_secret])
        ) or 200
    )  # fmt: skip

    assert (late.stand, closed.stand) == (Stand.EXPIRED, Stand.EXPIRED)
    assert went == 2
    assert {each.kind for each in told} == {"checkout.session.expired"}
    assert {each.ours for each in told} == {"17"}
    assert practice.tell(lambda *_: 500) == 0


class Quiet(WSGIRequestHandler):
    def log_message(self, *_words):
        pass


def test_over_a_port_it_answers_the_same(practice):
    with make_server("127.0.0.1", 0, practice, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        client = stripe.StripeClient(
            practice.account("TEST").secret_key,
            base_addresses={"api": f"http://127.0.0.1:{server.server_port}"},
        )
        opened = Stripe(client, Mode.PRACTICE).open_checkout(ask(), key="k")
        thread.join()

    assert practice.of("TEST").find(opened.object_id)["client_reference_id"] == "17"
