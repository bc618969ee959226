"""The frame: what stands around every staff page, asked once per request."""

from dataclasses import dataclass
from datetime import date, time
from typing import cast

from flask import Flask, g, request, url_for
from flask_login import current_user

from pms.base import clock
from pms.hotel.close.night_audit import Audit, AuditState
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Staff
from pms.web import look, menu, sheets
from pms.web.auth import here, may_enter, my_hotels, on_duty
from pms.web.database import session
from pms.web.popping import alerts_at, kept_from, messages_for


@dataclass(frozen=True, slots=True)
class Frame:
    """The day, the house, the person."""

    hotel: Hotel
    person: Staff
    business_date: date
    audit_at: time
    audit: Audit | None

    @property
    def day_says(self) -> tuple[str, str, str]:
        """Where the day stands: tone, icon and words."""
        if self.audit is None:
            return "ok", "lock-open", f"Open, audit due {self.audit_at:%H:%M}"
        if self.audit.state is AuditState.FAILED:
            return "bad", "alert-triangle", "Audit stopped"
        return "info", "refresh", "Audit running"

    @property
    def role(self) -> str:
        """The person's role in this hotel, in words."""
        role = self.person.role_in(self.hotel.id)
        return role.words if role else ""


def install(app: Flask) -> None:
    """Hand the frame and its small questions to the templates."""
    app.jinja_env.globals.update(
        frame=frame,
        menu_sections=menu.sections,
        menu_tabs=menu.tabs,
        home=menu.home,
        exists=menu.exists,
        may_enter=may_enter,
        my_hotels=my_hotels,
        theme=look.theme,
        density=look.density,
        letter_keys=look.letter_keys,
        now=clock.now,
        sprite=_sprite,
        house_sheet_at=sheets.house_sheet_at,
        alerts_at=alerts_at,
        messages_for=messages_for,
        kept_from=kept_from,
        THEMES=look.THEMES,
        DENSITIES=look.DENSITIES,
    )
    app.before_request(_remember_the_day)


def frame() -> Frame | None:
    """Return the frame of a staff page, or None where nobody is signed in."""
    if not current_user.is_authenticated:
        return None
    if "frame" in g:
        return cast(Frame, g.frame)
    hotel = here()
    _remember(hotel)  # at a door that refuses, nobody did
    audit = session().get(Audit, {"hotel_id": hotel.id, "day": hotel.business_date})
    g.frame = Frame(hotel, on_duty(), hotel.business_date, hotel.audit_at, audit)
    return cast(Frame, g.frame)


def _sprite() -> str:
    """Return where the icons are, reckoned once per page: there are hundreds on some."""
    if "sprite" not in g:
        g.sprite = url_for("static", filename="vendor/icons.svg")
    return cast(str, g.sprite)


def _remember_the_day() -> None:
    """Let the filters know the hotel's day and clock; who sends no cookie is nobody, unasked."""
    if request.cookies and current_user.is_authenticated:
        _remember(here())


def _remember(hotel: Hotel) -> None:
    g.business_date = hotel.business_date
    g.time_zone = hotel.time_zone
    g.currency = hotel.currency
