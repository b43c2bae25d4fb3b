"""`python -m diwi_desktop` is the same as the console script `diwi`."""

import sys

from diwi_desktop.cli import main

if __name__ == "__main__":
    sys.exit(main())
