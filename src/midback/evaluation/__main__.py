"""`python -m midback.evaluation`, which is what `make evaluate` runs."""

import sys

from midback.evaluation.command import main

if __name__ == "__main__":
    sys.exit(main(program="python -m midback.evaluation"))
