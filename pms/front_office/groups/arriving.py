"""A group arrives, or leaves: every party in one deed, with what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from pms.front_office.groups.desk import bp, of
from pms.hotel.house.staff import Permission
from pms.hotel.service.housekeeping import slept_in
from pms.hotel.stays import stays, together
from pms.hotel.stays.groups import Group
from pms.hotel.stays.presence import Presence
from pms.hotel.stays.together import Party
from pms.web.attempt import attempt
from pms.web.auth import allows, find, here, on_duty
from pms.web.database import session
from pms.web.filters import plural
from pms.web.forms import Form
from pms.web.saying import say, say_refused


@dataclass(frozen=True, slots=True)
class Counts:
    """How many parties of a group come today, are in house, and leave today."""

    due_in: int
    in_house: int
    due_out: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one party."""

    party: Party
    ok: bool
    words: str


def counts(parties: Sequence[Party], day: date) -> Counts:
    """Count who comes, who is here and who leaves."""
    return Counts(
        sum(_is_due(each, day) for each in parties),
        sum(_is_in(each) for each in parties),
        sum(_leaves(each, day) for each in parties),
    )


def _is_due(party: Party, day: date) -> bool:
    return party.reservation.is_due(day)


def _is_in(party: Party) -> bool:
    return party.stay is not None and party.stay.state is Presence.IN_HOUSE


def _leaves(party: Party, day: date) -> bool:
    return _is_in(party) and party.reservation.departure <= day


@bp.route("/groups/<int:group_id>/check-in", methods=["GET", "POST"])
@allows(Permission.CHECK_IN)
def check_in(group_id: int) -> ResponseReturnValue:
    """Check in the parties of a group that come today, each with its own result."""
    found, day = find(Group, group_id), here().business_date
    due = [each for each in together.parties(session(), found) if _is_due(each, day)]
    outcomes = [_take_in(each) for each in _chosen(due)] if request.method == "POST" else None
    if outcomes is not None:
        say(f"{plural(sum(each.ok for each in outcomes), 'party')} checked in.")
    return _page("check_in", found, due, outcomes)


@bp.route("/groups/<int:group_id>/check-out", methods=["GET", "POST"])
@allows(Permission.CHECK_OUT)
def check_out(group_id: int) -> ResponseReturnValue:
    """Check out the parties of a group that are in house, each with its own result."""
    found = find(Group, group_id)
    here_now = [each for each in together.parties(session(), found) if _is_in(each)]
    outcomes = [_let_go(each) for each in _chosen(here_now)] if request.method == "POST" else None
    if outcomes is not None:
        say(f"{plural(sum(each.ok for each in outcomes), 'party')} checked out.")
    return _page("check_out", found, here_now, outcomes)


@bp.post("/groups/<int:group_id>/bill")
@allows(Permission.POST)
def bill_anew(group_id: int) -> ResponseReturnValue:
    """Let the folios that are open follow what is agreed on the master."""
    found, form = find(Group, group_id), Form()
    changed = attempt(form, together.bill_anew, found, by=on_duty())
    if changed is None:
        say_refused(form)
    else:
        say(f"{plural(changed, 'folio')} routed anew. What is posted already stays.")
    return redirect(of(found))


def _chosen(parties: list[Party]) -> list[Party]:
    ticked = set(request.form.getlist("party"))
    return [each for each in parties if str(each.reservation.id) in ticked]


def _take_in(party: Party) -> Outcome:
    form = Form()
    avoid = slept_in(session(), here())
    stay = attempt(form, together.take_in, party.reservation, avoid=avoid, by=on_duty())
    if stay is None:
        return Outcome(party, False, form.said)
    return Outcome(party, True, f"in room {stay.room.number}")


def _let_go(party: Party) -> Outcome:
    form = Form()
    if party.stay is None:
        abort(404)
    attempt(form, stays.check_out, party.stay, by=on_duty())
    return Outcome(party, not form.said, form.said or "checked out")


def _page(
    deed: str, group: Group, parties: list[Party], outcomes: list[Outcome] | None
) -> ResponseReturnValue:
    return render_template(
        f"groups/{deed}.html",
        group=group,
        terms=group.terms,
        parties=parties,
        outcomes=outcomes,
        day=here().business_date,
    )
