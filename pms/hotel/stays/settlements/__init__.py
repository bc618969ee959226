"""Settlements: which folio is whose, what was paid before arrival, what stands in the way.

A stay has one `folio` of its own, from its first charge to the check-out. What is paid earlier is
held apart, on the account of its `deposits`, and is a liability of the house; when the party comes,
or pays a fee for not coming, it matures onto the folio's first window (`maturing`), and goes back
where it was held when the check-in is undone. While it is held it guarantees the stay.
"""

from pms.hotel.stays.settlements.deposits import (
    DepositAfterArrival,
    NoDeposit,
    deposit_account,
    deposit_held,
    deposit_there,
    deposits_held,
    follow_deposit,
    follow_prices,
    price_changed,
    repriced,
    return_deposit,
    take_deposit,
)
from pms.hotel.stays.settlements.folio import (
    check_out_blockers,
    close_folio,
    folio_of,
    open_balances,
    reopen_folio,
    route_to_master,
    settled,
)
from pms.hotel.stays.settlements.guarantees import follow_card, guarantee
from pms.hotel.stays.settlements.maturing import (
    NothingOnTheBill,
    apply_deposit,
    keep_deposit,
    owed_on_bill,
    put_on_bill,
    unapply_deposit,
)
from pms.hotel.stays.settlements.voiding import void_payment

__all__ = [
    "DepositAfterArrival",
    "NoDeposit",
    "NothingOnTheBill",
    "apply_deposit",
    "check_out_blockers",
    "close_folio",
    "deposit_account",
    "deposit_held",
    "deposit_there",
    "deposits_held",
    "folio_of",
    "follow_card",
    "follow_deposit",
    "follow_prices",
    "guarantee",
    "keep_deposit",
    "open_balances",
    "owed_on_bill",
    "price_changed",
    "put_on_bill",
    "reopen_folio",
    "repriced",
    "return_deposit",
    "route_to_master",
    "settled",
    "take_deposit",
    "unapply_deposit",
    "void_payment",
]
