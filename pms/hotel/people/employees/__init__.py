"""Employees: who works here as what, apart from who may sign in."""

from pms.hotel.people.employees.tables import (
    Course,
    Employee,
    Employment,
    Paper,
    PaperKind,
    PayBasis,
    PayRate,
    PayrollNumber,
    PayrollSystem,
    Position,
    Training,
)

__all__ = [
    "Course",
    "Employee",
    "Employment",
    "Paper",
    "PaperKind",
    "PayBasis",
    "PayRate",
    "PayrollNumber",
    "PayrollSystem",
    "Position",
    "Training",
]
