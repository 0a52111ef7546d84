"""`python -m benchmarks.latency`: see `benchmarks.latency.scenarios`."""

from benchmarks.latency.scenarios import main

if __name__ == "__main__":
    main()
