import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microdc.errors import InputError
from microdc.inputs.tables.cells import selected
from microdc.inputs.tables.where import columns_of, parse_where

TABLE = pd.DataFrame(
    {
        "state": ["TX", "NM", "", "TX"],
        "kind of": ["Primary", "BSP", "Primary", "N/A"],
        "mw": ["5", "12.5", "N/A", "-"],
        "kv": [33, 132, 11, 33],
        "open": [True, False, True, False],
        "day": ["2026-03-31", "2025-12", "", "2026-01-01"],
    }
)


def rows(text):
    return list(TABLE.index[selected(parse_where(text), TABLE.__getitem__)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("state == 'TX'", [0, 3]),
        ('state = "TX"', [0, 3]),
        ("state != 'TX'", [1, 2]),
        ("`kind of` in ('Primary', 'GSP')", [0, 2]),
        ("`kind of` NOT IN ('Primary')", [1, 3]),
        ("mw >= 5", [0, 1]),
        ("mw = 12.5", [1]),
        ("mw is blank", [2, 3]),
        ("mw is not blank and kv < 1e2", [0]),
        ("kv == '33'", [0, 3]),
        ("open = true", [0, 2]),
        ("day >= '2026'", [0, 3]),
        ("not (state == 'TX' or kv > 100)", [2]),
        ("state == 'NM' or state == 'TX' and mw > 4", [0, 1]),
        ("not not state is blank", [2]),
        ("kv > -.5 and kv <= +33.", [0, 2, 3]),
    ],
)
def test_a_condition_selects_the_rows_a_reader_expects(text, expected):
    assert rows(text) == expected


def test_the_columns_of_a_condition_are_listed_once_in_order():
    condition = parse_where("b > 1 and (a == 'x' or not b in (2)) or `c d` is blank")
    assert columns_of(condition) == ["b", "a", "c d"]


@pytest.mark.parametrize(
    "text",
    [
        "@__import__('os').system('true')",
        "__import__('os') == 1",
        "state.str.len() > 2",
        "state == open('/etc/hosts')",
        "state == `kv`",
        "state == TX",
        "'TX' == state",
        "state + 1 == 2",
        "lambda: 0",
        "state == 'TX'; kv > 1",
        "state == 'TX",
        "[x for x in (1, 2)]",
        "state =",
        "state in ()",
        "state in 'TX'",
        "state > 'TX'",
        "1 < kv < 40",
        "state is 'TX'",
        "(state == 'TX'",
        "state == 'TX')",
        "",
        "and",
        "not",
        "kv == 0x10",
        "(" * 4000,
        "not " * 1200 + "kv = 1",
        "kv = 1 or " * 1000 + "kv = 2",
    ],
)
def test_anything_else_is_refused_and_never_run(text):
    with pytest.raises(InputError) as caught:
        parse_where(text, "scenario.yaml", "substations.where")
    (fault,) = caught.value.faults
    assert fault.file == "scenario.yaml"
    assert fault.found


WORDS = ["state", "`kind of`", "and", "or", "not", "in", "is", "blank", "(", ")", ",", "==", "<"]
WORDS += ["'TX'", '"', "`", "1", "-2.5e3", ".", "@", "__class__", "\\", "\n", "é", "\x00", "true"]


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS)).map(" ".join)))
def test_any_text_is_a_condition_or_an_input_error(text):
    try:
        condition = parse_where(text)
    except InputError:
        return
    assert columns_of(condition)


@given(st.lists(st.sampled_from(["state == 'TX'", "kv > 20", "mw is blank"]), min_size=1))
def test_a_condition_and_its_opposite_share_the_rows_between_them(parts):
    text = " and ".join(f"({part})" for part in parts)
    assert sorted(rows(text) + rows(f"not ({text})")) == [0, 1, 2, 3]
