"""Allowances: what a party consumes against its packages comes off its bill, as far as they go.

A package is revenue of its own code from the night it is posted. What is consumed against it comes
off that revenue and stays with whoever sold it: so what is left under the package's code is the
house's profit, or its loss, and needs no posting of its own. The package was taxed when it was
posted; what it takes bears no tax again.
"""

from pms.hotel.stays.allowances.absorbing import absorb
from pms.hotel.stays.allowances.holding import Left, of_day
from pms.hotel.stays.allowances.results import Used, used
from pms.hotel.stays.allowances.tables import AllowanceUse

__all__ = ["AllowanceUse", "Left", "Used", "absorb", "of_day", "used"]
