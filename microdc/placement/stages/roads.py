"""The roads of a programme: its stages one after another, a road for each future."""

from microdc.placement.stages.programme import Programme, StagePlan


def roads_of(programme: Programme) -> list[list[StagePlan]]:
    """Give the stages from the first to each end: one road, or one for every future."""
    by_name = {stage.name: stage for stage in programme.stages}
    passed = {stage.before for stage in programme.stages}
    roads = []
    for end in (stage for stage in programme.stages if stage.name not in passed):
        road = [end]
        while (before := road[0].before) is not None:
            road.insert(0, by_name[before])
        roads.append(road)
    return roads
