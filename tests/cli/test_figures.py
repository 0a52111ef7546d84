"""`microdc export --to png`: figures beside the plan, which stays a plan."""

import json


def test_figures_of_a_plan_stand_in_its_folder_and_go_with_it(run, tiny):
    assert run("plan", tiny).code == 0
    answer = run("export", "plans/tiny", "--to", "svg", "--json")
    assert answer.code == 0, answer.err
    names = {file.rpartition("/")[2] for file in json.loads(answer.out)["files"]}
    assert names == {"map.svg", "convergence.svg"}
    assert run("verify", "plans/tiny").code == 0
    assert run("plan", tiny, "--force").code == 0  # the folder still holds nothing but a plan's


def test_a_frontier_is_drawn_into_its_folder_and_can_be_made_anew(run, tiny):
    along = ("frontier", tiny, "--x", "sites", "--points", "2")
    assert run(*along).code == 0
    assert run("export", "frontiers/tiny-sites", "--to", "pdf").code == 0
    assert run("export", "frontiers/tiny-sites", "--to", "csv").code == 2
    assert run(*along).code == 0


def test_what_is_neither_plan_nor_frontier_is_not_drawn(run, tiny):
    answer = run("export", tiny, "--to", "png")
    assert answer.code == 3
    assert "Traceback" not in answer.err
