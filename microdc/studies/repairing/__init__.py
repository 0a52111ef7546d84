"""What would cure a scenario that has no plan: single repairs, the cheapest mix, and a variant."""

from microdc.studies.repairing.found import Repairs, prices_of, repairs_of
from microdc.studies.repairing.repair import Repair
from microdc.studies.repairing.written import apply_repair

__all__ = ["Repair", "Repairs", "apply_repair", "prices_of", "repairs_of"]
