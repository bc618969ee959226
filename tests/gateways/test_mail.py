"""Mail: to a server when there is one, into a folder when there is none."""

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from pms.gateways import mail


@dataclass(frozen=True)
class Parcel:
    """A letter to carry."""

    message_id: str = "<1.2@letters.pms.invalid>"
    to: str = "guest@example.com"
    subject: str = "Your room – Zimmer Nº 204"
    text: str = "It is kept.\n.\nGrüße"
    html: str | None = "<p>It is kept.</p>"
    attachments: tuple[mail.Attachment, ...] = (("INV-2026-00001", "application/pdf", b"%PDF"),)


class Desk(socketserver.StreamRequestHandler):
    """As much of SMTP as it takes to be handed a letter."""

    def handle(self) -> None:
        """Answer each line."""
        self.say("220 here")
        server: Server = self.server  # type: ignore[assignment]
        while line := self.rfile.readline().strip():
            word = line.upper()[:4]
            if word == b"DATA":
                self.say("354 go on")
                letter = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    letter += part.removeprefix(b".") if part.startswith(b"..") else part
                server.letters.append(letter)
            if word == b"RCPT" and server.refuses:
                self.say("550 nobody here")
                continue
            self.say("221 bye" if word == b"QUIT" else "250 yes")
            if word == b"QUIT":
                return

    def say(self, words: str) -> None:
        """Send one line."""
        self.wfile.write(words.encode() + b"\r\n")


class Server(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it is handed."""

    daemon_threads = True
    refuses = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Desk)
        self.letters: list[bytes] = []


@pytest.fixture
def post() -> Iterator[Server]:
    """A mail server on this machine."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def smtp(post: Server) -> mail.Smtp:
    """A carrier to that server."""
    host, port = post.server_address[:2]
    return mail.Smtp(str(host), int(port), sender="desk@hotel.example", security="none")


def test_a_letter_is_handed_to_the_server_whole(post: Server) -> None:
    smtp(post)(Parcel())

    letter = message_from_bytes(post.letters[0], policy=policy.default)
    assert letter["Subject"] == "Your room – Zimmer Nº 204"
    assert letter["To"] == "guest@example.com"
    assert letter["From"] == "desk@hotel.example"
    assert letter["Message-ID"] == "<1.2@letters.pms.invalid>"
    body = letter.get_body(("plain",))
    assert body
    assert "Grüße" in body.get_content()
    (paper,) = letter.iter_attachments()
    assert paper.get_filename() == "INV-2026-00001.pdf"
    assert paper.get_content() == b"%PDF"


def test_an_address_the_server_refuses_is_told(post: Server) -> None:
    post.refuses = True

    with pytest.raises(mail.smtplib.SMTPRecipientsRefused):
        smtp(post)(Parcel())


def test_without_a_server_the_letter_is_one_file_however_often_it_is_carried(
    tmp_path: Path,
) -> None:
    carry = mail.carrier({}, folder=tmp_path / "outbox")

    carry(Parcel())
    carry(Parcel())

    (file,) = (tmp_path / "outbox").iterdir()
    assert file.name == "1.2letters.pms.invalid.eml"
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert letter["To"] == "guest@example.com"


@pytest.mark.parametrize(
    "parcel", [Parcel(subject="Hi\nBcc: x@example.com"), Parcel(to="a@example.com\nBcc: b@c.de")]
)
def test_a_header_never_breaks_into_two(tmp_path: Path, parcel: Parcel) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the library's words
        mail.FileDrop(tmp_path)(parcel)

    assert list(tmp_path.iterdir()) == []


def test_the_settings_name_the_server() -> None:
    settings = {
        "SMTP_HOST": "mail.example",
        "SMTP_USER": "desk",
        "SMTP_PASSWORD": "secret",
        "SMTP_PORT": "465",
        "SMTP_SECURITY": "tls",
        "MAIL_FROM": "desk@hotel.example",
    }

    assert mail.carrier(settings, folder=Path()) == mail.Smtp(
        "mail.example", 465, "desk@hotel.example", "desk", "secret", "tls"
    )
    with pytest.raises(ValueError, match="SMTP_SECURITY"):
        mail.carrier({**settings, "SMTP_SECURITY": "maybe"}, folder=Path())
