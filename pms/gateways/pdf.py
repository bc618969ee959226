"""Paper: pages of HTML printed to PDF by WeasyPrint, which never goes out to the network."""

import logging
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


class MissingLibrary(RuntimeError):
    """Pango isn't on this machine; `pms run` names the command that installs it."""


def render(html: str, base_url: str) -> bytes:
    """Print a page; pictures and style sheets come from below `base_url` (a folder) or `data:`.

    Whatever else the page asks for is left out.
    """
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except OSError as problem:
        raise MissingLibrary(str(problem)) from problem

    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    shelf = Path(base_url).resolve()

    class Shelf(URLFetcher):  # type: ignore[misc]
        """Fetches from one folder and nowhere else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """Fetch a file of the shelf, or data written in the page."""
            if url.startswith("file:"):
                asked = Path(_path_of(url)).resolve()
                if not asked.is_relative_to(shelf):
                    raise ValueError(f"Not on the shelf: {url}")
            return super().fetch(url, headers)

    fetcher = Shelf(allowed_protocols={"file", "data"}, allow_redirects=False)
    page = HTML(string=html, base_url=f"{shelf.as_uri()}/", url_fetcher=fetcher)
    return bytes(page.write_pdf())


def _path_of(url: str) -> str:
    return unquote(urlsplit(url).path)
