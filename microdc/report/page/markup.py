"""HTML and SVG put together so that text from files can only ever be text."""

from html import escape


class Html(str):
    """Markup that is already safe; any other text is escaped where it is put in."""

    __slots__ = ()


_VOID = frozenset({"input", "br", "meta", "link", "rect", "line", "circle", "path", "polyline"})


def tag(name: str, *children: object, **attributes: object) -> Html:
    """
    Give an element; children that are not `Html` are escaped, and so are attributes.

    An attribute's underscores become hyphens, one at its end is dropped (`class_`); True gives it
    without a value, False and None leave it out.
    """
    stated = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID and not children:
        return Html(f"<{name}{stated}/>" if name not in ("input", "br") else f"<{name}{stated}>")
    return Html(f"<{name}{stated}>{joined(*children)}</{name}>")


def joined(*children: object) -> Html:
    """Give elements and texts one after another; None is nothing."""
    return Html("".join(_child(child) for child in children))


def _child(child: object) -> str:
    if child is None:
        return ""
    return child if isinstance(child, Html) else escape(str(child), quote=False)


def _attribute(key: str, value: object) -> str:
    name = key.removesuffix("_").replace("_", "-")
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def section(id_: str, heading: str, *children: object) -> Html:
    """Give a part of the page with its heading."""
    head = tag("h2", heading, id=f"{id_}-heading")
    return tag("section", head, *children, id=id_, aria_labelledby=f"{id_}-heading")


def table(caption: str, columns: tuple[str, ...], rows: list[list[object]]) -> Html:
    """Give a table; columns that begin with `#` hold numbers, and stand to the right."""
    numbers = [name.startswith("#") for name in columns]
    heads = [
        tag("th", name.removeprefix("#"), scope="col", class_="number" if right else None)
        for name, right in zip(columns, numbers, strict=True)
    ]
    body = [
        tag("tr", *(tag("td", cell, class_="number" if right else None)
                    for cell, right in zip(row, numbers, strict=True)))
        for row in rows
    ]  # fmt: skip
    inner = tag("table", tag("caption", caption), tag("thead", tag("tr", *heads)),
                tag("tbody", *body))  # fmt: skip
    return tag("div", inner, class_="scrolls", tabindex="0", role="region", aria_label=caption)


def items(texts: list[str]) -> Html:
    """Give a list of sentences."""
    return tag("ul", *(tag("li", text) for text in texts))
