// Tables that sort and filter; what their filters leave is what the map shows.
const AT_ONCE = 100;

// Fill a listing with rows; `columns` have `name`, `value` of a row, and `digits` where it is a number.
function listing(id, columns, rows, { pick, changed, also }) {
  const words = byId(`${id}-filter`);
  const view = { column: null, down: false, most: AT_ONCE, left: rows };
  const texts = new Map(); // what a row says, once it was asked for

  function shown(column, row) {
    const value = column.value(row);
    if (value === null) return NONE;
    return column.digits === undefined ? String(value) : number(value, column.digits);
  }

  function textOf(row) {
    if (!texts.has(row)) texts.set(row, columns.map((c) => shown(c, row)).join(" ").toLowerCase());
    return texts.get(row);
  }

  function compare(a, b) {
    const [one, other] = [view.column.value(a), view.column.value(b)];
    if (one === null || other === null) return (one === null) - (other === null); // nothing comes last
    const order = view.column.digits === undefined ? String(one).localeCompare(String(other)) : one - other;
    return view.down ? -order : order;
  }

  function head(column) {
    const mine = view.column === column;
    const sort = mine ? (view.down ? "descending" : "ascending") : "none";
    const mark = mine ? (view.down ? " \u25bc" : " \u25b2") : "";
    const button = el("button", { type: "button", "data-column": column.name }, column.name + mark);
    button.addEventListener("click", () => {
      view.down = mine ? !view.down : column.digits !== undefined;
      view.column = column;
      draw();
      byId(`${id}-rows`).querySelector(`[data-column="${column.name}"]`).focus();
    });
    return el("th", { scope: "col", "aria-sort": sort, class: column.digits === undefined ? null : "number" }, button);
  }

  function cell(column, row, first) {
    const text = shown(column, row);
    if (first && pick(row) !== null) {
      return el("td", {}, el("button", { type: "button", class: "link", onclick: () => look({ host: pick(row) }) }, text));
    }
    return el("td", column.digits === undefined ? {} : { class: "number" }, text);
  }

  function draw() {
    const order = view.column ? view.left.slice().sort(compare) : view.left;
    const body = order.slice(0, view.most).map((row) =>
      el("tr", pick(row) === state.host && state.host !== null && id === "sites" ? { class: "chosen" } : {}, ...columns.map((c, k) => cell(c, row, k === 0)))
    );
    const table = el("table", {}, el("caption", { class: "hidden" }, id), el("thead", {}, el("tr", {}, ...columns.map(head))), el("tbody", {}, ...body));
    const more = order.length - body.length;
    const button = el("button", { type: "button", onclick: () => { view.most += 10 * AT_ONCE; draw(); } }, `Show more (${number(more, 0)} left)`);
    byId(`${id}-rows`).replaceChildren(table, ...(more > 0 ? [button] : []));
    byId(`${id}-count`).textContent = `${number(view.left.length, 0)} of ${number(rows.length, 0)} rows`;
  }

  function filter() {
    const asked = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    view.left = rows.filter((row) => asked.every((word) => textOf(row).includes(word)) && (!also || also(row)));
    view.most = AT_ONCE;
    draw();
    changed(view.left.length === rows.length ? null : new Set(view.left));
  }

  words.oninput = filter; // one listener, however often the listing is filled anew
  byId(`${id}-clear`).onclick = () => {
    words.value = "";
    if (byId("only-unserved") && id === "service") byId("only-unserved").checked = false;
    filter();
  };
  filter();
  return { filter, draw };
}

const hostName = (row) => (row === UNSERVED ? "unserved" : plan.hosts[row].name);

function siteColumns() {
  const of = (name, key, digits) => ({ name, digits, value: (row) => plan.hosts[row][key] ?? null });
  const withHubs = plan.hosts.some((host) => host.kind === "hub");
  const withState = plan.hosts.some((host) => host.state);
  const withFate = plan.hosts.some((host) => host.fate);
  return [
    of(withHubs ? "site or hub" : "site", "name"),
    of("id", "id"),
    ...(withState ? [of("state", "state")] : []),
    ...(withFate ? [{ name: "in this stage", value: (row) => FATES[plan.hosts[row].fate] ?? null }] : []),
    of(withHubs ? "MW (hubs: MW IT)" : "MW", "mw", 2),
    of("load MW IT", "load_mw_it", 2),
    { name: "utilisation %", digits: 1, value: (row) => (typeof plan.hosts[row].utilisation === "number" ? 100 * plan.hosts[row].utilisation : null) },
    of("worst ms", "worst_rtt_ms", 2),
    { name: "places", digits: 0, value: (row) => new Set(rowsOfHost[row].map((k) => service.place[k])).size },
    { name: `M ${plan.currency} a year`, digits: 3, value: (row) => sum(Object.values(plan.hosts[row].cost_mn_yr)) },
  ];
}

function serviceColumns() {
  const bound = (row) => plan.classes[service.class[row]].bound_ms;
  return [
    { name: "place", value: (row) => plan.places.name[service.place[row]] },
    { name: "class", value: (row) => plan.classes[service.class[row]].name },
    { name: "from", value: (row) => hostName(service.host[row]) },
    { name: "MW IT", digits: 3, value: (row) => service.mw_it[row] },
    { name: "ms", digits: 2, value: (row) => service.rtt_ms[row] },
    { name: "bound ms", digits: 1, value: bound },
    { name: "to spare ms", digits: 2, value: (row) => (service.rtt_ms[row] === null ? null : bound(row) - service.rtt_ms[row]) },
  ];
}

let listings = {};
function fillTables() {
  const everyHost = plan.hosts.map((_, row) => row);
  const everyRow = service.place.map((_, row) => row);
  const unserved = byId("only-unserved");
  listings = {
    sites: listing("sites", siteColumns(), everyHost, { pick: (row) => row, changed: (hosts) => look({ hosts }) }),
    service: listing("service", serviceColumns(), everyRow, {
      pick: (row) => (service.host[row] === UNSERVED ? null : service.host[row]),
      changed: (rows) => look({ rows }),
      also: (row) => !unserved.checked || service.host[row] === UNSERVED,
    }),
  };
  unserved.onchange = listings.service.filter;
}

function filterService(text) {
  byId("service-filter").value = text;
  listings.service.filter();
  byId("service-filter").focus();
}
