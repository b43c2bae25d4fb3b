"""numpy and shapely, loaded once and by one thread.

Left to chance, one thread begins with numpy while another begins with shapely, which asks for a part of numpy from the
inside: each then waits for the other, Python breaks the tie by handing out half a numpy, and neither works until the
program starts again. So whoever may need them comes past here first.
"""

from __future__ import annotations

import threading

_lock = threading.Lock()


def load() -> None:
    """Load them, or wait until the thread that is at it has done so; costs nothing afterwards."""
    with _lock:
        import numpy as np
        import shapely

    del np, shapely
