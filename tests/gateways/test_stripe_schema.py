"""What Stripe publishes of its API holds for our requests, and for the gateway we practise at.

The practice gateway reads each request by the library's parameters and checks each answer by its
resources, so whatever the suite asks of it is checked too.
"""

import copy
import json
from datetime import timedelta
from pathlib import Path

import pytest
import stripe

from pms.base import clock
from pms.base.gateway import Charge, Checkout, Mode, Takes
from pms.base.money import Money
from pms.gateways.stripe import Stripe
from pms.gateways.stripe_fake import Practice, schema

PUBLISHED = json.loads((Path(__file__).parents[1] / "data" / "stripe" / "objects.json").read_text())
KEPT = sorted(set(PUBLISHED) - {"account", "event"})
ITEM = {"price_data": {"currency": "eur", "unit_amount": 900, "product_data": {"name": "Deposit"}}}
NO_CURRENCY = {"price_data": {"unit_amount": 900, "product_data": {"name": "Deposit"}}}


@pytest.fixture
def practice():
    practice = Practice()
    yield practice
    practice.store.close()


@pytest.fixture
def stripes(practice):
    """Stripe's own client, with nothing of ours between."""
    key = practice.account("TEST").secret_key
    return stripe.StripeClient(key, http_client=practice.http_client()).v1


@pytest.fixture
def gateway(practice):
    key = practice.account("TEST").secret_key
    return Stripe.over(key, practice.http_client(), Mode.PRACTICE)


# --- requests -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "param", "code", "words"),
    [
        ({"colour": "red"}, "colour", "parameter_unknown", "Received unknown parameter: colour"),
        ({"payment_intent_data": {"capture": "manual"}}, "payment_intent_data[capture]",
         "parameter_unknown", "Received unknown parameter: payment_intent_data[capture]"),
        ({"line_items": [ITEM | {"quantity": 1}, NO_CURRENCY]},
         "line_items[1][price_data][currency]", "parameter_missing",
         "Missing required param: line_items[1][price_data][currency]."),
        ({"expires_at": "soon"}, "expires_at", "parameter_invalid_integer",
         "Invalid integer: soon"),
        ({"success_url": ""}, "success_url", "parameter_invalid_empty",
         "You passed an empty string for 'success_url'"),
        ({"locale": "klingon"}, "locale", None, "Invalid locale: must be one of auto, bg, cs"),
        ({"allow_promotion_codes": "perhaps"}, "allow_promotion_codes", None,
         "Invalid boolean: perhaps"),
        ({"line_items": "two"}, "line_items", None, "Invalid array"),
        ({"metadata": "17"}, "metadata", None, "Invalid object"),
        ({"success_url": {"a": "b"}}, "success_url", None, "Invalid string"),
        ({"expand": ["url"]}, None, None, "This property cannot be expanded (url)."),
    ],
)  # fmt: skip
def test_a_request_that_isnt_as_published_is_refused_as_stripe_does(
    stripes, practice, wrong, param, code, words
):
    asked = {"mode": "payment", "line_items": [ITEM], "success_url": "https://h.example"}

    with pytest.raises(stripe.InvalidRequestError) as refused:
        stripes.checkout.sessions.create(asked | wrong)

    no = refused.value
    assert (no.http_status, no.param, no.code) == (400, param, code)
    assert no.user_message.startswith(words)
    assert stripes.checkout.sessions.create(asked).status == "open"


def test_what_must_be_there_and_how_much_is_listed_is_asked_for(stripes):
    with pytest.raises(stripe.InvalidRequestError, match=r"Missing required param: amount\."):
        stripes.payment_intents.create({"currency": "eur"})
    with pytest.raises(stripe.InvalidRequestError, match="Missing required param: payment_intent"):
        stripes.refunds.create({"amount": 5})
    with pytest.raises(stripe.InvalidRequestError, match="Invalid integer: many"):
        stripes.refunds.list({"limit": "many"})
    odd = {"currency": "eur", "amount": 5, "expand": ["customer.email"]}
    with pytest.raises(stripe.InvalidRequestError, match=r"be expanded \(customer\.email\)"):
        stripes.payment_intents.create(odd)


# --- answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(schema.KINDS))
def test_published_objects_fit_the_library_and_spoiled_ones_dont(kind):
    published = of_today(kind)
    schema.check(published)

    spoiled = [published | {"colour": "red"}, published | {"id": 17}]
    without = copy.deepcopy(published)
    del without["id"]
    for each in (*spoiled, without):
        with pytest.raises(schema.Unfit):
            schema.check(each)


def test_all_that_the_practice_gateway_says_is_published(gateway, practice):
    do = practice.of("TEST")
    for takes in Takes:
        opened = gateway.open_checkout(ask(takes), key=takes.value)
        do.choose(opened.object_id, "visa")
        heard = gateway.look(opened.object_id)
        if takes is Takes.PAYMENT:
            back = gateway.refund(heard.payment, euros(100), ours="1", key="r")
            gateway.look(back.object_id)
            gateway.dispute(do.open_dispute(heard.payment)["id"])
        if takes is Takes.HOLD:
            gateway.capture(heard.payment, euros(200), key="c")
        if takes is Takes.CARD:
            card = Charge(customer=heard.customer, method=heard.method, amount=euros(300),
                          holds=True, words="No-show", ours="2")  # fmt: skip
            gateway.release(gateway.charge(card, key="h").payment, key="l")
            gateway.forget_card(heard.method)
    gateway.payout(do.pay_out()["id"])
    gateway.account()

    for kind in KEPT:
        said = practice.store.all("TEST", kind)
        assert said, kind
        unknown = {name for thing in said for name in thing} - set(PUBLISHED[kind])
        assert unknown <= {"payout"}  # kept beside a balance transaction, never said
    for happened in practice.happened("TEST"):
        schema.check(happened)


def of_today(kind):
    """A published object, with what the library has known for longer than it."""
    published = copy.deepcopy(PUBLISHED[kind])
    if kind == "checkout.session":
        published["ui_mode"] = "hosted_page"
    if kind == "dispute":
        published["evidence_details"]["submission_method"] = "not_submitted"
        published["payment_method_details"]["card"]["network"] = "visa"
    return published


def ask(takes):
    return Checkout(
        takes=takes, amount=euros(12_500), words="Deposit, booking 12", language="de",
        email="ana@mail.example", paid_url="https://h.example/paid",
        back_url="https://h.example/back", expires_at=clock.now() + timedelta(hours=1), ours="17",
    )  # fmt: skip


def euros(minor):
    return Money(minor, "EUR")
