"""What a notebook shows of a plan."""

from html import escape

import pandas as pd

from microdc.placement.plan import Plan
from microdc.placement.verdict import verdict
from microdc.report.export.layers import sites_table
from microdc.report.notebook.sketch import sketch
from microdc.report.words import number

_MOST_ROWS = 12
_COLUMNS = {
    "mw": ("MW", 1),
    "load_mw": ("load MW", 1),
    "worst_rtt_ms": ("worst ms", 2),
    "cost_mn_yr": ("M {currency} a year", 2),
}


def page(plan: Plan) -> str:
    """Give a plan's verdict, its largest sites and a map of it, as HTML that asks for nothing."""
    said = escape(verdict(plan.to_document()))
    return f"<div><p>{said}</p>\n{sketch(plan)}\n{_table(plan)}</div>"


def _table(plan: Plan) -> str:
    sites = sites_table(plan).sort_values("mw", ascending=False, kind="stable")
    titles = [title.format(currency=plan.currency) for title, _ in _COLUMNS.values()]
    head = "".join(f"<th>{escape(title)}</th>" for title in ("site", *titles))
    rows = "\n".join(_row(row) for _, row in sites.head(_MOST_ROWS).iterrows())
    more = len(sites) - _MOST_ROWS
    rest = f"<p>and {more} more sites: <code>.sites</code> has them all</p>" if more > 0 else ""
    return (
        f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>{rest}"
        f"<p><small>{escape('; '.join(plan.attributions))}</small></p>"
    )


def _row(row: "pd.Series[float]") -> str:
    named = escape(" ".join(dict.fromkeys([str(row["id"]), str(row["name"])])))
    told = [number(float(row[column]), digits) for column, (_, digits) in _COLUMNS.items()]
    return f"<tr><td>{named}</td>{''.join(f'<td>{cell}</td>' for cell in told)}</tr>"
