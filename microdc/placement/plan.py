"""A finished plan: what is built, who is served from where, what it costs and how good it is."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from microdc.inputs.costs import annuity_factor, connection_assumptions
from microdc.inputs.region import Region
from microdc.placement.certificate import Certificate, certify, status_of, with_own_mean
from microdc.placement.hours.account import Account, account_of_hours
from microdc.placement.hours.statement import HourlyService
from microdc.placement.outages.replay import replay_outages
from microdc.placement.outages.statement import Outages
from microdc.placement.parts.alternative import Alternative
from microdc.placement.parts.classes import classes_of
from microdc.placement.parts.hosts import (
    CAPITAL_ITEMS,
    HUB_COLUMNS,
    SITE_COLUMNS,
    SITE_ITEMS,
    hubs_of,
    sites_of,
)
from microdc.placement.parts.of_stage import OfStage
from microdc.placement.parts.over_promise import OverPromise, over_promise
from microdc.placement.parts.records import records
from microdc.placement.provenance import attributions, provenance
from microdc.placement.verdict import verdict, what_may_be_out
from microdc.placement.verify.document import DemandPrices, HourTables
from microdc.scenario import Assumption, Scenario, assumptions
from microdc.scenario.parts.objective import words
from microdc.solve.outcome import Outcome

FORMAT = 1

NOT_CHECKED = (
    "Power: thermal headroom only; no voltage, feeder, protection or fault level.",
    "Land title, planning permission and permits.",
    "The connection queue, and capacity promised to others since the tables were published.",
    "Computers are not in the cost; neither are staff, taxes and decommissioning.",
    "{outages}",
    "That cables follow the stated route factor, and that networks interconnect near the site.",
)
OF_HOURS = "Years with other hours than the profiles', and how fast service moves between hours."
NO_OUTAGES = "Outages of sites or of the grid, unless the scenario asks for them."

ITEMS = (*SITE_ITEMS, "hubs", "latency", "pairs", "unserved")
EXCLUDED_COLUMNS = ("id", "name", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """
    A plan as it is written to `plan.json`, `service.parquet` and the tables of prices.

    sites
        One row per site, by `id`: position, `mw` (grid) and, of them, `existing_mw`; the `tier` of
        its size, with its `connection_kv` and `months`, and the `project` that it belongs to, the
        id of the site at its centre (none: none); `load_mw`, `load_mw_it`, `utilisation`, `pue`,
        the `racks` and `gpus` that the connection feeds,
        `parents` (ids upwards), `substation` (id: its own, or the one that feeds its parcel) with
        `headroom_mw` and `arithmetic`, `feeder_km`, `fibre_km`, worst and mean round trip (ms),
        `lost_mw_it_when_out` (MW IT; NaN where no outage is to be survived), what is firm of it and
        how it is curtailed (`firm_mw`, `curtailed_h_per_yr`, `curtailed_mwh_per_mw_yr`; NaN where
        demand has no hours), and each cost item in millions a year, of an existing site for what is
        added to it. With hours, its load is the most in any of them.
    hubs
        One row per hub, by `id`: position, `capacity_mw_it`, reserved `mw_it` (0: not used),
        `load_mw_it`, round trips (ms), `lost_mw_it_when_out`, price (millions per MW IT and year)
        and `reserve_mn_yr`.
    services
        One row per class: bound, demand, what is served and what is out of reach (MW IT), round
        trips (ms), what is served in `load_mw` (grid, at sites: hubs sell MW IT), `racks`, `gpus`,
        `queries_per_s` and `tokens_per_s` (None: nothing tells), price of its round trips, of
        its pairs and of the unserved (millions a year).
    service
        `place` (id), `service`, `site` (id of a site or hub; None: unserved), `mw_it`, `rtt_ms`;
        and, for maps, `name`, `lat`, `lon` of the place. Where demand has hours: at its peak, from
        home.
    prices
        The prices of demand that prove the bound; None for the textbook model.
    outages
        What is lost in the outages that the plan is to survive; None: it is to survive none.
    hours
        The hours in which service is promised; None: demand has none.
    excluded
        `id`, `name` and `reason` of each candidate that an excluded area rules out, and of each
        parcel that no substation feeds.
    provenance
        Versions, settings, and the absolute path and hash of each input.
    most_mean_rtt_ms
        Limit on the mean round trip (ms); None: none.
    alternative
        From which fleets this one was to differ; None: from none.
    stage
        Which stage of a programme it is; None: of none.
    """

    name: str
    objective: str
    currency: str
    price_year: int
    status: str
    certificate: Certificate
    cost_mn_yr: dict[str, float]
    capital_mn: float
    sites: pd.DataFrame
    hubs: pd.DataFrame
    services: pd.DataFrame
    service: pd.DataFrame
    prices: DemandPrices | None
    over_promise: OverPromise
    outages: Outages | None
    hours: HourlyService | None
    excluded: pd.DataFrame
    assumptions: tuple[Assumption, ...]
    warnings: tuple[str, ...]
    attributions: tuple[str, ...]
    provenance: dict[str, Any]
    most_mean_rtt_ms: float | None = None
    alternative: Alternative | None = None
    stage: OfStage | None = None

    @property
    def hosts(self) -> pd.DataFrame:
        """Whoever may serve a place, sites before hubs, by `id`: `name`, `lat`, `lon`."""
        tables = [table for table in (self.sites, self.hubs) if len(table)] or [self.sites]
        return pd.concat([table[["name", "lat", "lon"]] for table in tables])

    @property
    def not_checked(self) -> list[str]:
        """What the plan says nothing about, each a sentence."""
        outages = NO_OUTAGES
        if self.outages is not None:
            survived = what_may_be_out(self.outages.survive, self.outages.at_once)
            outages = f"Outages beyond {survived}, and how fast service moves over when one comes."
        lines = [line.format(outages=outages) for line in NOT_CHECKED]
        return [*lines, OF_HOURS] if self.hours is not None else lines

    @classmethod
    def from_document(
        cls,
        document: dict[str, Any],
        service: pd.DataFrame,
        prices: DemandPrices | None,
        by_hour: HourTables | None = None,
    ) -> "Plan":
        """Give the plan that a document and the tables beside it state."""
        same = ("name", "objective", "currency", "price_year", "status", "cost_mn_yr", "capital_mn")
        sites = pd.DataFrame(document["sites"], columns=SITE_COLUMNS).set_index("id")
        hubs = pd.DataFrame(document["hubs"], columns=HUB_COLUMNS).set_index("id")
        outages, hours = document.get("outages"), document.get("hours")
        return cls(
            **{key: document[key] for key in (*same, "provenance")},
            certificate=Certificate.from_document(document["certificate"]),
            sites=sites,
            hubs=hubs,
            services=pd.DataFrame(document["services"]),
            service=service,
            prices=prices,
            over_promise=OverPromise.from_document(document["over_promise"]),
            outages=Outages.from_document(outages) if outages else None,
            hours=HourlyService.from_document(hours, by_hour) if hours and by_hour else None,
            excluded=pd.DataFrame(document["excluded"], columns=EXCLUDED_COLUMNS),
            assumptions=tuple(Assumption(**record) for record in document["assumptions"]),
            warnings=tuple(document["warnings"]),
            attributions=tuple(document["attributions"]),
            most_mean_rtt_ms=document.get("most_mean_rtt_ms"),
            alternative=Alternative(**told) if (told := document.get("alternative")) else None,
            stage=OfStage(**told) if (told := document.get("stage")) else None,
        )

    def to_document(self) -> dict[str, Any]:
        """Give what `plan.json` holds, with paths as they are."""
        document = {
            "format": FORMAT,
            "name": self.name,
            "objective": self.objective,
            "currency": self.currency,
            "price_year": self.price_year,
            "status": self.status,
            "verdict": "",
            "certificate": asdict(self.certificate),
            "alternative": asdict(self.alternative) if self.alternative else None,
            "stage": asdict(self.stage) if self.stage else None,
            "most_mean_rtt_ms": self.most_mean_rtt_ms,
            "cost_mn_yr": self.cost_mn_yr,
            "capital_mn": self.capital_mn,
            "sites": records(self.sites.reset_index()),
            "hubs": records(self.hubs.reset_index()),
            "services": records(self.services),
            "over_promise": self.over_promise.to_document(),
            "outages": self.outages.to_document() if self.outages else None,
            "hours": self.hours.to_document() if self.hours else None,
            "excluded": records(self.excluded),
            "assumptions": [asdict(assumption) for assumption in self.assumptions],
            "not_checked": self.not_checked,
            "warnings": list(self.warnings),
            "attributions": list(self.attributions),
            "provenance": self.provenance,
        }
        return {**document, "verdict": verdict(document)}


def make_plan(
    scenario: Scenario,
    region: Region,
    outcome: Outcome,
    service: pd.DataFrame,
    out_of_reach_mw_it: Mapping[str, float],
    warnings: tuple[str, ...],
) -> Plan:
    """
    Work out everything that a plan states, from its sizes and its service alone.

    Cost is never read from the solver; `service` has `place`, `service`, `site` (None: unserved),
    `mw_it` and `rtt_ms`; `out_of_reach_mw_it` is what of each class is beyond everyone's reach.
    """
    sizes_mw, at_hub = outcome.sizes_mw, outcome.sizes_mw.index.isin(region.hubs.index)
    account = account_of_hours(scenario, region, sizes_mw, service)
    service = _placed(region, account.service if account else service)
    outages, lost_mw_it = replay_outages(scenario, region, sizes_mw, service)
    by_host = _by_host(account, lost_mw_it, sizes_mw.index)
    sites = sites_of(scenario, region, sizes_mw[~at_hub], outcome.projects, service, by_host)
    hubs = hubs_of(region, sizes_mw[at_hub], service, by_host)
    services = classes_of(scenario, region, service, out_of_reach_mw_it)
    cost = _cost_mn_yr(scenario, sites, hubs, services)
    certificate = certify(scenario, with_own_mean(outcome, services), sum(cost.values()), service)
    per_year, grown_mw = annuity_factor(scenario.costs.annuity), sites["mw"] - sites["existing_mw"]
    return Plan(
        name=scenario.name,
        objective=words(scenario.objective),
        currency=scenario.currency,
        price_year=scenario.price_year,
        status=status_of(outcome, certificate),
        certificate=certificate,
        cost_mn_yr=cost,
        capital_mn=sum(cost[item] for item in CAPITAL_ITEMS) / per_year,
        sites=sites,
        hubs=hubs,
        services=services,
        service=service,
        prices=_prices(outcome),
        over_promise=over_promise(region, scenario.sites.min_mw, grown_mw),
        outages=outages,
        hours=account.hours if account else None,
        excluded=_excluded(region),
        assumptions=(*assumptions(scenario), *_connections(scenario, region, sites)),
        warnings=(*region.warnings, *warnings),
        attributions=tuple(attributions(region)),
        provenance=provenance(scenario, region),
        most_mean_rtt_ms=scenario.limits.mean_rtt_ms,
    )


def _by_host(
    account: Account | None, lost_mw_it: "pd.Series[float]", hosts: pd.Index
) -> pd.DataFrame:
    by_hour = account.by_host if account else pd.DataFrame()
    return by_hour.reindex(hosts).assign(lost_mw_it_when_out=lost_mw_it)


def _prices(outcome: Outcome) -> DemandPrices | None:
    if (proof := outcome.proof) is None:
        return None
    return DemandPrices(points=proof.points, needed=proof.needed, held_hours=proof.held_hours)


def _cost_mn_yr(
    scenario: Scenario, sites: pd.DataFrame, hubs: pd.DataFrame, services: pd.DataFrame
) -> dict[str, float]:
    """Add up each cost item (millions a year); latency and pairs are some where they cost."""
    cost = {item: float(sites[f"{item}_mn_yr"].sum()) for item in SITE_ITEMS}
    cost["hubs"] = float(hubs["reserve_mn_yr"].sum())
    if any(stated.rtt_price for stated in scenario.services.values()):
        cost["latency"] = float(services["latency_mn_yr"].sum())
    if scenario.pair_prices is not None:
        cost["pairs"] = float(services["pairs_mn_yr"].sum())
    cost["unserved"] = float(services["unserved_mn_yr"].sum())
    return cost


def _connections(scenario: Scenario, region: Region, sites: pd.DataFrame) -> tuple[Assumption, ...]:
    """Give the prices of connections by voltage on which new sites rest."""
    new = sites[sites["existing_mw"] == 0]
    return tuple(connection_assumptions(region.substations.loc[new.index], scenario, new["mw"]))


def _placed(region: Region, service: pd.DataFrame) -> pd.DataFrame:
    """Add each place's name and position."""
    places = region.demand.drop_duplicates("place")[["place", "name", "lat", "lon"]]
    return service.merge(places, on="place", how="left", validate="many_to_one")


def _excluded(region: Region) -> pd.DataFrame:
    rows = region.substations[region.substations["excluded"].notna()]
    named = rows.rename_axis("id").reset_index().rename(columns={"excluded": "reason"})
    return named[list(EXCLUDED_COLUMNS)]
