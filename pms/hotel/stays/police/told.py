"""What was told of a guest, as a digest under the file's own key."""

import hashlib
from dataclasses import astuple, dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from pms.hotel.guests.guests import who_stand
from pms.hotel.house import content_keys
from pms.hotel.house.content_keys import ContentKey
from pms.hotel.house.hotels import Hotel
from pms.hotel.stays import siba
from pms.hotel.stays.police.tables import PoliceReport


def mark(key: ContentKey, bulletin: siba.Bulletin) -> str | None:
    """Return what a file says of a guest as a digest; None once its key is erased or missing."""
    return content_keys.mark(key, plain(bulletin))


def plain(bulletin: siba.Bulletin) -> str:
    """Return the SHA-256 of what is said of a guest, which others could guess: it is never kept."""
    return hashlib.sha256("\0".join(map(str, astuple(bulletin))).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Said:
    """What the newest file said of a guest: its digest, and the key of the file."""

    digest: str
    key: ContentKey

    def is_still_so(self, bulletin: siba.Bulletin) -> bool:
        """Tell whether a file would say the same now; where nobody can tell, it is taken so."""
        now = mark(self.key, bulletin)
        return now is None or now == self.digest


def said_of(session: Session, hotel: Hotel, ids: list[int]) -> dict[tuple[int, int], Said]:
    """Return what the newest file said of each guest."""
    rows = session.execute(
        sa.select(PoliceReport, ContentKey)
        .join(
            ContentKey,
            sa.and_(
                ContentKey.hotel_id == PoliceReport.hotel_id,
                ContentKey.id == PoliceReport.file_id,
            ),
        )
        .where(PoliceReport.hotel_id == hotel.id, PoliceReport.reservation_id.in_(ids))
        .order_by(PoliceReport.id)
    )
    found = [(report, key) for report, key in rows]
    # who was reported under a profile that was merged since was reported all the same
    stand = who_stand(session, hotel.chain_id, {report.guest_id for report, _ in found})
    return {
        (report.reservation_id, stand[report.guest_id]): Said(report.digest, key)
        for report, key in found
    }
