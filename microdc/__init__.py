"""Plan fleets of micro data centers at substations with stranded capacity."""

__version__ = "0.1.0"
