"""Staff: who works in which hotel of the chain, as what, and what that lets them do."""

import enum

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from pms.base.db import Base, OfChain, choice, insert_new, new_id, within_chain
from pms.base.refusal import Invalid, Refusal
from pms.hotel.house.hotels import Hotel


class Permission(enum.StrEnum):
    """What someone may do; views and verbs name one."""

    LOOK = "look"
    RESERVE = "reserve"
    CHECK_IN = "check_in"
    CHECK_OUT = "check_out"
    SEE_IDENTITY = "see_identity"
    OVERBOOK = "overbook"
    SET_RATE = "set_rate"
    WAIVE_FEE = "waive_fee"
    POST = "post"
    PAY = "pay"
    REFUND = "refund"
    PAY_OUT = "pay_out"
    KEEP_CASH = "keep_cash"
    CHARGE_CARD = "charge_card"
    ADJUST = "adjust"
    DIRECT_BILL = "direct_bill"
    AUDIT = "audit"
    REPORTS = "reports"
    TURN_ROOMS = "turn_rooms"
    CLEAN_ROOMS = "clean_rooms"
    INSPECT_ROOMS = "inspect_rooms"
    SHARE_ROOMS = "share_rooms"
    POST_MINIBAR = "post_minibar"
    BLOCK_ROOMS = "block_rooms"
    SET_UP = "set_up"
    MANAGE_STAFF = "manage_staff"
    REQUEST = "request"
    DIRECT_REQUESTS = "direct_requests"
    TAKE_UNWANTED = "take_unwanted"
    OVERRIDE_RULES = "override_rules"
    CONCIERGE = "concierge"
    RECEIVE = "receive"
    SEE_PAPERS = "see_papers"
    ISSUE_PAPERS = "issue_papers"
    CREDIT_PAPERS = "credit_papers"
    KEEP_CHART = "keep_chart"
    KEEP_ACCOUNTS = "keep_accounts"
    WRITE_OFF = "write_off"
    APPROVE_WRITE_OFF = "approve_write_off"
    PAY_COMMISSIONS = "pay_commissions"
    MANAGE_PEOPLE = "manage_people"
    SEE_PAY = "see_pay"
    SET_PAY = "set_pay"
    ROSTER = "roster"
    APPROVE_HOURS = "approve_hours"
    CLOCK_IN = "clock_in"
    RUN_PAYROLL = "run_payroll"
    APPROVE_PAYROLL = "approve_payroll"


P = Permission


class Role(enum.StrEnum):
    """What someone is hired as."""

    FRONT_DESK = "front_desk"
    RESERVATIONS = "reservations"
    NIGHT_AUDITOR = "night_auditor"
    HOUSEKEEPER = "housekeeper"
    HOUSEKEEPING_MANAGER = "housekeeping_manager"
    CONCIERGE = "concierge"
    ENGINEER = "engineer"
    ACCOUNTANT = "accountant"
    MANAGER = "manager"
    OWNER = "owner"
    HOUSE = "house"

    @property
    def words(self) -> str:
        """The role in words."""
        return self.value.replace("_", " ").capitalize()


