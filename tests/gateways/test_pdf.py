"""Paper: printed here, from what lies on the shelf, without asking the network."""

import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pypdf import PdfReader

from pms.gateways import pdf

DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhf"
    "DwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def test_a_page_becomes_a_pdf_with_the_style_from_the_shelf(tmp_path: Path) -> None:
    (tmp_path / "paper.css").write_text("@page { size: A6 }")
    page = f'<link rel="stylesheet" href="paper.css"><p>Invoice 1</p><img src="{DOT}">'

    printed = pdf.render(page, str(tmp_path))

    assert printed.startswith(b"%PDF-")
    assert printed != pdf.render("<p>Invoice 1</p>", str(tmp_path))


def test_a_pages_own_style_is_read_once_with_its_fonts_and_kept(tmp_path: Path) -> None:
    (tmp_path / "css").mkdir()
    sheet = tmp_path / "css" / "sheet.css"
    sheet.write_text("@page { size: A6 }")
    page = '<link rel="stylesheet" href="css/sheet.css"><p>Voucher 1</p>'
    first = pdf.render(page, str(tmp_path))
    sheet.write_text("@page { size: A4 }")

    again = pdf.render(page, str(tmp_path))

    def width(paper: bytes) -> float:
        return float(PdfReader(io.BytesIO(paper)).pages[0].mediabox.width)

    assert width(first) == width(again) < width(pdf.render("<p>A4</p>", str(tmp_path)))


def test_a_page_gets_nothing_from_the_network_or_from_beside_the_shelf(tmp_path: Path) -> None:
    asked: list[str] = []

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (tmp_path / "secret.css").write_text("@page { size: A6 }")
    with ThreadingHTTPServer(("127.0.0.1", 0), Ear) as ear:
        threading.Thread(target=ear.serve_forever, daemon=True).start()
        page = (
            f'<link rel="stylesheet" href="http://127.0.0.1:{ear.server_port}/x.css">'
            '<link rel="stylesheet" href="../secret.css"><p>Invoice 1</p>'
        )
        printed = pdf.render(page, str(shelf))
        ear.shutdown()

    assert asked == []
    assert len(printed) == len(pdf.render("<p>Invoice 1</p>", str(shelf)))
