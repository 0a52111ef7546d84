for (const button of document.querySelectorAll("th button")) {
  button.addEventListener("click", () => {
    const heading = button.parentElement, row = heading.parentElement;
    const column = [...row.children].indexOf(heading);
    const way = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    for (const other of row.children) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", way > 0 ? "ascending" : "descending");
    const compare = (a, b) => {
      const [x, y] = [a.cells[column], b.cells[column]];
      const [p, q] = [x.dataset.value, y.dataset.value];
      if (p !== undefined && q !== undefined) return way * (Number(p) - Number(q));
      if (p !== undefined || q !== undefined) return p !== undefined ? -1 : 1;  // nothing: last
      return way * x.textContent.localeCompare(y.textContent);
    };
    const body = heading.closest("table").tBodies[0];
    body.append(...[...body.rows].sort(compare));
  });
}
