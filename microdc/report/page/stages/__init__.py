"""A programme of stages as one page: a slider goes through them, and without it all are told."""

from microdc.report.page.stages.page import programme_page

__all__ = ["programme_page"]
