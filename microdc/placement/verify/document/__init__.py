"""What a plan's files must hold to be a plan at all: nothing missing, nothing left unverified."""

from microdc.placement.verify.document.parts import (
    Document,
    Hub,
    LimitPrices,
    Outage,
    Outages,
    Part,
    ServiceClass,
    Site,
    SupplyPoint,
)
from microdc.placement.verify.document.read import (
    DOCUMENT,
    NEEDED,
    POINT_COLUMNS,
    PRICE,
    PRICES,
    SERVICE,
    SITE_PRICE,
    DemandPrices,
    read_document,
    read_prices,
    read_service,
)

__all__ = [
    "DOCUMENT",
    "NEEDED",
    "POINT_COLUMNS",
    "PRICE",
    "PRICES",
    "SERVICE",
    "SITE_PRICE",
    "DemandPrices",
    "Document",
    "Hub",
    "LimitPrices",
    "Outage",
    "Outages",
    "Part",
    "ServiceClass",
    "Site",
    "SupplyPoint",
    "read_document",
    "read_prices",
    "read_service",
]
