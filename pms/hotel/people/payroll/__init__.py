"""Payroll: pay periods from the open one to the exported, and what they are reckoned by."""

from pms.hotel.people.payroll import guards as guards
from pms.hotel.people.payroll.beside import declare_tips, give_bonus, of_days, take_back
from pms.hotel.people.payroll.exporting import (
    SYSTEM,
    export,
    files,
    left_out,
    reprint,
    set_settings,
    settings_of,
    wanted,
)
from pms.hotel.people.payroll.figures import Cure, Gap, Owed, Whom
from pms.hotel.people.payroll.locking import last_locked
from pms.hotel.people.payroll.periods import (
    approve,
    latest,
    lock_period,
    open_period,
    reopen,
    review,
    standing,
    take_period_back,
)
from pms.hotel.people.payroll.pools import open_pool, take_pool_back
from pms.hotel.people.payroll.rule_sets import current, history, set_rules
from pms.hotel.people.payroll.tables import (
    FINAL,
    ExportSettings,
    PaidLine,
    PayBonus,
    PayExport,
    PayPeriod,
    PayRuleSet,
    PeriodState,
)

__all__ = [
    "FINAL",
    "SYSTEM",
    "Cure",
    "ExportSettings",
    "Gap",
    "Owed",
    "PaidLine",
    "PayBonus",
    "PayExport",
    "PayPeriod",
    "PayRuleSet",
    "PeriodState",
    "Whom",
    "approve",
    "current",
    "declare_tips",
    "export",
    "files",
    "give_bonus",
    "history",
    "last_locked",
    "latest",
    "left_out",
    "lock_period",
    "of_days",
    "open_period",
    "open_pool",
    "reopen",
    "reprint",
    "review",
    "set_rules",
    "set_settings",
    "settings_of",
    "standing",
    "take_back",
    "take_period_back",
    "take_pool_back",
    "wanted",
]
