"""Serving: the app as a process of its own for a bench; its first line says its port."""

import logging
import signal
import sys
from types import FrameType

from waitress.server import create_server

from pms.app import create_app
from pms.base.memory import settle


def main(url: str, threads: int) -> None:
    """Serve until told to stop."""
    app = create_app({"DATABASE_URL": url, "SECRET_KEY": "of a bench, gone with it"})

    @app.get("/bench/nothing")
    def nothing() -> str:
        return "nothing"

    nothing.allows = "everyone"  # type: ignore[attr-defined]
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # twenty users are a queue
    server = create_server(app, host="127.0.0.1", port=0, threads=threads)
    signal.signal(signal.SIGTERM, _end)
    sys.stdout.write(f"{server.effective_port}\n")  # type: ignore[union-attr]
    sys.stdout.flush()
    settle()
    server.run()


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
