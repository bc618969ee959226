"""Every room that has tables, so that one import knows the whole shape."""

import importlib
import pkgutil

import pms.hotel

for _room in pkgutil.walk_packages(pms.hotel.__path__, "pms.hotel."):
    if _room.name != __name__:
        importlib.import_module(_room.name)
