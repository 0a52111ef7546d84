"""Promises on alternatives: they leave out what they say of the fleets before them."""

from collections.abc import Iterator

from microdc.placement.verify.facts import Facts, Promise, told


def alternatives_differ(facts: Facts) -> list[str]:
    """An alternative leaves out the stated number of sites of each fleet that it names."""
    return told(_as_before(facts))


def _as_before(facts: Facts) -> Iterator[str]:
    alternative, rows = facts.document.alternative, facts.substations
    if alternative is None:
        return
    new = set(rows.index[rows["existing_mw"] == 0]) - set(facts.scenario.limits.force)
    for number, fleet in enumerate(alternative.fleets, start=1):
        if len(set(fleet)) < len(fleet) or not new.issuperset(fleet):
            yield f"fleet {number}: names what is no new site, or one twice"
        left_out = len(set(fleet) - set(facts.sites.index))
        if left_out < alternative.leaves_out:
            yield (
                f"fleet {number}: {left_out} of its sites are left out, "
                f"stated are {alternative.leaves_out}"
            )


PROMISES: tuple[Promise, ...] = (alternatives_differ,)
