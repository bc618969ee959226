"""The demo's page on the web: open, greeting in four languages, and somebody who booked there; and
a family that booked two rooms by telephone, with one link to both.
"""

from datetime import date, time, timedelta

from sqlalchemy.orm import Session

from pms.demo.month import House
from pms.hotel.guests import guests
from pms.hotel.house import staff, translations
from pms.hotel.house.hotels import Hotel
from pms.hotel.house.staff import Role, Staff
from pms.hotel.rooms import offers, rates, rooms, web_sales
from pms.hotel.rooms.web_sales import Shop
from pms.hotel.stays import arrival_details, arrival_letters, reservations, web_bookings
from pms.hotel.stays.arrival_details import Transport
from pms.hotel.stays.reservations import Origin, Reservation
from pms.hotel.stays.web_bookings import Asked, Booker, Wanted

COLOUR = "#8a4b1f"
GREETING = {
    "en": "A lantern is lit until the last guest is in. Breakfast is long, the courtyard quiet.",
    "de": "Die Laterne brennt, bis der letzte Gast da ist. Das Frühstück ist lang, der Hof still.",
    "fr": "Une lanterne brûle jusqu'au dernier arrivé. Le petit déjeuner est long, la cour calme.",
    "es": "Un farol arde hasta que llega el último. El desayuno es largo y el patio, tranquilo.",
}
PLANS = {
    "BAR": {
        "en": "Free to change and to cancel.",
        "de": "Frei zu ändern und zu stornieren.",
        "fr": "Modifiable et annulable.",
        "es": "Se puede cambiar y cancelar.",
    },
    "ADV": {
        "en": "For those who know early.",
        "de": "Für alle, die es früh wissen.",
        "fr": "Pour ceux qui savent tôt.",
        "es": "Para quien lo sabe pronto.",
    },
    "NRF": {"en": "The best price.", "de": "Der beste Preis.", "fr": "Le meilleur prix.",
            "es": "El mejor precio."},
}  # fmt: skip
TYPES = {
    "SGL": {"en": "A desk at the window, a bed for one.",
            "de": "Ein Tisch am Fenster, ein Bett für eine Person.",
            "fr": "Un bureau à la fenêtre, un lit pour une personne.",
            "es": "Un escritorio junto a la ventana y una cama."},
    "DBL": {"en": "One large bed, oak floor, rain shower.",
            "de": "Ein großes Bett, Eichenboden, Regendusche.",
            "fr": "Un grand lit, parquet de chêne, douche à l'italienne.",
            "es": "Cama grande, suelo de roble y ducha de lluvia."},
    "STE": {"en": "Two rooms under the roof, with a balcony over the courtyard.",
            "de": "Zwei Zimmer unter dem Dach, mit Balkon zum Hof.",
            "fr": "Deux pièces sous les toits, avec un balcon sur la cour.",
            "es": "Dos habitaciones bajo el tejado, con balcón al patio."},
}  # fmt: skip


WRITES_BEFORE = 3  # days


def set_up(house: House, *, today: date) -> None:
    """Open the page, and let a guest book there and tell how they come."""
    with house.at(today, time(16)) as hotel:
        shop = Shop(
            is_open=True,
            colour=COLOUR,
            greeting=GREETING["en"],
            plans={
                each.id: PLANS[each.code]["en"]
                for each in rates.plans(house.session, hotel)
                if each.code in PLANS
            },
            types={
                each.id: TYPES[each.code]["en"] if each.code in TYPES else ""
                for each in rooms.types(house.session, hotel)
            },
        )
        by = house.who(Role.MANAGER)
        web_sales.write(house.session, hotel, shop, by=by)
        said = {words["en"]: words for words in (GREETING, *PLANS.values(), *TYPES.values())}
        translations.write(house.session, hotel, said, by=by)
        arrival_letters.set_days(house.session, hotel, WRITES_BEFORE, by=by)
    with house.at(today, time(16, 20)) as hotel:
        _book(house.session, hotel, shop, today + timedelta(days=5))
    with house.at(today, time(16, 40)) as hotel:
        _book_two(house.session, hotel, today + timedelta(days=12), by=house.who(Role.FRONT_DESK))


def _book_two(session: Session, hotel: Hotel, arrival: date, *, by: Staff) -> None:
    """Book a room for a father and one for his daughter, who has told when she comes.

    Of the first type that has two rooms free; none where none has.
    """
    plan, departure = rates.by_code(session, hotel, "BAR"), arrival + timedelta(days=3)
    types = {each.code: each for each in rooms.types(session, hotel)}
    free = offers.offers(session, hotel, arrival, departure, adults=1)
    kind = next((types[each.room_type] for each in free if each.rooms > 1 and each.totals), None)
    if plan is None or kind is None:
        return
    made: list[Reservation] = []
    for given_name, email in (("Matthias", "matthias.brandl@mail.example"), ("Lena", None)):
        guest = guests.welcome(
            session, hotel, surname="Brandl", given_name=given_name, email=email, language="de",
            by=by,
        )  # fmt: skip
        party = reservations.book(
            session, hotel, guest=guest, room_type=kind, plan=plan, arrival=arrival,
            departure=departure, adults=1, origin=Origin(source="telephone"),
            with_booking=made[0] if made else None, by=by,
        )  # fmt: skip
        made.append(party)
    arrival_details.tell(session, made[-1], eta=time(18), transport=Transport.CAR, by=by)


def _book(session: Session, hotel: Hotel, shop: Shop, arrival: date) -> None:
    """Book the cheapest that is free for two, where anything is."""
    asked = Asked(arrival, arrival + timedelta(days=2), adults=2)
    found = web_bookings.offered(session, hotel, shop, asked, pays_online=False)
    if not found:
        return
    by, chosen = staff.a_guest(session, hotel), min(found, key=lambda each: each.total.minor)
    wanted = Wanted(
        asked=asked,
        type_code=chosen.room_type.code,
        plan_code=chosen.plan.code,
        total=chosen.total,
        terms="La cancelación es gratuita hasta el día de llegada.",
        words="Vamos a celebrar un aniversario.",
    )
    booker = Booker("Ibarra", "Nerea", "nerea.ibarra@mail.example", "+34 944 555 010", "es")
    made = web_bookings.book(session, hotel, wanted, booker, by=by)
    arrival_details.tell(
        session, made, eta=time(19, 30), transport=Transport.TRAIN,
        words="Llegamos con una bicicleta.", by=by,
    )  # fmt: skip
