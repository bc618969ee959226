"""Actions: what may be done with a request now, and why the rest may not."""

from collections.abc import Callable

from pms.hotel.house.actions import Action
from pms.hotel.house.staff import Permission, Staff
from pms.hotel.service.requests.asking import TOP
from pms.hotel.service.requests.tables import RUNNING, UNSEEN, Request, State

Rule = Callable[[Request, Staff], str | None]


def actions(request: Request, *, by: Staff) -> list[Action]:
    """Return every action in the order of a request's life, allowed or with why not."""
    made = []
    for name, label, permission, rule in _RULES:
        why_not = rule(request, by)
        if why_not is None and not by.may(permission, request.hotel_id):
            why_not = "Your role doesn't include it."
        made.append(Action(name, label, why_not))
    return made


def _is(request: Request) -> str:
    return f"It is {request.state.words.lower()}."


def _directs(request: Request, by: Staff) -> bool:
    return by.may(Permission.DIRECT_REQUESTS, request.hotel_id)


def _anothers(request: Request, by: Staff) -> str | None:
    if request.taken_at is None or request.assignee_id == by.id or request.assignee is None:
        return None
    return f"{request.assignee.name} has it."


def _acknowledge(request: Request, _by: Staff) -> str | None:
    return None if request.state in UNSEEN else "Somebody has seen it."


def _take(request: Request, by: Staff) -> str | None:
    if (why := _anothers(request, by)) is not None:
        return why
    return None if request.state in UNSEEN | {State.ACKNOWLEDGED} else _is(request)


def _running(request: Request, _by: Staff) -> str | None:
    return None if request.state in RUNNING else _is(request)


def _start(request: Request, by: Staff) -> str | None:
    if request.state not in RUNNING - {State.IN_PROGRESS}:
        return _is(request)
    return _anothers(request, by)


def _give_back(request: Request, by: Staff) -> str | None:
    if request.state not in {State.ASSIGNED, State.IN_PROGRESS}:
        return "Nobody has it."
    return None if _directs(request, by) else _anothers(request, by)


def _finish(request: Request, by: Staff) -> str | None:
    if request.state not in RUNNING:
        return _is(request)
    return None if _directs(request, by) else _anothers(request, by)


def _resume(request: Request, _by: Staff) -> str | None:
    return None if request.state is State.ON_HOLD else "It isn't on hold."


def _send_up(request: Request, by: Staff) -> str | None:
    if request.level >= TOP:
        return "The duty manager knows already."
    return _running(request, by)


def _close(request: Request, _by: Staff) -> str | None:
    if request.state is not State.DONE:
        return "It isn't done yet." if request.is_open else _is(request)
    return None


def _cancel(request: Request, _by: Staff) -> str | None:
    return None if request.is_open else _is(request)


def _reopen(request: Request, _by: Staff) -> str | None:
    return "It is still open." if request.is_open else None


def _complain(request: Request, _by: Staff) -> str | None:
    if request.complaint:
        return "It is a complaint already."
    return None if request.is_open else _is(request)


def _explain(request: Request, _by: Staff) -> str | None:
    return None if request.complaint else "It is no complaint."


def _follow_up(request: Request, _by: Staff) -> str | None:
    if request.follow_up_on is None:
        return "No follow-up was agreed."
    return "It was followed up." if request.followed_up_at is not None else None


def _bill(request: Request, _by: Staff) -> str | None:
    return None if request.reservation_id is not None else "It belongs to no party."


def _always(_request: Request, _by: Staff) -> str | None:
    return None


_RULES: list[tuple[str, str, Permission, Rule]] = [
    ("acknowledge", "Acknowledge", Permission.REQUEST, _acknowledge),
    ("take", "Take it", Permission.REQUEST, _take),
    ("start", "Start", Permission.REQUEST, _start),
    ("finish", "Done", Permission.REQUEST, _finish),
    ("hold", "Put on hold", Permission.REQUEST, _running),
    ("resume", "Resume", Permission.REQUEST, _resume),
    ("assign", "Give to somebody", Permission.DIRECT_REQUESTS, _running),
    ("give_back", "Give back", Permission.REQUEST, _give_back),
    ("prioritise", "Change the priority", Permission.REQUEST, _running),
    ("send_up", "Send a level up", Permission.REQUEST, _send_up),
    ("note", "Add a note", Permission.REQUEST, _always),
    ("complain", "Mark as a complaint", Permission.REQUEST, _complain),
    ("explain", "Cause and follow-up", Permission.REQUEST, _explain),
    ("follow_up", "Follow up", Permission.REQUEST, _follow_up),
    ("take_off", "Take off the bill", Permission.ADJUST, _bill),
    ("charge", "Charge the service", Permission.POST, _bill),
    ("give", "Note a gift", Permission.REQUEST, _always),
    ("close", "Close", Permission.REQUEST, _close),
    ("cancel", "Cancel", Permission.REQUEST, _cancel),
    ("reopen", "Reopen", Permission.REQUEST, _reopen),
]
