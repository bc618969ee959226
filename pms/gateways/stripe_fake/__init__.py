"""Practice: our own stateful fake of Stripe's HTTP API, for the demo and the tests.

The same `stripe` library speaks to it, over a port as to any server or without one; hosted pages
say on top that no money moves. `levers` do what banks and guests do behind a hotel's back.
"""

from pms.gateways.stripe_fake.direct import PREFIX, Practice
from pms.gateways.stripe_fake.store import Account

__all__ = ["PREFIX", "Account", "Practice"]
