"""DIWI Desktop: municipal housing plans on the map, in time, and through to the province; offline first."""

import os
import sys

if sys.platform == "linux":
    # SQLite opens mod_spatialite with RTLD_GLOBAL, so the system's GEOS, PROJ and SQLite would take the place
    # of the copies inside the shapely, pyproj, fiona and pyogrio wheels: wrong results, then a crash. With
    # DEEPBIND every extension module prefers the libraries it came with. It must precede the first of them.
    sys.setdlopenflags(os.RTLD_NOW | os.RTLD_DEEPBIND)

__version__ = "0.1.0"
