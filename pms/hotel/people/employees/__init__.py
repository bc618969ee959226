"""Employees: who works here as what, apart from who may sign in."""

from pms.hotel.people.employees.hiring import (
    Person,
    begin_position,
    change,
    end_position,
    hire,
    leave,
    next_number,
    of_sign_in,
    set_payroll_number,
)
from pms.hotel.people.employees.tables import (
    Course,
    Employee,
    EmployeePaper,
    Employment,
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
    "EmployeePaper",
    "Employment",
    "PaperKind",
    "PayBasis",
    "PayRate",
    "PayrollNumber",
    "PayrollSystem",
    "Person",
    "Position",
    "Training",
    "begin_position",
    "change",
    "end_position",
    "hire",
    "leave",
    "next_number",
    "of_sign_in",
    "set_payroll_number",
]
