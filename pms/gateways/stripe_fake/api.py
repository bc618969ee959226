"""The API: requests as Stripe's library sends them, answered from what is remembered.

What isn't asked as Stripe publishes it is refused as Stripe does; what isn't said so is a mistake
of ours, and breaks.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from stripe import params as asked
from stripe.params import checkout

from pms.gateways.stripe_fake import schema
from pms.gateways.stripe_fake.doing import Doing, No, wrong
from pms.gateways.stripe_fake.store import Store

Thing = dict[str, Any]
Deed = Callable[[Doing, str, Thing, str], Thing]

_KEY = re.compile(r"Bearer (sk_test_practice_(\S+))")


def _look(do: Doing, it: str, _: Thing, __: str) -> Thing:
    return do.find(it)


def _lists(kind: str) -> Deed:
    return lambda do, _, params, __: _list(do, kind, params)


# What can be asked, by method and address (`{}` stands for an id): with which parameters, as
# Stripe's library has them, and what is done.
DEEDS: dict[tuple[str, str], tuple[type[Any], Deed]] = {
    ("POST", "checkout/sessions"): (
        checkout.SessionCreateParams, lambda do, _, params, page: do.open_session(params, page)
    ),
    ("POST", "checkout/sessions/{}/expire"): (
        checkout.SessionExpireParams, lambda do, it, _, __: do.expire_session(it)
    ),
    ("POST", "payment_intents"): (
        asked.PaymentIntentCreateParams, lambda do, _, params, __: do.charge_off_session(params)
    ),
    ("POST", "payment_intents/{}/capture"): (
        asked.PaymentIntentCaptureParams, lambda do, it, params, _: do.capture(it, params)
    ),
    ("POST", "payment_intents/{}/cancel"): (
        asked.PaymentIntentCancelParams, lambda do, it, _, __: do.cancel(it)
    ),
    ("POST", "refunds"): (
        asked.RefundCreateParams, lambda do, _, params, __: do.refund(params)
    ),
    ("POST", "payment_methods/{}/detach"): (
        asked.PaymentMethodDetachParams,
        lambda do, it, _, __: do.put(do.find(it) | {"customer": None}),
    ),
    ("GET", "account"): (
        asked.AccountRetrieveCurrentParams,
        lambda do, _, __, ___: {"id": f"acct_practice_{do.account}", "object": "account"},
    ),
    ("GET", "payment_intents"): (asked.PaymentIntentListParams, _lists("payment_intent")),
    ("GET", "refunds"): (asked.RefundListParams, _lists("refund")),
    ("GET", "disputes"): (asked.DisputeListParams, _lists("dispute")),
    ("GET", "payouts"): (asked.PayoutListParams, _lists("payout")),
    ("GET", "balance_transactions"): (
        asked.BalanceTransactionListParams, _lists("balance_transaction")
    ),
    ("GET", "checkout/sessions/{}"): (checkout.SessionRetrieveParams, _look),
    ("GET", "payment_intents/{}"): (asked.PaymentIntentRetrieveParams, _look),
    ("GET", "refunds/{}"): (asked.RefundRetrieveParams, _look),
    ("GET", "disputes/{}"): (asked.DisputeRetrieveParams, _look),
    ("GET", "payouts/{}"): (asked.PayoutRetrieveParams, _look),
    ("GET", "setup_intents/{}"): (asked.SetupIntentRetrieveParams, _look),
    ("GET", "payment_methods/{}"): (asked.PaymentMethodRetrieveParams, _look),
    ("GET", "charges/{}"): (asked.ChargeRetrieveParams, _look),
    ("GET", "customers/{}"): (asked.CustomerRetrieveParams, _look),
}  # fmt: skip
_FILTERS = ("customer", "payment_intent", "payout", "status")


def answer(
    store: Store, method: str, path: str, query: str, body: str, headers: Mapping[str, str],
    page: str,
) -> tuple[int, str]:  # fmt: skip
    """Answer a request: the status and the JSON. The same key answers the same for a day."""
    key = next((each for name, each in headers.items() if name.lower() == "authorization"), "")
    known = _KEY.fullmatch(key)
    if known is None:
        return 401, _error(No(401, "invalid_request_error", "api_key", "Invalid API Key."))
    account = known[2]
    once = next((v for name, v in headers.items() if name.lower() == "idempotency-key"), None)
    asked = f"{method} {path} {query} {body}"
    with store.turn():
        if method == "POST" and once:
            before = store.answered(account, once)
            if before is not None:
                if before[0] != asked:
                    words = "Keys for idempotent requests can only be used with the same parameters"
                    return 400, _error(No(400, "idempotency_error", "idempotency", words))
                return before[1], before[2]
        status, said = _do(Doing(store, account), method, path, query, body, page)
        if method == "POST" and once:
            store.keep_answer(account, once, asked, status, said)
    return status, said


def _do(do: Doing, method: str, path: str, query: str, body: str, page: str) -> tuple[int, str]:
    raw = nested(body if method == "POST" else query)
    plain = path.removeprefix("/v1/").strip("/")
    for (verb, shape), (takes, deed) in DEEDS.items():
        found = re.fullmatch(shape.replace("{}", r"([^/]+)"), plain)
        if verb == method and found:
            it = found.group(1) if found.groups() else ""
            try:
                params = _read(takes, raw)
                expands = [each.split(".") for each in params.pop("expand", [])]
                _refuse_unexpandable(verb, shape, expands)
                said = deed(do, it, params, page)
                for each in expands:
                    said = expanded(do, said, each)
            except No as no:
                return no.status, _error(no)
            schema.check(said)
            return 200, json.dumps(said)
    return 404, _error(No(404, "invalid_request_error", "unknown", f"Unrecognized URL {path}"))


def _read(takes: type[Any], raw: Thing) -> Thing:
    """Return what is asked as Stripe's library has it; refuses the rest as Stripe does."""
    try:
        return schema.read(takes, raw)
    except schema.Unfit as unfit:
        raise wrong(unfit.code, unfit.words, param=unfit.at) from None


