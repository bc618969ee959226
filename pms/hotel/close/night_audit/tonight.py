"""Tonight: the audit as a job, so that whoever starts it may leave and it goes on.

The job is written with the deed that asks for it. Whoever takes it in hand (a thread of the web
server at once, a worker when that died) runs the audit; a second one finds the day closed.
"""

import logging
import time
from dataclasses import asdict
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.base import dates
from pms.base.refusal import Refusal
from pms.hotel.close.night_audit.alone import AlreadyRunning, alone
from pms.hotel.close.night_audit.checks import Blocked, Weight, check
from pms.hotel.close.night_audit.choices import Rules
from pms.hotel.close.night_audit.running import audit
from pms.hotel.close.night_audit.tables import Audit, AuditState, Choice
from pms.hotel.house import business_day, jobs, logbook
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.jobs import Claim, Job
from pms.hotel.house.staff import Permission, Staff, require

JOB = "night audit"
TRIES, PAUSE_SECONDS = 20, 0.1  # whoever only looks whether one is running is gone at once

_log = logging.getLogger(__name__)


def begin(session: Session, hotel: Hotel, *, rules: Rules, by: Staff) -> date:
    """Have the open day closed, or one that was cut off finished; return which day that is.

    Refuses while an audit runs, and with `Blocked` what somebody must decide first.
    """
    require(by, Permission.AUDIT, hotel.id)
    today = business_day.hold_hotel(session, hotel)
    if is_running(session, hotel):
        raise AlreadyRunning(hotel)
    day = _left_behind(session, hotel, today) or today
    if day == today:
        checks = check(session, hotel, rules)
        if any(each.state is Weight.BLOCK for each in checks):
            raise Blocked(checks)
    payload = {"day": day.isoformat(), "by": by.id, "rules": _plain(rules)}
    times = session.scalar(
        sa.select(sa.func.count()).where(
            Job.hotel_id == hotel.id, Job.name == JOB, Job.key.startswith(f"{JOB}/{day}/")
        )
    )
    jobs.enqueue(session, hotel, JOB, payload, key=f"{JOB}/{day}/{times}")
    said = logbook.line(
        "started the audit", "hotels", hotel.id, hotel.id, by=by, day=today, after={"of": day}
    )
    logbook.write(session, [said])
    return day


def is_running(session: Session, hotel: Hotel) -> bool:
    """Tell whether a living process is at the hotel's audit now."""
    try:
        with alone(session, hotel):
            return False
    except AlreadyRunning:
        return True


def run(session: Session, claim: Claim) -> None:
    """Run the audit a job asks for. What stopped it stands with its step, to be run again."""
    hotel = session.get_one(Hotel, claim.hotel_id)
    by = session.get_one(Staff, (hotel.chain_id, claim.payload["by"]))
    day = date.fromisoformat(claim.payload["day"])
    for _ in range(TRIES):
        try:
            audit(session, hotel, by=by, rules=_rules(claim.payload["rules"]), closing=day)
        except AlreadyRunning:
            time.sleep(PAUSE_SECONDS)
            continue
        except Refusal as refusal:
            _log.info("The audit of %s: %s", day, refusal.sentence)
        except Exception:  # noqa: BLE001 - it is written with the step it stopped at
            _log.exception("The audit of %s stopped", day)
        return


def _left_behind(session: Session, hotel: Hotel, today: date) -> date | None:
    """Return yesterday, when its audit was cut off after the roll."""
    yesterday = today - dates.ONE_DAY
    left = session.get(Audit, {"hotel_id": hotel.id, "day": yesterday}, populate_existing=True)
    return yesterday if left is not None and left.state is not AuditState.DONE else None


def _plain(rules: Rules) -> dict[str, Any]:
    return asdict(rules)


def _rules(plain: dict[str, Any]) -> Rules:
    def choice(name: str) -> Choice | None:
        return Choice(plain[name]) if plain[name] else None

    return Rules(
        arrivals=choice("arrivals"),
        due_outs=choice("due_outs"),
        charge_no_shows=bool(plain["charge_no_shows"]),
        at_any_hour=bool(plain["at_any_hour"]),
    )
