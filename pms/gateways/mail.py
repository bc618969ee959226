"""Mail: letters handed to an SMTP server, or dropped as files where there is none."""

import os
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

from pms.base import clock

Attachment = tuple[str, str, bytes]  # name, media type, bytes
_SUFFIX = {
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/csv": ".csv",
    "text/html": ".html",
}


class Parcel(Protocol):
    """What there is to carry: a letter with its attachments."""

    @property
    def message_id(self) -> str:
        """The same for the same letter, however often it is carried."""

    @property
    def to(self) -> str:
        """The address."""

    @property
    def subject(self) -> str:
        """One line."""

    @property
    def text(self) -> str:
        """The letter in plain words."""

    @property
    def html(self) -> str | None:
        """The letter as a page."""

    @property
    def attachments(self) -> Sequence[Attachment]:
        """What lies in the envelope."""


class Carrier(Protocol):
    """Who takes letters out of the house."""

    def __call__(self, parcel: Parcel) -> None:
        """Carry it, or raise."""


def compose(parcel: Parcel, *, sender: str) -> EmailMessage:
    """Return the parcel as a message; a line break in a header is refused by the library."""
    message = EmailMessage()
    message["Message-ID"] = parcel.message_id
    message["Date"] = format_datetime(clock.now())
    message["From"] = sender
    message["To"] = Address(addr_spec=parcel.to)
    message["Subject"] = parcel.subject
    message.set_content(parcel.text)
    if parcel.html is not None:
        message.add_alternative(parcel.html, subtype="html")
    for name, media_type, content in parcel.attachments:
        main, _, sub = media_type.partition("/")
        filename = name + _SUFFIX.get(media_type, "")
        message.add_attachment(content, maintype=main, subtype=sub, filename=filename)
    return message


@dataclass(frozen=True)
class Smtp:
    """An SMTP server; `security` is `starttls`, `tls` (from the first byte) or `none`."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    security: str = "starttls"
    timeout_seconds: float = 20.0

    def __call__(self, parcel: Parcel) -> None:
        """Hand the parcel over; raises what smtplib raises when it isn't taken."""
        message = compose(parcel, sender=self.sender)
        with self._open() as server:
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)

    def _open(self) -> smtplib.SMTP:
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout_seconds, context=context
            )
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout_seconds)


@dataclass(frozen=True)
class FileDrop:
    """A folder of .eml files, for houses without a mail server; the same letter is one file."""

    folder: Path
    sender: str = "front-desk@hotel.invalid"

    def __call__(self, parcel: Parcel) -> None:
        """Write the letter down, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = "".join(letter for letter in parcel.message_id if letter.isalnum() or letter in ".-")
        file = self.folder / f"{name}.eml"
        draft = file.with_suffix(f".{os.getpid()}.draft")
        draft.write_bytes(bytes(compose(parcel, sender=self.sender)))
        draft.replace(file)


def carrier(settings: Mapping[str, str], *, folder: Path) -> Carrier:
    """Return the carrier that the settings name: SMTP_HOST, else files in the folder.

    Also read: SMTP_PORT (587), SMTP_SECURITY (starttls), SMTP_USER, SMTP_PASSWORD, MAIL_FROM.
    """
    sender = settings.get("MAIL_FROM") or FileDrop.sender
    host = settings.get("SMTP_HOST")
    if not host:
        return FileDrop(folder, sender)
    security = settings.get("SMTP_SECURITY") or "starttls"
    if security not in {"starttls", "tls", "none"}:
        raise ValueError("SMTP_SECURITY is starttls, tls or none.")
    return Smtp(
        host=host,
        port=int(settings.get("SMTP_PORT") or 587),
        sender=sender,
        user=settings.get("SMTP_USER", ""),
        password=settings.get("SMTP_PASSWORD", ""),
        security=security,
    )
