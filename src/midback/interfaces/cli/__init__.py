"""The terminal: `midback`. Exit codes: 0 fine, 1 something was found wrong, 2 wrong use, 3 the knowledge cannot be
used, 4 the answers cannot be used, 130 interrupted.

Each command is a small module imported only when called, so that a cold `midback assess` stays quick.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

# Our matrices are small: BLAS threads that wait for each other cost more than they give (three times the wall time
# on two busy cores). Set before NumPy is first imported; whoever knows better sets it in the environment.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from midback.errors import MidbackError
from midback.interfaces.cli.parser import build_parser

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of one `midback` command; errors raised on purpose become one clear message on stderr."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    if not hasattr(options, "run"):
        parser.print_help()
        return 2
    try:
        return int(options.run(options))
    except MidbackError as error:
        print(f"midback: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("\nmidback: interrupted; nothing was kept", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.filename is None:
            raise  # no file of the person's: a defect, to be seen whole
        print(f"midback: {error.filename}: {error.strerror} (fix: check the path and your rights)", file=sys.stderr)
        return 1
