"""What an objective before cost came to, as stated."""

from microdc.placement.verify.document.part import Part


class Reached(Part):
    """What an objective came to, and what is proven of it: new sites, or ms."""

    objective: str
    value: float
    bound: float
