"""Paper: pages of HTML printed to PDF by WeasyPrint, which never goes out to the network."""

import atexit
import io
import logging
import os
import re
import threading
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

FACTUR_X = "factur-x.xml"
_SHEET = re.compile(r'\s*<link rel="stylesheet" href="(css/[\w-]+\.css)">')
_one_at_a_time = threading.Lock()
_ABOUT_XML = "factur-x.xmp"  # what the PDF says of the XML inside it, for Factur-X 1.0


class MissingLibrary(RuntimeError):
    """Pango isn't on this machine; `pms run` names the command that installs it."""


def render(html: str, base_url: str) -> bytes:
    """Print a page; pictures and style sheets come from below `base_url` (a folder) or `data:`.

    Whatever else the page asks for is left out. The page's own style sheets are read once with
    their fonts and kept, as `archival` keeps its one.
    """
    sheets = tuple(_SHEET.findall(html))
    page = _page(_SHEET.sub("", html), base_url)
    with _one_at_a_time:
        styles, fonts = _styles(base_url, sheets)
        return bytes(page.write_pdf(stylesheets=styles, font_config=fonts))


def archival(html: str, base_url: str, *, sheet: str, xml: bytes | None) -> bytes:
    """Print a page as PDF/A-3b, to be kept; with `xml` inside it is a Factur-X invoice.

    `sheet` is the page's style sheet below `base_url`. It is read once with its fonts, which is
    most of the work of a short page; so pages are printed one at a time.
    """
    page = _page(html, base_url)
    attached: dict[str, Any] = {}
    if xml is not None:
        from weasyprint import Attachment

        about = io.BytesIO((Path(base_url) / _ABOUT_XML).read_bytes())
        inside = Attachment(
            string=xml, name=FACTUR_X, description="Invoice as data (EN 16931)", relationship="Data"
        )
        attached = {"attachments": [inside], "xmp_metadata": [about]}
    with _one_at_a_time:
        styles, fonts = _styles(base_url, (sheet,))
        return bytes(
            page.write_pdf(
                pdf_variant="pdf/a-3b", stylesheets=styles, font_config=fonts, **attached
            )
        )


@lru_cache(maxsize=8)
def _styles(base_url: str, sheets: tuple[str, ...]) -> tuple[list[Any], Any]:
    """Return style sheets and the fonts that they name, as WeasyPrint wants them."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    return [CSS(filename=Path(base_url) / sheet, font_config=fonts) for sheet in sheets], fonts


atexit.register(_styles.cache_clear)  # fonts are put away while Python can still do it


def stamped(original: bytes, mark: str, base_url: str) -> bytes:
    """Return a PDF with a word laid over each page, and otherwise as it was."""
    from pypdf import PdfReader, PdfWriter

    over = PdfReader(io.BytesIO(_stamp(mark, base_url))).pages[0]
    writer = PdfWriter(clone_from=io.BytesIO(original))
    for page in writer.pages:
        page.merge_page(over)
    paper = io.BytesIO()
    writer.write(paper)
    return paper.getvalue()


@lru_cache(maxsize=8)
def _stamp(mark: str, base_url: str) -> bytes:
    return render(f'<link rel="stylesheet" href="css/stamp.css"><p>{escape(mark)}</p>', base_url)


def _page(html: str, base_url: str) -> Any:
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except OSError as problem:
        raise MissingLibrary(str(problem)) from problem

    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    shelf = Path(base_url).absolute()

    class Shelf(URLFetcher):  # type: ignore[misc]
        """Fetches from one folder and nowhere else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """Fetch a file of the shelf, or data written in the page."""
            if url.startswith("file:"):
                asked = Path(os.path.normpath(_path_of(url)))  # a link on the shelf is ours
                if not asked.is_relative_to(shelf):
                    raise ValueError(f"Not on the shelf: {url}")
            return super().fetch(url, headers)

    fetcher = Shelf(allowed_protocols={"file", "data"}, allow_redirects=False)
    return HTML(string=html, base_url=f"{shelf.as_uri()}/", url_fetcher=fetcher)


def _path_of(url: str) -> str:
    return unquote(urlsplit(url).path)
