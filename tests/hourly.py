"""Hours for random instances, each kind of them likely to bind."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from microdc.instance import Floats, Hours, Instance, Ints, matrix_of

Feature = Callable[[np.random.Generator, Instance], Instance]


def hours(rng: np.random.Generator, instance: Instance) -> Instance:
    """Two services that peak apart; all that is connected can be drawn in every hour."""
    share = rng.uniform(0.1, 0.5, (4, 2)).round(2)
    share[rng.integers(0, 2), 0] = share[rng.integers(2, 4), 1] = 1.0
    return demanding(instance, share, of_either(rng, instance))


def hours_flexible(rng: np.random.Generator, instance: Instance) -> Instance:
    """In some hours a site has half of its power, in some none."""
    share = rng.uniform(0.5, 1.0, (3, 2)).round(2)
    spared = rng.choice([0.0, 0.5, 1.0], (3, len(instance.sites)), p=[0.2, 0.2, 0.6])
    return sparing(demanding(instance, share, of_either(rng, instance)), spared)


def hours_shared(rng: np.random.Generator, instance: Instance) -> Instance:
    """Feeders, and what feeds them, bear less than the sum below, every hour another part of it."""
    n = len(instance.sites)
    pue = rng.uniform(1.05, 1.9, n).round(2)
    several = replace(instance, sites=instance.sites.assign(pue=pue))
    share = rng.uniform(0.5, 1.0, (3, 2)).round(2)
    return sharing(rng, demanding(several, share, of_either(rng, instance)))


def hours_held(rng: np.random.Generator, instance: Instance) -> Instance:
    """Power is here in one hour and there in the next, and the first service does not move."""
    share = rng.uniform(0.5, 1.0, (3, 2)).round(2)
    here = rng.random(len(instance.sites)) < 0.5
    spared = np.where([here, ~here, here | True], 1.0, rng.choice([0.0, 0.3], len(here)))
    turning = sparing(demanding(instance, share, of_either(rng, instance)), spared)
    return replace(turning, hours=first_of_all(turning.hours, moves=False))


def hours_deferring(rng: np.random.Generator, instance: Instance) -> Instance:
    """Two days with a peak in each, of which the first service lets much wait an hour or two."""
    share = rng.uniform(0.1, 0.6, (6, 2)).round(2)
    share[[rng.integers(0, 3), rng.integers(3, 6)]] = 1.0
    peaking = demanding(instance, share, of_either(rng, instance), days=2)
    wait = {"deferred_share": rng.choice([0.4, 1.0]), "defer_h": rng.integers(1, 3)}
    return replace(peaking, hours=first_of_all(peaking.hours, **wait))


def hours_of_all_sorts(rng: np.random.Generator, instance: Instance) -> Instance:
    """Up to eight hours in two days, three services of any kind, limits of sites and of feeders."""
    days = int(rng.integers(1, 3))
    a_day = int(rng.integers(3, 5)) if days == 2 else int(rng.integers(3, 9))
    share = rng.uniform(0, 1, (days * a_day, 3)).round(2) * (rng.random((days * a_day, 3)) < 0.8)
    service = rng.integers(0, 3, len(instance.points))
    spared = rng.uniform(0, 1.5, (days * a_day, len(instance.sites))).round(1).clip(max=1)
    mixed = sharing(rng, sparing(demanding(instance, share, service, days), spared))
    moves = rng.random(3) < 0.6
    waits = moves & (rng.random(3) < 0.6)
    services = mixed.hours.services.assign(
        moves=moves,
        deferred_share=np.where(waits, rng.uniform(0.1, 1, 3).round(1), 0.0),
        defer_h=np.where(waits, rng.integers(1, 5, 3), 0),
    )
    return replace(mixed, hours=replace(mixed.hours, services=services))


def of_either(rng: np.random.Generator, instance: Instance) -> Ints:
    """Give each point one of two services."""
    return rng.integers(0, 2, len(instance.points))


def demanding(instance: Instance, share: Floats, service: Ints, days: int = 1) -> Instance:
    """Let services, all of which move, demand their share by hour; of power there is enough."""
    t, n = len(share), len(instance.sites)
    services = pd.DataFrame(
        {"moves": True, "deferred_share": 0.0, "defer_h": 0},
        index=pd.Index([f"service {s}" for s in range(share.shape[1])], name="service"),
    )
    what = pd.DataFrame(
        {
            "time": [f"2026-01-{1 + k * days // t:02}T{k % (t // days):02}:00Z" for k in range(t)],
            "day": np.arange(t) * days // t,
            "weight_h": 8760 / t,
        }
    )
    by_hour = Hours(
        what=what,
        available_mw=np.tile(instance.sites["cap_mw"].to_numpy(), (t, 1)),
        limits=pd.Index([]),
        limit_mw=np.empty((t, 0)),
        below=csr_array((0, n)),
        services=services,
        share=share,
        service=service,
    )
    return replace(instance, hours=by_hour, outages=None)


def sparing(instance: Instance, spared: Floats) -> Instance:
    """Let sites draw what exists, and of the rest what is spared in each hour (shares)."""
    existing_mw = instance.sites["existing_mw"].to_numpy()
    growth_mw = instance.sites["cap_mw"].to_numpy() - existing_mw
    available_mw = (existing_mw + spared * growth_mw).round(2)
    return replace(instance, hours=replace(instance.hours, available_mw=available_mw))


def sharing(rng: np.random.Generator, instance: Instance) -> Instance:
    """Put two or three sites below each feeder, all feeders below one supply point."""
    n = len(instance.sites)
    feeders = [part.tolist() for part in np.array_split(rng.permutation(n), max(1, n // 3))]
    nodes = [*feeders, list(range(n))]
    growth_mw = (instance.sites["cap_mw"] - instance.sites["existing_mw"]).to_numpy()
    most_mw = np.array([growth_mw[part].sum() for part in nodes])
    part = rng.uniform(0.2, 0.9, (len(instance.hours.what), len(nodes)))
    names = [f"feeder {k} by hour" for k in range(len(feeders))] + ["supply point by hour"]
    limited = replace(
        instance.hours,
        limits=pd.Index(names),
        limit_mw=(part * most_mw).round(2),
        below=matrix_of(nodes, n),
    )
    return replace(instance, hours=limited)


def first_of_all(hours: Hours, **kinds: float) -> Hours:
    """Let the first service be of a kind of its own."""
    services = hours.services.copy()
    for column, value in kinds.items():
        services.loc[services.index[0], column] = value
    return replace(hours, services=services)


def without_hours(instance: Instance) -> Instance:
    return replace(instance, hours=None)


def with_all_power(instance: Instance) -> Instance:
    """Let sites draw all that they are connected with in every hour."""
    hours = instance.hours
    services = {"services": hours.services, "what": hours.what}
    at_will = demanding(instance, hours.share, hours.service)
    return replace(instance, hours=replace(at_will.hours, **services))


def moving_at_once(instance: Instance) -> Instance:
    """Let every service move, and none wait."""
    services = instance.hours.services.assign(moves=True, deferred_share=0.0, defer_h=0)
    return replace(instance, hours=replace(instance.hours, services=services))


HOURS: dict[str, tuple[Feature, Callable[[Instance], Instance]]] = {
    "hours": (hours, without_hours),
    "hours_flexible": (hours_flexible, with_all_power),
    "hours_shared": (hours_shared, with_all_power),
    "hours_held": (hours_held, moving_at_once),
    "hours_deferring": (hours_deferring, moving_at_once),
    "hours_of_all_sorts": (hours_of_all_sorts, without_hours),
}
"""What may bind, and the instance without it."""