_DESK = frozenset(
    {P.LOOK, P.RESERVE, P.CHECK_IN, P.CHECK_OUT, P.SEE_IDENTITY, P.REQUEST, P.CONCIERGE}
    | {P.POST, P.PAY, P.PAY_OUT, P.DIRECT_BILL, P.ISSUE_PAPERS, P.RECEIVE, P.CLOCK_IN}
    | {P.TURN_ROOMS, P.INSPECT_ROOMS, P.POST_MINIBAR, P.SEE_PAPERS}
)
_ATTENDANT = frozenset({P.TURN_ROOMS, P.CLEAN_ROOMS, P.POST_MINIBAR, P.REQUEST, P.CLOCK_IN})
MAY: dict[Role, frozenset[Permission]] = {
    Role.FRONT_DESK: _DESK,
    Role.RESERVATIONS: frozenset(
        {P.LOOK, P.RESERVE, P.REQUEST, P.CONCIERGE, P.RECEIVE, P.CLOCK_IN, P.SEE_PAPERS}
    ),
    Role.NIGHT_AUDITOR: _DESK
    | {P.BLOCK_ROOMS, P.AUDIT, P.REPORTS, P.ADJUST, P.OVERBOOK, P.DIRECT_REQUESTS}
    | {P.OVERRIDE_RULES, P.CHARGE_CARD},
    Role.HOUSEKEEPER: _ATTENDANT,
    Role.HOUSEKEEPING_MANAGER: _ATTENDANT
    | {P.LOOK, P.BLOCK_ROOMS, P.DIRECT_REQUESTS, P.INSPECT_ROOMS, P.SHARE_ROOMS}
    | {P.ROSTER, P.APPROVE_HOURS},
    Role.CONCIERGE: frozenset({P.LOOK, P.REQUEST, P.CONCIERGE, P.RECEIVE, P.POST, P.CLOCK_IN}),
    Role.ENGINEER: frozenset({P.REQUEST, P.TURN_ROOMS, P.BLOCK_ROOMS, P.CLOCK_IN}),
    Role.ACCOUNTANT: frozenset(
        {P.LOOK, P.POST, P.PAY, P.REFUND, P.CHARGE_CARD, P.ADJUST, P.DIRECT_BILL, P.REPORTS}
        | {P.SEE_PAPERS, P.ISSUE_PAPERS, P.CREDIT_PAPERS, P.KEEP_CHART, P.PAY_OUT, P.KEEP_CASH}
        | {P.KEEP_ACCOUNTS, P.WRITE_OFF, P.PAY_COMMISSIONS}
        | {P.SEE_PAY, P.APPROVE_HOURS, P.CLOCK_IN, P.RUN_PAYROLL}
    ),
    Role.MANAGER: frozenset(Permission),
    Role.OWNER: frozenset({P.LOOK, P.REPORTS, P.SEE_PAPERS}),
    Role.HOUSE: frozenset(Permission),
}


def who_may(permission: Permission) -> str:
    """Return the roles that include a permission, in words, for who has to ask one of them."""
    able = [role.words for role, allowed in MAY.items() if permission in allowed]
    return " or ".join(each for each in able if each != Role.HOUSE.words).capitalize()


class NotAllowed(Refusal):
    """The role doesn't include it."""

    status = 403

    def __init__(self, permission: Permission) -> None:
        super().__init__(
            f"Your role doesn't include “{permission.value.replace('_', ' ')}”. Ask a manager."
        )


class StaffRole(Base):
    """One person's role in one hotel."""

    __tablename__ = "staff_roles"
    __table_args__ = (
        within_chain("staff_id", "staff"),
        sa.ForeignKeyConstraint(["chain_id", "hotel_id"], ["hotels.chain_id", "hotels.id"]),
    )

    chain_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hotel_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    staff_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    role: Mapped[Role] = mapped_column(choice(Role))


NOBODYS = ".invalid"  # how an address ends at which nobody signs in
_GUEST = "guest"


class Staff(OfChain, Base):
    """A person who signs in, or the house itself when it acts alone."""

    __tablename__ = "staff"

    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    disabled: Mapped[bool] = mapped_column(default=False)
    theme: Mapped[str] = mapped_column(default="system")
    density: Mapped[str] = mapped_column(default="default")
    letter_keys: Mapped[bool] = mapped_column(default=True)
    escalations_to: Mapped[str | None]  # where they agreed to be told by mail
    roles: Mapped[list[StaffRole]] = relationship(lazy="selectin", viewonly=True)

    @property
    def is_automatic(self) -> bool:
        """Whether nobody signs in as this: the house, the guest, a machine."""
        return self.email.endswith(NOBODYS)

    @property
    def acts_for_guests(self) -> bool:
        """Whether this is who acts for the guests of a house, of whichever of the chain."""
        return self.is_automatic and self.email.startswith(f"{_GUEST}@")

    def role_in(self, hotel_id: int) -> Role | None:
        """Return the person's role in a hotel."""
        return next((row.role for row in self.roles if row.hotel_id == hotel_id), None)

    def may(self, permission: Permission, hotel_id: int) -> bool:
        """Tell whether the person's role in the hotel includes the permission."""
        role = self.role_in(hotel_id)
        return role is not None and not self.disabled and permission in MAY[role]


