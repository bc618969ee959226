"""The night audit: one day ends and the next begins, in steps that can be cut off anywhere."""

from pms.hotel.close.night_audit.alone import AlreadyRunning
from pms.hotel.close.night_audit.checks import (
    Blocked,
    Check,
    OutOfBalance,
    Weight,
    check,
    earliest,
)
from pms.hotel.close.night_audit.choices import (
    NothingToDecide,
    Rules,
    WrongChoice,
    chosen,
    chosen_of,
    decide,
    displaced,
    missing_arrivals,
)
from pms.hotel.close.night_audit.preview import Posting, Preview, Settled, dry_run
from pms.hotel.close.night_audit.running import AlreadyClosed, NotYet, audit, audit_until
from pms.hotel.close.night_audit.steps import STEPS
from pms.hotel.close.night_audit.tables import (
    Audit,
    AuditChoice,
    AuditState,
    AuditStep,
    Choice,
    StepState,
)
from pms.hotel.close.night_audit.tonight import JOB, begin, is_running, run

__all__ = [
    "JOB",
    "STEPS",
    "AlreadyClosed",
    "AlreadyRunning",
    "Audit",
    "AuditChoice",
    "AuditState",
    "AuditStep",
    "Blocked",
    "Check",
    "Choice",
    "NotYet",
    "NothingToDecide",
    "OutOfBalance",
    "Posting",
    "Preview",
    "Rules",
    "Settled",
    "StepState",
    "Weight",
    "WrongChoice",
    "audit",
    "audit_until",
    "begin",
    "check",
    "chosen",
    "chosen_of",
    "decide",
    "displaced",
    "dry_run",
    "earliest",
    "is_running",
    "missing_arrivals",
    "run",
]
