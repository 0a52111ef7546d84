"""The model as the cutting loop uses it: fixed columns, and the rows that hold it up now."""

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from microdc.instance import Floats, Instance, Ints
from microdc.instance.loads import loads_of
from microdc.model.bound.prices import Prices
from microdc.model.build import StandardForm, build, compile_model
from microdc.oracles.base import Cut, Oracle, Sizes
from microdc.solve.forms import rows_of_cuts, with_rows
from microdc.solve.highs import Answer, Clock, Options, Program, safe_bound
from microdc.solve.search.proof.paid import of_demand
from microdc.solve.search.relaxation import Relaxation, Row


class Master:
    """
    Sites, sizes and unserved demand, with the cuts in force.

    Columns: z (sites), x (sites), v (points), then the numbers of modules, then classes of sizes
    and sizes in each, then projects, then what is had beyond limits and what futures come to, then
    loads.
    """

    def __init__(self, instance: Instance, options: Options, clock: Clock) -> None:
        self.form: StandardForm = compile_model(build(instance))
        self.instance = instance
        self.sites = len(instance.sites)
        self.points = len(instance.points)
        self.loads = loads_of(instance)
        self.first_load = len(self.form.cost) - len(self.loads)
        beyond = len(instance.elastic_nodes) + instance.elastic_budget
        beyond += 1 + len(instance.risk.probability) if instance.risk else 0
        self.first_more = self.first_load - beyond
        of_projects = instance.projects.decided if instance.projects else 0
        self.first_project = self.first_more - of_projects
        self.options = options
        self.clock = clock
        self.relaxation = Relaxation(
            self.form,
            self.form.upper[self._columns_of(np.arange(self.sites + len(self.loads)))],
            self.rows_of,
            lambda form: Program(form, replace(options, threads=1), clock),
        )

    @property
    def cuts(self) -> list[Cut]:
        """The cuts in force."""
        return self.relaxation.cuts

    def add(self, cuts: list[Cut]) -> int:
        """Take cuts into force; say how many were not."""
        return self.relaxation.add(cuts)

    def take_over(self, cuts: list[Cut], in_full: list[Cut]) -> None:
        """Take over cuts, and sets to be written in full, from a master of fewer sites."""
        for cut in in_full:  # first, lest their cuts have them written again
            self.relaxation.write_in_full(cut)
        self.relaxation.add(cuts)

    def settle(self, values: Floats, oracle: Oracle) -> None:
        """Keep what holds the relaxation up at its last point, and write that as cuts."""
        self.relaxation.add(oracle.rewritten(self.relaxation.in_full, self.sizes(values)))
        self.relaxation.drop_slack(values)

    def rows_of(self, cuts: list[Cut]) -> tuple[csr_array, Floats]:
        """Write cuts as rows over the columns, and what each needs at least (MW IT)."""
        return rows_of_cuts(cuts, self.sites, len(self.form.cost), self._columns_of)

    def _columns_of(self, power: Ints) -> Ints:
        """Give the columns of places in `Sizes.power_mw`: sizes, then loads."""
        return np.where(power < self.sites, self.sites, self.first_load - self.sites) + power

    def integer(self, allowed: Ints, unserved_mw_it: Floats, options: Options) -> Program:
        """Give the integer program where only `allowed` sites, and so much unserved, may be."""
        form, n = self.form, self.sites
        upper = form.upper.copy()
        shut = np.setdiff1d(np.arange(n), allowed)
        upper[shut] = upper[n + shut] = 0.0
        upper[2 * n : 2 * n + self.points] = unserved_mw_it
        form = replace(form, upper=upper)
        return self._program(form, options)

    def on_sites(self, built: Ints) -> Program:
        """Give the program over sizes alone, with exactly these sites built."""
        form = self.form
        open_ = np.zeros(self.sites)
        open_[built] = 1.0
        lower, upper, integer = form.lower.copy(), form.upper.copy(), form.integer.copy()
        lower[: self.sites] = upper[: self.sites] = open_
        upper[self.sites : 2 * self.sites] *= open_
        integer[: self.sites] = False
        form = replace(form, lower=lower, upper=upper, integer=integer)
        return self._program(form, self.options)

    def _program(self, form: StandardForm, options: Options) -> Program:
        """Give the program of a form with everything that is known of delivery."""
        form = with_rows(form, *self.rows_of(self.cuts))
        return Program(self.relaxation.with_sets_in_full(form), options, self.clock)

    def sizes(self, values: Floats) -> Sizes:
        """Read a point of the model out of column values."""
        n = self.sites
        most = self.form.upper[2 * n : 2 * n + self.points]
        return Sizes(
            built=np.clip(values[:n], 0, 1),
            mw=np.maximum(values[n : 2 * n], 0),
            unserved_mw_it=np.clip(values[2 * n : 2 * n + self.points], 0, most),
            load_mw=np.maximum(values[self.first_load : len(self.form.cost)], 0),
        )

    def used(self, values: Floats) -> Ints:
        """Give the sites that a point of the relaxation builds at least in part."""
        sizes = self.sizes(values)
        return np.flatnonzero((sizes.built > 1e-7) | (sizes.mw > 1e-7))

    def moved(self, values: Floats, fewer: "Master", old: Ints) -> Floats:
        """Give a point of a master of fewer sites, rows `old` of these, in the columns of this."""
        mine = np.zeros(len(self.form.cost))
        few, m = len(old), self.points
        mine[old], mine[self.sites + old] = values[:few], values[few : 2 * few]
        mine[2 * self.sites : 2 * self.sites + m] = values[2 * few : 2 * few + m]
        theirs = fewer.by_site(values)
        for ours, of_old in zip(self.by_site(mine), theirs, strict=True):
            ours[old] = of_old
        if (projects := self.instance.projects) and fewer.instance.projects:
            places = projects.places_of(fewer.instance.projects, old)
            mine[self.first_project + places] = values[fewer.first_project : fewer.first_more]
        mine[self.first_more : self.first_load] = values[fewer.first_more : fewer.first_load]
        mine[self.first_load :] = self.grown(fewer.sizes(values), fewer, old).load_mw
        return mine

    def by_site(self, values: Floats) -> list[Floats]:
        """Give views of the columns after v that sites have: modules, classes, sizes in each."""
        of_sites = values[2 * self.sites + self.points : self.first_project]
        classes = self.sites * (self.instance.tiers.count if self.instance.tiers else 0)
        modules = len(of_sites) - 2 * classes
        parts = np.split(of_sites, [modules, modules + classes])
        return [part.reshape(self.sites, len(part) // max(1, self.sites)) for part in parts]

    def grown(self, sizes: Sizes, fewer: "Master", old: Ints) -> Sizes:
        """Give sizes of fewer sites, rows `old` of these, with nothing at the others."""
        built, mw = np.zeros(self.sites), np.zeros(self.sites)
        built[old], mw[old] = sizes.built, sizes.mw
        load_mw = self.loads.taken_over(sizes.load_mw, fewer.loads, old, self.instance, mw)
        return Sizes(built=built, mw=mw, unserved_mw_it=sizes.unserved_mw_it, load_mw=load_mw)

    def prices(self, answer: Answer, rows: list[Row]) -> Prices:
        """Read what the relaxation, held up by some rows, pays for demand and for each limit."""
        planners = len(self.form.row_lower)
        by_rule = self.form.by_rule(answer.row_price[:planners])
        of_cuts = answer.row_price[planners:]
        paid = of_demand(self.instance, self.loads, rows, of_cuts, by_rule)
        return Prices.of(self.instance, paid, by_rule)

    def safe(self, bound: float) -> float:
        """Lower a bound by what the solver's tolerances may have added to it."""
        return safe_bound(bound, self.form, self.relaxation.width_of_gifts_mw_it)
