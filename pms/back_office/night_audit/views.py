"""Night audit: where the open day stands, its closing, and what is archived of the closed ones."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from pms.back_office.night_audit import tonight
from pms.back_office.night_audit.forms import (
    FOR_ARRIVALS,
    FOR_DUE_OUTS,
    OPTIONS_END,
    WORDS,
    DecideForm,
    RecountForm,
    RulesForm,
    TieOutForm,
)
from pms.base import numbers
from pms.base.db import lock
from pms.base.money import Money
from pms.base.refusal import Refusal, Stale
from pms.hotel.books import payments
from pms.hotel.books.payments import Batch, TerminalBatch
from pms.hotel.close import archive, cash_report, lists, seals
from pms.hotel.close import night_audit as hotel_audit
from pms.hotel.close.night_audit import Audit, AuditState, Preview, Weight
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Permission
from pms.hotel.stays.reservations.promise import Reservation
from pms.web import paging
from pms.web.asked import handed_out
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import money, plural
from pms.web.forms import Form
from pms.web.saying import say, say_refused

bp = Blueprint("night_audit", __name__)

KINDS = {"csv": "text/csv", "json": "application/json", "pdf": "application/pdf"}


@bp.get("/night-audit")
@allows(Permission.LOOK)
def night_audit() -> ResponseReturnValue:
    """Show whether the day can close, who waits for a decision, and the days that closed."""
    return _page(RulesForm(request.args, meta={"csrf": False}))


@bp.post("/night-audit/decide/<int:reservation_id>")
@allows(Permission.AUDIT)
def decide(reservation_id: int) -> ResponseReturnValue:
    """Decide what the audit does with one party."""
    found, form = find(Reservation, reservation_id), DecideForm()
    form.choice.offer(WORDS, label=WORDS.__getitem__)
    if form.validate():
        choice = form.choice.chosen
        attempt(form, _decide, here(), found, choice, seen=form.seen.data, by=on_duty())
    if form.said:
        say_refused(form)
    else:
        say(f"{found.guest.name}: {WORDS[form.choice.chosen].lower()}.")
    carried: dict[str, Any] = RulesForm(request.args, meta={"csrf": False}).carried
    row = found.id if form.said else _next_open(found)
    return redirect(url_for("night_audit.night_audit", **carried, _anchor=f"decide-{row}"))


@bp.post("/night-audit/decide")
@allows(Permission.AUDIT)
def decide_many() -> ResponseReturnValue:
    """Decide the same for many parties, each by itself: one that is refused keeps nobody else."""
    form, rules = DecideForm(), RulesForm(request.args, meta={"csrf": False})
    form.choice.offer(WORDS, label=WORDS.__getitem__)
    chosen = _parties(request.form.getlist("party"))
    if not form.validate() or not chosen:
        flash(form.said or "Nobody is chosen. Tick the parties first, or press X.", "refusal")
        ticked = {party.id for party, _ in chosen}
        return _page(rules, many=form.choice.data, ticked=ticked, status=422)
    choice, done = form.choice.chosen, 0
    refused: dict[int, str] = {}
    for party, seen in chosen:
        each = Form()
        if attempt(each, _decide, here(), party, choice, seen=seen, by=on_duty()):
            done += 1
        else:
            refused[party.id] = each.said
    if done:
        say(f"{WORDS[choice]}: {plural(done, 'party')}.")
    if refused:
        return _page(rules, many=choice, ticked=set(refused), refused=refused, status=422)
    carried: dict[str, Any] = rules.carried
    return redirect(url_for("night_audit.night_audit", **carried))


def _parties(ticked: list[str]) -> list[tuple[Reservation, str | None]]:
    """Return chosen parties of this hotel by number; 404 where one is a stranger's.

    Each comes with what was decided of it when the page was opened, as its tick carries it.
    """
    parted = (each.partition("/") for each in ticked[: tonight.PARTIES_AT_MOST])
    wanted = {numbers.whole(one): seen if mark else None for one, mark, seen in parted}
    if None in wanted:
        abort(404)  # no id of ours: PostgreSQL can't even be asked
    parties = session().scalars(
        sa.select(Reservation)
        .where(Reservation.hotel_id == here().id, Reservation.id.in_(wanted))
        .order_by(Reservation.number)
    )
    found = [(each, wanted[each.id]) for each in parties]
    if len(found) != len(wanted):
        abort(404)
    return found


def _next_open(found: Reservation) -> int:
    """Return the party after this one on the page that nobody decided about, else this one."""
    hotel, day = here(), here().business_date
    parties = [*tonight.arrivals(hotel, day), *tonight.departures(hotel, day)]
    ids = [each.reservation_id for each in parties]
    at = ids.index(found.id) + 1 if found.id in ids else 0
    later = [*parties[at:], *parties[:at]]
    return next((each.reservation_id for each in later if each.decided is None), found.id)


def _decide(
    here_: Any, hotel: Hotel, found: Reservation, choice: Any, *, seen: str | None, by: Any
) -> bool:
    """Note a decision; refuses it where somebody else decided since the page was opened."""
    lock(here_, found)
    stands = hotel_audit.chosen_of(here_, found, hotel.business_date) or ""
    if seen is not None and stands not in {seen, choice}:
        raise Stale("decision")
    hotel_audit.decide(here_, hotel, found, choice, by=by)
    return True


@bp.post("/night-audit/tie-out")
@allows(Permission.PAY)
def tie_out() -> ResponseReturnValue:
    """Write down what a terminal says its batch holds."""
    form = TieOutForm()
    form.offers([each for each in _batches() if each.is_open])
    if form.validate():
        tied = attempt(form, payments.tie_out, here(), **form.asked, by=on_duty())
        if tied:
            return _counted(tied)
    return _page(RulesForm(request.args, meta={"csrf": False}), counting=form, status=422)


@bp.post("/night-audit/recount")
@allows(Permission.ADJUST)
def recount() -> ResponseReturnValue:
    """Count a batch again that was counted wrongly."""
    form = RecountForm()
    form.offers([each for each in _batches() if each.counts])
    if form.validate():
        tied = attempt(
            form,
            payments.recount,
            here(),
            **form.asked,
            reason=form.reason.data or "",
            by=on_duty(),
        )
        if tied:
            return _counted(tied)
    return _page(RulesForm(request.args, meta={"csrf": False}), recounting=form, status=422)


def _counted(tied: TerminalBatch) -> ResponseReturnValue:
    """Say how a count stands to the books, and go back to the batches."""
    off = Money(tied.difference, here().currency)
    stands = f"off by {money(off)} from the books" if off else "as the books have it"
    again = " again" if tied.no > 1 else ""
    say(f"Batch {tied.batch} of terminal {tied.terminal} is counted{again}: {stands}.")
    return redirect(url_for("night_audit.night_audit", _anchor="batches"))


def _batches() -> list[Batch]:
    """Return the batches of the week before and of today, the oldest first."""
    day = here().business_date
    return payments.batches(session(), here(), day, since=day - payments.LOOKS_BACK)


@bp.post("/night-audit/dry-run")
@allows(Permission.AUDIT)
def dry_run() -> ResponseReturnValue:
    """Show what the audit would post now; writes nothing."""
    return _try(RulesForm())


def _try(form: RulesForm, *, closes: bool = False) -> ResponseReturnValue:
    """Show what the audit would do; with `closes`, what stops it, or the button that does it."""
    preview = None
    if form.validate():
        try:  # it has a transaction of its own, which it takes back
            preview = hotel_audit.dry_run(session(), here(), by=on_duty(), rules=form.rules)
        except Refusal as refusal:
            form.refuse(refusal)
    return _page(form, preview=preview, closes=closes, status=200 if preview else 422)


@bp.post("/night-audit/start")
@allows(Permission.AUDIT)
def start() -> ResponseReturnValue:
    """Close the day: the audit goes on by itself, whoever stays or leaves.

    What it will do is shown first, and the day closes when that was seen.
    """
    form = RulesForm()
    if request.form.get("seen") != "y":
        return _try(form, closes=True)
    day = None
    if form.validate():
        day = attempt(form, hotel_audit.begin, here(), rules=form.rules, by=on_duty())
    if day is None:
        return _page(form, status=409)
    tonight.set_going()
    return redirect(url_for("night_audit.run", day=day.isoformat()))


@bp.get("/night-audit/<day>/run")
@allows(Permission.LOOK)
def run(day: str) -> ResponseReturnValue:
    """Show how far the audit of a day is; it goes on without this page."""
    return _progress("night_audit/run.html", day)


@bp.get("/night-audit/<day>/run/steps")
@allows(Permission.LOOK)
def run_steps(day: str) -> ResponseReturnValue:
    """Show the steps alone, for a page that looks again each second; at the end, the page anew."""
    answer = make_response(_progress("night_audit/run_steps.html", day))
    audit = session().get(Audit, {"hotel_id": here().id, "day": _day(day)})
    if audit is not None and audit.state is AuditState.DONE:
        answer.headers["HX-Refresh"] = "true"  # the day in the top bar is another one now
    return answer


@bp.get("/night-audit/<day>")
@allows(Permission.REPORTS)
def closed_day(day: str) -> ResponseReturnValue:
    """Show what is archived of a closed day."""
    hotel, closed = here(), _day(day)
    audit = session().get(Audit, {"hotel_id": hotel.id, "day": closed})
    if audit is None:
        abort(404)
    return render_template(
        "night_audit/closed_day.html",
        audit=audit,
        steps=tonight.steps_of(hotel, closed),
        seal=seals.of_day(session(), hotel, closed),
        papers=archive.contents(session(), hotel, closed),
    )


@bp.get("/night-audit/<day>/<name>.<form>")
@allows(Permission.REPORTS)
def paper(day: str, name: str, form: str) -> ResponseReturnValue:
    """Hand out a report as it was printed that night."""
    if form not in KINDS:
        abort(404)
    closed = _day(day)
    if name in {cash_report.NAME, lists.PAYMENTS}:  # bytes can't be hidden in part
        cash_report.refuse_before_count(session(), here(), closed, by=on_duty())
    content = archive.reprint(session(), here(), closed, name, form)
    filename = f"{here().code}-{closed.isoformat()}-{name}.{form}"
    return handed_out(content, filename, KINDS[form], saved=True)


def _progress(template: str, text: str) -> ResponseReturnValue:
    hotel, day = here(), _day(text)
    progress = tonight.progress(hotel, day)
    if progress.audit is None and day != hotel.business_date:
        abort(404)
    return render_template(template, progress=progress, day=day)


def _page(
    form: RulesForm,
    *,
    counting: TieOutForm | None = None,
    recounting: RecountForm | None = None,
    preview: Preview | None = None,
    many: str | None = None,
    ticked: set[int] | None = None,
    refused: dict[int, str] | None = None,
    closes: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    """Show the night; with `closes`, what closing it does, to be pressed once more.

    `refused` is what was refused of parties, beside their rows; who was `ticked` stays so, and
    what was chosen for `many`.
    """
    hotel, day = here(), here().business_date
    checks = hotel_audit.check(session(), hotel, form.rules)
    batches = _batches()
    if counting is None:
        counting = TieOutForm(formdata=None)
        counting.offers([each for each in batches if each.is_open])
    if recounting is None:
        recounting = RecountForm(formdata=None)
        recounting.offers([each for each in batches if each.counts])
    arrivals, departures = tonight.arrivals(hotel, day), tonight.departures(hotel, day)
    stops = any(check.state is Weight.BLOCK for check in checks)
    page = render_template(
        "night_audit/night_audit.html",
        day=day,
        form=form,
        checks=tonight.looked(checks),
        weights={weight.value: sum(c.state is weight for c in checks) for weight in Weight},
        arrivals=arrivals,
        departures=departures,
        closes=closes and preview is not None and not stops,
        settled=tonight.settled(preview, arrivals) if preview else {},
        many=many,
        ticked=ticked or set(),
        refused=refused or {},
        choices={"arrivals": FOR_ARRIVALS, "departures": FOR_DUE_OUTS},
        words={**WORDS, None: OPTIONS_END},
        batches=batches,
        counting=counting,
        recounting=recounting,
        preview=preview,
        posted=_by_text(preview) if preview else [],
        unfinished=_unfinished(hotel),
        **_past(hotel, day),
    )
    return page, 409 if closes and stops else status


def _by_text(preview: Preview) -> list[tuple[str, int, int]]:
    """Return what would be posted by its words: how many lines, and minor units before tax."""
    found: dict[str, tuple[int, int]] = {}
    for each in preview.postings:
        lines, net = found.get(each.text, (0, 0))
        found[each.text] = lines + 1, net + each.net.minor
    return [(text, *sums) for text, sums in sorted(found.items())]


def _unfinished(hotel: Hotel) -> Audit | None:
    """Return an audit that began and isn't done, of today or of the day before."""
    return session().scalar(
        sa.select(Audit)
        .where(Audit.hotel_id == hotel.id, Audit.state != AuditState.DONE)
        .order_by(Audit.day)
        .limit(1)
    )


def _past(hotel: Hotel, day: date) -> dict[str, Any]:
    past = paging.page(
        sa.select(Audit)
        .where(Audit.hotel_id == hotel.id, Audit.day < day)
        .order_by(Audit.day.desc()),
        size=31,
        endpoint="night_audit.night_audit",  # it is shown at the addresses of the deeds too
    )
    rows = session().scalars(
        sa.select(seals.DaySeal).where(
            seals.DaySeal.hotel_id == hotel.id,
            seals.DaySeal.day.in_([audit.day for audit in past.rows]),
        )
    )
    return {"past": past, "seals": {seal.day: seal for seal in rows}}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404)
