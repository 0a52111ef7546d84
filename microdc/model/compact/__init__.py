"""
The textbook model: one flow for every pair within bound. The oracle of the tests.

It decides the same sites and sizes under the same rules as the projected model, and writes down
who is served from where instead of cutting off what cannot be delivered.
"""

import numpy as np
import pyomo.environ as pyo

from microdc.instance import Instance
from microdc.model.build import add_planners_rows, choices, minimise
from microdc.model.compact.in_hours import serve_in_hours
from microdc.model.compact.in_order import (
    answer_within_mean_rtt,
    carry_within_size,
    price_of_service,
    serve_from_one_site,
    serve_in_order,
)
from microdc.model.compact.in_outages import survive_outages


def build_compact(instance: Instance) -> pyo.ConcreteModel:
    """
    Build the textbook model with its strong linking rows; small instances only.

    Without hours every point has one flow, at its peak. With hours only those have whose service
    does not move, and in each hour they take their share of it; all others have flows by hour.
    """
    m = choices(instance)
    add_planners_rows(m, instance)
    if instance.hours is None:
        serve_in_order(m, instance, range(len(instance.points)))
        serve_from_one_site(m, instance)
        carry_within_size(m, instance)
        answer_within_mean_rtt(m, instance)
    else:
        moves = instance.hours.services["moves"].to_numpy()[instance.hours.service]
        serve_in_order(m, instance, np.flatnonzero(~moves).tolist())
        serve_in_hours(m, instance, instance.hours)
    if instance.outages is not None:
        survive_outages(m, instance, instance.outages)
    minimise(m, instance, price_of_service(m, instance))
    return m
