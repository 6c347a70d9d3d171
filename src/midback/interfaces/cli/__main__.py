"""`python -m midback.interfaces.cli` for where the console script is not on the path."""

import sys

from midback.interfaces.cli import main

if __name__ == "__main__":
    sys.exit(main())
