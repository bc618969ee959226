"""What reception of the demo has on its hands: messages, calls to return, visitors, privacy."""

from datetime import timedelta

from pms.demo.month import House
from pms.demo.requests import ago
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.service import reception
from pms.hotel.service.reception import Direction, How, Outcome
from pms.hotel.service.reception.phone_calls import About
from pms.hotel.stays import stays
from pms.hotel.stays.reservations import Reservation

CALLERS: tuple[tuple[Direction, str, str, str, Outcome, int | None], ...] = (
    (Direction.INCOMING, "Florist Blum", "+49 30 5550 101", "Roses for tonight, which room?",
     Outcome.DEALT_WITH, None),
    (Direction.INCOMING, "Ms Ortega", "+34 91 5550 144", "Asks about the conference rate",
     Outcome.NOT_REACHED, 90),
    (Direction.OUTGOING, "Taxi Lindner", "+49 30 5550 177", "Two cars for the opera",
     Outcome.DEALT_WITH, None),
)  # fmt: skip


def live(house: House) -> None:
    """Let the telephone ring and visitors come, from two hours ago until now."""
    with ago(house, 120) as hotel:
        here = [each.reservation for each in stays.in_house(house.session, hotel, limit=8)]
        by = house.who(Role.FRONT_DESK)
        if not here:
            return
        _messages(house, here, by=by)
        reception.wish(house.session, here[-1], no_information=True, by=by)
        reception.wish(house.session, here[len(here) // 2], no_calls=True, by=by)
    with ago(house, 45) as hotel:
        _calls(house, hotel, here[0], by=by)
        for name, badge, vehicle in (("Ines Roy", "7", "B LX 4410"), ("Karl Amsel", "8", None)):
            reception.arrive(
                house.session, hotel, name=name, visits=here[0], badge=badge, vehicle=vehicle,
                by=by,
            )  # fmt: skip
        gone = reception.arrive(
            house.session, hotel, name="Lift inspection", host="Engineering", badge="2", by=by
        )
    with ago(house, 5):
        reception.leave(house.session, gone, by=by)


def _messages(house: House, here: list[Reservation], *, by: Staff) -> None:
    session = house.session
    first, last = here[0], here[-1]
    reception.take(
        session, first, sender="Dr Abel", phone="+49 30 5550 123", urgent=True,
        words="The meeting begins at eight, not nine. Please ring me tonight.", by=by,
    )  # fmt: skip
    reception.take(session, last, sender="Your sister", words="Landed well.", by=by)
    read = reception.take(session, first, sender="Opera box office", words="Row 4 it is.", by=by)
    reception.deliver(session, read, how=How.READ_BACK, by=by)


def _calls(house: House, hotel: Hotel, party: Reservation, *, by: Staff) -> None:
    for direction, name, phone, matter, outcome, minutes in CALLERS:
        reception.log(
            house.session, hotel, direction=direction, with_whom=name, phone=phone, matter=matter,
            outcome=outcome, about=About(party) if minutes is None else None,
            back_by=house.now + timedelta(minutes=minutes) if minutes else None, by=by,
        )  # fmt: skip
