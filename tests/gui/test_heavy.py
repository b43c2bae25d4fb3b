"""numpy and shapely come whole, however many threads ask for them at once."""

import subprocess
import sys

_PROGRAM = """
import sys, threading
from PySide6.QtCore import QCoreApplication
from diwi_desktop.gui import jobs
from diwi_desktop.gui.map.loader import Loader

app = QCoreApplication([])
assert "numpy" not in sys.modules and "shapely" not in sys.modules

def work(first):
    def run(*_):
        for name in (first, "numpy", "shapely"):
            __import__(name)
        import numpy, shapely
        return float(numpy.sum(shapely.area([shapely.box(0, 0, 2, 3)])))
    return run

done = []
loader = Loader()
loader.run("layer", work("shapely"), done.append)
for first in ("numpy", "shapely", "shapely.lib"):
    jobs.run_quietly(work(first), done.append, lambda error: done.append(error))
    jobs.run_quietly(work(first), done.append, lambda error: done.append(error))
while len(done) < 7:
    app.processEvents()
loader.shutdown()
print(done)
"""


def test_threads_that_begin_together_all_get_the_whole_of_it() -> None:
    told = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 0, told.stderr
    assert told.stdout.strip() == str([6.0] * 7)
