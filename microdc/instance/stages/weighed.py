"""A programme whose futures are as likely as one says: an ordinary instance."""

from dataclasses import replace

from microdc.instance.reach import Floats
from microdc.instance.siting import Instance


def weighed(instance: Instance, weight: Floats) -> Instance:
    """
    Give the instance of the cost that futures have at some weights, shape (futures,).

    No programme comes to less than it costs there, if the weights are allowed by `Instance.risk`.
    """
    risk, stages = instance.risk, instance.stages
    if risk is None or stages is None:
        msg = "only an instance with risk has futures to weigh"
        raise ValueError(msg)
    times = risk.times(weight)
    of_site, of_group = times[stages.of], times[risk.of_group]
    sites, groups = instance.sites, instance.groups
    return replace(
        instance,
        sites=sites.assign(
            **{name: of_site * sites[name] for name in ("site_mn_yr", "size_mn_per_mw_yr")}
        ),
        groups=groups.assign(unserved_mn_per_mw_yr=of_group * groups["unserved_mn_per_mw_yr"]),
        tiers=instance.tiers and instance.tiers.costing_times(of_site),
        constant_mn_yr=float(times @ risk.constant_mn - weight @ risk.less_mn),
        risk=None,
    )
