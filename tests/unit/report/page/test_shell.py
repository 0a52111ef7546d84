"""Text that users wrote stays text, and a page may ask for nothing."""

import json
import re
from html.parser import HTMLParser

import pytest

from microdc.placement.store import read_plan
from microdc.report.page.markup import Html, joined, tag
from microdc.report.page.shell import Page, json_in_html, page
from microdc.report.page.write import report_page

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(1)> & \u2028"


class Read(HTMLParser):
    """Every element of a page, and the text of its data."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_text_is_escaped_and_markup_is_kept():
    assert tag("p", "<b>", tag("i", "&")) == "<p>&lt;b&gt;<i>&amp;</i></p>"
    assert tag("a", href='"x"', hidden=True, title=None) == '<a href="&quot;x&quot;" hidden></a>'
    assert joined(None, Html("<hr>"), 1) == "<hr>1"


def test_json_never_ends_the_element_that_holds_it():
    told = json_in_html({"name": EVIL})
    assert "<" not in told
    assert json.loads(told)["name"] == EVIL


def test_names_that_look_like_markup_stay_names():
    text = page(Page(title=EVIL, body=tag("p", EVIL), data={"name": EVIL}))
    assert not [name for name, _ in Read(text).tags if name == "img"]
    assert text.count("<script") == 1


def test_a_page_lets_the_browser_refuse_every_request_and_foreign_script():
    text = page(Page(title="x", body=Html(""), scripts=("base.js",)))
    policy = re.search('Content-Security-Policy" content="([^"]*)"', text)[1]
    assert "default-src 'none'" in policy
    assert policy.count("'sha256-") == 1
    assert "http" not in policy


@pytest.mark.parametrize("name", ["tiny", "tiny-n-1", "tiny-flexible"])
def test_a_report_refers_to_nothing_outside_itself(planned, name):
    plan = read_plan(planned(name))
    text = report_page(plan)
    found = Read(text).tags
    asked = [a[key] for _, a in found for key in ("src", "href", "data") if a.get(key)]
    assert all(link.startswith(("#", "data:")) for link in asked)
    ids = [a["id"] for _, a in found if a.get("id")]
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in asked if link.startswith("#")} <= set(ids)
    assert plan.to_document()["verdict"] in text
