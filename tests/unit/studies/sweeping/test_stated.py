import pytest

from microdc.errors import UsageError
from microdc.studies.sweeping.stated import changed, swept_in


def values(text):
    return swept_in([text])[0].values


def changes(base, *texts):
    return changed(base, [(one, one.values[0]) for one in swept_in(texts)])


def test_values_are_those_of_a_scenario_file():
    assert values("k=4, 5.5,NO,null,true,[5, 10],'7',{type: firm}") == (
        4,
        5.5,
        "NO",
        None,
        True,
        [5, 10],
        "7",
        {"type": "firm"},
    )


def test_plain_letters_are_never_syntax():
    assert values("k=@b,a: b,- a,x #1,*c,!!python/name:os.system") == (
        "@b",
        "a: b",
        "- a",
        "x #1",
        "*c",
        "!!python/name:os.system",
    )


def test_a_comma_in_quotes_or_brackets_separates_nothing():
    assert values("k=state in ('TX', 'OK'),\"state == 'TX', or so\"") == (
        "state in ('TX', 'OK')",
        "state == 'TX', or so",
    )


def test_a_way_leads_through_names_quoted_names_and_entries():
    ways = [one.way for one in swept_in(['a."b.c".d=1', "e[2].f=1", "'g=h'=1"])]
    assert ways == [("a", "b.c", "d"), ("e", 1, "f"), ("g=h",)]


def test_only_the_difference_is_stated():
    base = {"sites": {"min_mw": 5, "max_mw": 20}, "name": "a"}
    told = changes(base, "sites.max_mw=10", "limits.max_sites=3", "sites.pue=null")
    assert told == {"sites": {"max_mw": 10, "pue": None}, "limits": {"max_sites": 3}}


def test_a_list_is_stated_whole_with_each_change_in_it():
    base = {"exclude": [{"path": "a", "buffer_km": 1}, {"path": "b"}]}
    told = changes(base, "exclude[1].buffer_km=2", "exclude[2].buffer_km=3")
    assert told == {"exclude": [{"path": "a", "buffer_km": 2}, {"path": "b", "buffer_km": 3}]}
    assert base["exclude"][0]["buffer_km"] == 1


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["a"], "is not KEY=VALUE"),
        (["=1"], "is not KEY=VALUE"),
        (["a..b=1"], "is not KEY=VALUE"),
        (["a=1,,2"], "a value is empty"),
        (["a=1,1.0"], "given twice"),
        (["a=[1,2"], "a bracket is open"),
        (["a=O'Brien"], "a quote is open"),
        (["a='b' == c"], "goes on after its '"),
        (["a='b' == 'c'"], "is not YAML"),
        (["a=[!!python/name:os.system x]"], "tags are refused"),
        (["a=\x00"], "cannot be printed"),
        (["name=a,b"], "its own name"),
        (["extends=a"], "its own extends"),
        (["a.b=1", "a.b=2"], "is varied already"),
        (["a.b=1", "a={c: 1}"], "is varied already"),
    ],
)
def test_what_makes_no_sense_is_told(texts, says):
    with pytest.raises(UsageError, match=says):
        swept_in(texts)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a[1].b=1", "no list to count in"),
        ("c[3]=1", "2 entries, and none 3"),
        ("c[0]=1", "2 entries, and none 0"),
        ("c.d=1", "there is a list before d"),
    ],
)
def test_a_way_that_does_not_fit_the_base_is_told(text, says):
    with pytest.raises(UsageError, match=says):
        changes({"a": {"b": 2}, "c": [1, 2]}, text)
