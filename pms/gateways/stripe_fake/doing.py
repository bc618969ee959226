"""Doing: what happens to objects, from the API's side, the guest's and the bank's."""

import json
import re
from typing import Any

from pms.gateways.stripe_fake import shapes
from pms.gateways.stripe_fake.store import Store

Thing = dict[str, Any]
HELD_FOR = 7 * 86_400  # seconds a card is held that is used online
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


class No(Exception):
    """The API refuses: status, type, code and words as Stripe has them."""

    def __init__(self, status: int, kind: str, code: str | None, words: str, **more: Any) -> None:
        super().__init__(words)
        self.status = status
        self.error: Thing = {"type": kind, "message": words, **more}
        if code is not None:
            self.error["code"] = code


def wrong(code: str | None, words: str, **more: Any) -> No:
    """Return the refusal of a request that can't be done."""
    return No(400, "invalid_request_error", code, words, **more)


def _needed(params: Thing, name: str) -> Any:
    """Return what this gateway can't do without, though Stripe's schema leaves it open."""
    if name not in params:
        raise wrong("parameter_missing", f"Missing required param: {name}.", param=name)
    return params[name]


class Doing:
    """One account's objects and what can be done to them."""

    def __init__(self, store: Store, account: str) -> None:
        self.store = store
        self.account = account

    def find(self, thing_id: str) -> Thing:
        """Return an object as it is by now; refuses an unknown id."""
        found = self.store.get(self.account, thing_id)
        if found is None:
            words = f"No such object: '{thing_id[:60]}'"
            raise No(404, "invalid_request_error", "resource_missing", words)
        return self._aged(found)

    def _aged(self, thing: Thing) -> Thing:
        """Let time pass over an object: pages expire, and so do holds."""
        if thing["object"] == "checkout.session":
            if thing["status"] == "open" and thing["expires_at"] <= shapes.now():
                thing["status"] = "expired"
                self.put(thing, "checkout.session.expired")
        elif thing["object"] == "payment_intent" and thing["status"] == "requires_capture":
            held = self.find(thing["latest_charge"])
            if held["payment_method_details"]["card"]["capture_before"] <= shapes.now():
                self._let_go(thing, "automatic")
        return thing

    def put(self, thing: Thing, event: str | None = None) -> Thing:
        """Keep an object, and tell what happened to it."""
        self.store.put(self.account, thing)
        if event is not None:
            told = {
                "id": shapes.new("evt"),
                "object": "event",
                "api_version": None,
                "created": shapes.now(),
                "data": {"object": thing},
                "livemode": False,
                "pending_webhooks": 1,
                "request": {"id": None, "idempotency_key": None},
                "type": event,
            }
            self.store.happened(self.account, json.dumps(told))
        return thing

    # --- the API ------------------------------------------------------------------------------

    def open_session(self, params: Thing, page: str) -> Thing:
        """Open a hosted page; `page` is where such pages are."""
        if _needed(params, "mode") == "payment":
            _needed(params, "line_items")
        mail = params.get("customer_email")
        if mail is not None and not _MAIL.fullmatch(mail):
            raise wrong("email_invalid", f"Invalid email address: {mail}", param="customer_email")
        made = shapes.session(params)
        made["url"] = f"{page}/{made['id']}"
        behind = params.get("payment_intent_data") or params.get("setup_intent_data") or {}
        self.store.put(
            self.account, {"id": f"behind_{made['id']}", "object": "behind", "params": behind}
        )
        return self.put(made)

    def expire_session(self, session_id: str) -> Thing:
        """Shut a hosted page that is open."""
        found = self.find(session_id)
        if found["status"] != "open":
            raise wrong("resource_already_expired", "Only open sessions can be expired.")
        found["status"] = "expired"
        return self.put(found, "checkout.session.expired")

    def charge_off_session(self, params: Thing) -> Thing:
        """Charge or hold a card that is kept."""
        method = self.find(_needed(params, "payment_method"))
        if method["customer"] != _needed(params, "customer"):
            raise wrong("payment_method_unexpected", "That card isn't this customer's.")
        amount = params["amount"]
        made = shapes.payment_intent(amount, params["currency"], params)
        name = method["metadata"]["practice"]
        if name in {"later", "secure"}:
            code = "authentication_required" if name == "secure" else "card_declined"
            decline = "authentication_required" if name == "secure" else "generic_decline"
            self._decline(made, code, decline)
            raise No(
                402, "card_error", code, "Your card was declined.",
                decline_code=decline, payment_intent=made,
            )  # fmt: skip
        return self._take(made, method)

    def capture(self, payment_id: str, params: Thing) -> Thing:
        """Take what is held, or a part; the rest is let go."""
        found = self.find(payment_id)
        held: int = found["amount_capturable"]
        amount = int(params.get("amount_to_capture", held))
        if found["status"] != "requires_capture":
            raise wrong("payment_intent_unexpected_state", f"It is {found['status']}.")
        if not 0 < amount <= held:
            raise wrong("amount_too_large", "More than is held.")
        charge = self.find(found["latest_charge"])
        charge |= {"captured": True, "amount_captured": amount}
        found |= {"status": "succeeded", "amount_received": amount, "amount_capturable": 0}
        self._book(charge, "charge", amount, shapes.fee_of(amount))
        return self.put(found, "payment_intent.succeeded")

    def cancel(self, payment_id: str) -> Thing:
        """Let go what is held."""
        found = self.find(payment_id)
        if found["status"] in {"succeeded", "canceled"}:
            raise wrong("payment_intent_unexpected_state", f"It is {found['status']}.")
        return self._let_go(found, "requested_by_customer")

    def _let_go(self, payment: Thing, why: str) -> Thing:
        payment |= {
            "status": "canceled",
            "amount_capturable": 0,
            "canceled_at": shapes.now(),
            "cancellation_reason": why,
        }
        return self.put(payment, "payment_intent.canceled")

    def refund(self, params: Thing) -> Thing:
        """Give back what was taken, or a part."""
        payment = self.find(_needed(params, "payment_intent"))
        if payment["status"] != "succeeded":
            raise wrong("payment_intent_unexpected_state", f"It is {payment['status']}.")
        of = self.find(payment["latest_charge"])
        left = of["amount_captured"] - of["amount_refunded"]
        amount = int(params.get("amount", left))
        if of["disputed"] or not 0 < amount <= left:
            raise wrong("charge_already_refunded", "More than is left of that charge.")
        of["amount_refunded"] += amount
        of["refunded"] = of["amount_refunded"] == of["amount_captured"]
        made = shapes.refund(of, amount, params.get("metadata", {}))
        made["balance_transaction"] = self._book(made, "refund", -amount, 0)
        self.put(of, "charge.refunded")
        return self.put(made, "refund.created")

    # --- the guest on the hosted page ---------------------------------------------------------

    def choose(self, session_id: str, name: str) -> Thing:
        """Let somebody pay by one of the practice cards; a decline leaves the page open."""
        page = self.find(session_id)
        if page["status"] != "open":
            return page
        method = shapes.payment_method(name)
        if method["type"] not in page["payment_method_types"]:
            return page
        behind = self.find(f"behind_{session_id}")["params"]
        if page["mode"] == "setup":
            return self._keep_card(page, method, behind)
        payment = self._payment_of(page, behind)
        if name in shapes.DECLINES:
            self._decline(payment, "card_declined", shapes.DECLINES[name])
            return self.put(page)
        keeps = payment["setup_future_usage"] or page["customer_creation"] == "always"
        payment["customer"] = page["customer"] = self._customer(page) if keeps else None
        method["customer"] = page["customer"]
        self.put(method)
        page["status"] = "complete"
        if method["type"] != "card":
            payment |= {"status": "processing", "payment_method": method["id"]}
            payment["last_payment_error"] = None
            self.put(payment, "payment_intent.processing")
            return self.put(page, "checkout.session.completed")
        self._take(payment, method)
        held = payment["capture_method"] == "manual"
        page["payment_status"] = "unpaid" if held else "paid"
        return self.put(page, "checkout.session.completed")

    def _keep_card(self, page: Thing, method: Thing, behind: Thing) -> Thing:
        if method["metadata"]["practice"] in shapes.DECLINES:
            return page
        page["customer"] = method["customer"] = self._customer(page)
        self.put(method)
        kept = shapes.setup_intent(page["customer"], method["id"], behind.get("metadata", {}))
        self.put(kept, "setup_intent.succeeded")
        page |= {"setup_intent": kept["id"], "status": "complete"}
        return self.put(page, "checkout.session.completed")

    def _payment_of(self, page: Thing, behind: Thing) -> Thing:
        """Return the payment behind a page, made at the first try."""
        if page["payment_intent"]:
            return self.find(page["payment_intent"])
        made = shapes.payment_intent(page["amount_total"], page["currency"], behind)
        page["payment_intent"] = made["id"]
        return self.put(made)

    def _customer(self, page: Thing) -> str:
        return str(self.put(shapes.customer(page["customer_email"]))["id"])

    # --- money --------------------------------------------------------------------------------

    def _take(self, payment: Thing, method: Thing) -> Thing:
        held = payment["capture_method"] == "manual"
        amount = payment["amount"]
        until = shapes.now() + HELD_FOR if held else None
        made = shapes.charge(payment, method, capture_before=until)
        payment |= {
            "latest_charge": made["id"],
            "payment_method": method["id"],
            "last_payment_error": None,
            "status": "requires_capture" if held else "succeeded",
            "amount_capturable": amount if held else 0,
            "amount_received": 0 if held else amount,
        }
        if held:
            self.put(made)
            return self.put(payment, "payment_intent.amount_capturable_updated")
        self._book(made, "charge", amount, shapes.fee_of(amount))
        return self.put(payment, "payment_intent.succeeded")

    def _decline(self, payment: Thing, code: str, decline: str) -> None:
        payment["last_payment_error"] = {
            "type": "card_error",
            "code": code,
            "decline_code": decline,
            "message": "Your card was declined.",
        }
        self.put(payment, "payment_intent.payment_failed")

    def _book(self, source: Thing, kind: str, amount: int, fee: int) -> str:
        """Move the account's balance, and note it with what moved it."""
        made = shapes.balance_transaction(kind, source["id"], amount, source["currency"], fee)
        self.put(made)
        source["balance_transaction"] = made["id"]
        self.put(source)
        return str(made["id"])

    # --- levers: what banks do ----------------------------------------------------------------

    def end_delayed(self, session_id: str, *, paid: bool) -> Thing:
        """Let the bank answer a delayed payment."""
        page = self.find(session_id)
        payment = self.find(page["payment_intent"])
        method = self.find(payment["payment_method"])
        if paid:
            self._take(payment, method)
            page["payment_status"] = "paid"
            return self.put(page, "checkout.session.async_payment_succeeded")
        payment["status"] = "requires_payment_method"
        self._decline(payment, "payment_intent_payment_attempt_failed", "insufficient_funds")
        return self.put(page, "checkout.session.async_payment_failed")

    def open_dispute(
        self, payment_id: str, amount: int | None = None, *, inquiry: bool = False
    ) -> Thing:
        """Let the card's owner dispute a payment, whole or a part; at an inquiry no money moves."""
        of = self.find(self.find(payment_id)["latest_charge"])
        made = shapes.dispute(of)
        made["amount"] = amount or made["amount"]
        if inquiry:
            made["status"] = "warning_needs_response"
            return self.put(made, "charge.dispute.created")
        return self._withdraw(of, made, "charge.dispute.created")

    def dispute_after_inquiry(self, dispute_id: str) -> Thing:
        """Let the card's owner dispute what their bank only asked about."""
        found = self.find(dispute_id) | {"status": "needs_response"}
        return self._withdraw(self.find(found["charge"]), found, "charge.dispute.updated")

    def prevent_dispute(self, payment_id: str, *, taken: bool) -> Thing:
        """Let a dispute be settled before it is one: its money taken at once, or none of it."""
        of = self.find(self.find(payment_id)["latest_charge"])
        made = shapes.dispute(of) | {"status": "prevented"}
        if taken:
            self._moves(made, -made["amount"], 0)
        return self.put(made, "charge.dispute.created")

    def _withdraw(self, of: Thing, dispute: Thing, event: str) -> Thing:
        self.put(of | {"disputed": True})
        self._moves(dispute, -dispute["amount"], 1_500)
        return self.put(dispute, event)

    def _moves(self, dispute: Thing, amount: int, fee: int) -> None:
        """Move the account's balance by a dispute, which says so itself."""
        made = self._book(dict(dispute), "adjustment", amount, fee)
        dispute["balance_transactions"] = [*dispute["balance_transactions"], self.find(made)]

    def say_of_dispute(self, dispute_id: str, status: str) -> Thing:
        """Let a dispute stand otherwise, without money."""
        return self.put(self.find(dispute_id) | {"status": status}, "charge.dispute.updated")

    def close_dispute(self, dispute_id: str, *, won: bool) -> Thing:
        """Let the bank decide a dispute."""
        found = self.find(dispute_id)
        found["status"] = "won" if won else "lost"
        if won:
            self._moves(found, found["amount"], 0)
        return self.put(found, "charge.dispute.closed")

    def return_refund(self, refund_id: str, why: str = "lost_or_stolen_card") -> Thing:
        """Let the guest's bank send back what was given back."""
        found = self.find(refund_id)
        if found["status"] != "succeeded":
            raise wrong("refund_unexpected_state", f"It is {found['status']}.")
        found |= {"status": "failed", "failure_reason": why}
        of = self.find(found["charge"])
        of["amount_refunded"] -= found["amount"]
        of["refunded"] = False
        self.put(of)
        taken = found["balance_transaction"]
        found["failure_balance_transaction"] = self._book(
            found, "refund_failure", found["amount"], 0
        )
        found["balance_transaction"] = taken
        return self.put(found, "refund.failed")

    def pay_out(self) -> Thing:
        """Send the whole balance to the hotel's bank."""
        rows = [each for each in self.store.all(self.account, "balance_transaction")
                if not each.get("payout")]  # fmt: skip
        if not rows:
            raise wrong("balance_insufficient", "There is nothing to pay out.")
        made = shapes.payout(sum(each["net"] for each in rows), rows[0]["currency"])
        for each in rows:
            self.put(each | {"payout": made["id"]})
        return self.put(made, "payout.paid")

    def fail_payout(self, payout_id: str, why: str = "account_closed") -> Thing:
        """Let the hotel's bank send a payout back: the money is on the balance again."""
        found = self.find(payout_id)
        taken = found["balance_transaction"]
        found |= {"status": "failed", "failure_code": why}
        found["failure_balance_transaction"] = self._book(
            found, "payout_failure", found["amount"], 0
        )
        found["balance_transaction"] = taken
        return self.put(found, "payout.failed")
