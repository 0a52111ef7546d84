"""`python -m benchmarks.literature 300 10 0`: see `benchmarks.literature.cflp`."""

import sys

from benchmarks.literature.cflp import main

if __name__ == "__main__":
    main(*sys.argv[1:])
