from microdc.api import CheckResult as CheckResult
from microdc.api import Planned as Planned
from microdc.api import check as check
from microdc.api import plan as plan
from microdc.api import read_plan as read_plan
from microdc.api import verify as verify

__version__: str