def require(by: Staff, permission: Permission, hotel_id: int) -> None:
    """Refuse unless the person may."""
    if not by.may(permission, hotel_id):
        raise NotAllowed(permission)


_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP: 19 MiB, t=2
_GUESSED_FIRST = """
password password1 12345678 123456789 1234567890 qwertyui qwerty123 iloveyou welcome1 11111111
sunshine princess football baseball superman trustno1 letmein1 changeme reception frontdesk
nightaudit hotelhotel administrator
"""
_TOO_COMMON = frozenset(_GUESSED_FIRST.split())


def hash_secret(secret: str) -> str:
    """Hash a password or a PIN with Argon2id (about 45 ms)."""
    return _hasher.hash(secret)


def hash_password(password: str) -> str:
    """Hash a password; refuses short and common ones."""
    if len(password) < 8:
        raise Invalid("A password has at least 8 characters; 15 are better.", field="password")
    if len(password) > 512 or password.lower() in _TOO_COMMON:
        raise Invalid("That password is among the first anyone would try.", field="password")
    return hash_secret(password)


_NOBODY = _hasher.hash("nobody signs in with this")


def secret_is_right(kept: str | None, typed: str) -> bool:
    """Check a secret against its hash; takes as long where there is none as where there is."""
    try:
        _hasher.verify(kept or _NOBODY, typed[:512])
    except (VerifyMismatchError, InvalidHashError):
        return False
    return kept is not None


def password_is_right(staff: Staff | None, password: str) -> bool:
    """Check a password; takes as long for someone unknown as for someone known."""
    known = staff is not None and not staff.disabled
    return secret_is_right(staff.password_hash if staff and known else None, password)


def by_email(session: Session, email: str) -> Staff | None:
    """Return who signs in with that address."""
    return session.scalar(sa.select(Staff).where(Staff.email == email.strip().lower()))


def people_of(hotel: Hotel) -> sa.Select[Staff]:
    """Return the question for the people who may sign in to a hotel, by name."""
    return (
        sa.select(Staff)
        .join(
            StaffRole, sa.and_(StaffRole.chain_id == Staff.chain_id, StaffRole.staff_id == Staff.id)
        )
        .where(
            StaffRole.chain_id == hotel.chain_id,
            StaffRole.hotel_id == hotel.id,
            sa.not_(Staff.disabled),
            Staff.email.not_like(f"%{NOBODYS}"),
        )
        .order_by(Staff.name)
    )


def the_house(session: Session, hotel: Hotel) -> Staff:
    """Return the house itself: who acts when the audit or a job acts alone."""
    return _nobody(session, hotel, "house", "The house", Role.HOUSE)


def a_guest(session: Session, hotel: Hotel) -> Staff:
    """Return who acts when a guest does something on their own pages.

    It may what the front desk may: not overbook, waive, set a rate or take who isn't wanted.
    """
    return _nobody(session, hotel, _GUEST, "The guest", Role.FRONT_DESK)


def id_of_a_guest(hotel: Hotel) -> sa.Select[int]:
    """Return the question for the id of who acts for guests; unlike `a_guest` it makes nobody."""
    return sa.select(Staff.id).where(Staff.email == _mail_of(_GUEST, hotel))


def _mail_of(what: str, hotel: Hotel) -> str:
    return f"{what}@{hotel.code.lower()}{NOBODYS}"


def _nobody(session: Session, hotel: Hotel, what: str, name: str, role: Role) -> Staff:
    """Return a hotel's actor nobody can sign in as, made on first need; two at once make one."""
    email = _mail_of(what, hotel)
    person = by_email(session, email)
    if person is not None:
        return person
    row = {"chain_id": hotel.chain_id, "id": new_id(), "email": email, "name": name}
    row |= {"disabled": False, "theme": "system", "density": "default", "letter_keys": True}
    insert_new(session, Staff, [row])
    person = session.scalars(sa.select(Staff).where(Staff.email == email)).one()
    role_row = {"chain_id": hotel.chain_id, "hotel_id": hotel.id, "staff_id": person.id}
    insert_new(session, StaffRole, [{**role_row, "role": role}])
    session.refresh(person, ["roles"])
    return person
