"""The release hour: until when rooms are kept without a guarantee."""

from datetime import date, datetime

from pms.base import dates
from pms.hotel.house.hotels import Hotel


def release_hour(hotel: Hotel, day: date | None = None) -> datetime:
    """Return the instant of a day's release hour, by the hotel's own clock; of the business day's
    where none is named.
    """
    wall = datetime.combine(day or hotel.business_date, hotel.release_at)
    return dates.instant(wall, hotel.time_zone)


def kept_until(hotel: Hotel, arrival: date, promised_at: datetime) -> datetime | None:
    """Return until when a room is kept that nothing guarantees; None: all night, since it was
    promised after the hour.
    """
    hour = release_hour(hotel, arrival)
    return hour if promised_at < hour else None
