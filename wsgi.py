"""The door for web servers: `gunicorn wsgi:app`, `waitress-serve wsgi:app`."""

from pms.app import create_app

app = create_app()