def _refuse_unexpandable(verb: str, shape: str, paths: list[list[str]]) -> None:
    """Refuse paths to what isn't an id of something else: `checkout/sessions/{}` has sessions."""
    noun = shape.partition("/{}")[0]
    kind = schema.KINDS[noun.removesuffix("s").replace("/", ".")]
    is_list = verb == "GET" and shape == noun and noun.endswith("s")
    for path in paths:
        steps = path[1:] if is_list and path[0] == "data" else path
        if not steps or not schema.expandable(kind, steps):
            raise wrong(None, f"This property cannot be expanded ({'.'.join(path)}).")


def _error(no: No) -> str:
    return json.dumps({"error": no.error})


def _list(do: Doing, kind: str, params: Thing) -> Thing:
    rows = [
        row
        for row in do.store.all(do.account, kind)
        if all(row.get(name) == params[name] for name in _FILTERS if name in params)
    ]
    after = params.get("starting_after")
    if after is not None:
        ids = [row["id"] for row in rows]
        rows = rows[ids.index(after) + 1 :]
    limit = params.get("limit", 10)
    shown = [{key: value for key, value in row.items() if key != "payout"} for row in rows[:limit]]
    return {"object": "list", "data": shown, "has_more": len(rows) > limit, "url": f"/v1/{kind}s"}


def expanded(do: Doing, thing: Any, path: list[str]) -> Any:
    """Put objects in the place of their ids along a path; what isn't there stays as it is."""
    if not path or thing is None:
        return thing
    if isinstance(thing, list):
        return [expanded(do, each, path) for each in thing]
    value = thing.get(path[0])
    if isinstance(value, str) and do.store.get(do.account, value) is not None:
        value = do.find(value)
    return thing | {path[0]: expanded(do, value, path[1:])}


def nested(text: str) -> Thing:
    """Read `line_items[0][price_data][currency]=eur` as what it means."""
    found: Thing = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        steps = re.findall(r"[^\[\]]+", name)
        at = found
        for step in steps[:-1]:
            at = at.setdefault(step, {})
        at[steps[-1]] = value
    return {name: _listed(value) for name, value in found.items()}


def _listed(value: Any) -> Any:
    """Turn what is numbered from nought on into a list."""
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(each) for name, each in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
