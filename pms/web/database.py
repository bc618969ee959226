"""The database as Flask sees it: one session per request, taken down with it."""

from typing import cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Session

from pms.base.db import Base

db = SQLAlchemy(metadata=Base.metadata)


def session() -> Session:
    """Return the session of this request."""
    return cast(Session, db.session())
