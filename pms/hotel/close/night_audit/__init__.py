"""The night audit: one day ends and the next begins, in steps that can be cut off anywhere."""

from pms.hotel.close.night_audit.tables import (
    Audit,
    AuditChoice,
    AuditState,
    AuditStep,
    Choice,
    StepState,
)

__all__ = ["Audit", "AuditChoice", "AuditState", "AuditStep", "Choice", "StepState"]
