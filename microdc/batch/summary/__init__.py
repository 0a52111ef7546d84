"""What a batch says at its end: tables, maps, a page, and what each fleet costs elsewhere."""

from microdc.batch.summary.write import Summary, write

__all__ = ["Summary", "write"]
