"""A page with every macro on it, fed with made-up rows: what the look is tested on."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

from flask import Blueprint, flash, render_template
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired

from pms.base.money import Money
from pms.base.refusal import Refusal
from pms.web.auth import open_to_staff
from pms.web.forms import ChoiceField, DateField, Form, MoneyField
from pms.web.paging import Page

bp = Blueprint("sample", __name__, template_folder="sample_templates")


class SampleForm(Form):
    name = StringField("Name", [InputRequired("Write the guest's name.")])
    amount = MoneyField("Amount")
    arrives = DateField("Arrives")
    room = ChoiceField("Room")
    breakfast = BooleanField("With breakfast")


PARTIES = [
    ("Yamada Haruka", "山田 春香", "305", "Superior", "14:30", ("ok", "check", "Prepared")),
    ("Olena Kovalenko", "", "214", "Double", "15:00", ("ok", "sparkles", "Room ready")),
    ("Mohammed Al-Rashid", "محمد الراشد", "401", "Suite", "15:00", ("warn", "brush", "Cleaning")),
    ("Nguyễn Minh Anh", "", "—", "Double", "18:00", ("warn", "door-enter", "No room yet")),
    ("Γιώργος Παπαδόπουλος", "", "302", "Superior", "19:15", ("bad", "credit-card", "Declined")),
    ("Claire Dubois-Lefèvre", "", "209", "Double", "late", ("info", "clock", "Guaranteed, late")),
    ("Søren Holm", "", "101", "Single", "late", ("idle", "tool", "Room out of order")),
    ("Siemens AG · 6 rooms", "", "4 of 6", "Double", "16:00", ("grp", "users", "2 without room")),
]


@bp.get("/sample")
@open_to_staff
def sample() -> str:
    """Show everything."""
    flash("Yamada Haruka is in room 305.")
    flash({"sentence": "Room 305 is dirty again.", "address": "/sample"}, "undo")
    form = SampleForm(meta={"csrf": False})
    rooms = [SimpleNamespace(id=n, number=n) for n in (305, 308)]
    form.room.offer(rooms, label=lambda room: f"Room {room.number}")
    form.refuse(Refusal("Room 305 is dirty. Take 308, or check in when it is ready.", field="room"))
    form.refuse(Refusal("The day cannot close yet. 1 arrival is open."))
    return render_template(
        "sample.html",
        form=form,
        parties=PARTIES,
        page=Page(PARTIES, 2, 8, True),
        amount=Money(109600, "EUR"),
        minus=Money(-4200, "EUR"),
        today=date(2026, 11, 21),
        at=datetime(2026, 11, 21, 15, 2, tzinfo=UTC),
    )
