// The card of a site: size, cost, load, whom it serves, why it is there, what limits it.
const MOST_SERVED = 12;

function pairs(rows) {
  const told = rows.filter(([, value]) => value !== null && value !== undefined);
  return el("dl", {}, ...told.map(([what, value]) => el("div", {}, el("dt", {}, what), el("dd", {}, value))));
}

function costsOf(host) {
  const items = Object.entries(host.cost_mn_yr).filter(([, mn]) => mn);
  const total = sum(items.map(([, mn]) => mn));
  const rows = [...items, ["together", total]].map(([item, mn]) => [item, number(mn, 3)]);
  return [el("h4", {}, `Cost, M ${plan.currency} a year`), pairs(rows)];
}

function figuresOf(host) {
  const site = host.kind === "site";
  return pairs([
    [site ? "connection" : "reserved", site ? `${number(host.mw, 2)} MW` : `${number(host.mw, 2)} of ${number(host.capacity_mw_it, 1)} MW IT`],
    ["stood already", host.existing_mw ? `${number(host.existing_mw, 2)} MW` : null],
    ["project", host.project ? `that of ${host.project}` : null],
    ["size class", host.tier || null],
    ["connected at", typeof host.connection_kv === "number" ? `${number(host.connection_kv, 0)} kV` : null],
    ["time to power", typeof host.months === "number" ? `${number(host.months, 0)} months` : null],
    ["load", site ? `${number(host.load_mw, 2)} MW, ${number(host.load_mw_it, 2)} MW IT` : `${number(host.load_mw_it, 2)} MW IT`],
    ["utilisation", site ? percent(host.utilisation, 1) : null],
    ["worst round trip", host.worst_rtt_ms === null ? null : `${number(host.worst_rtt_ms)} ms`],
    ["mean round trip", host.mean_rtt_ms === null ? null : `${number(host.mean_rtt_ms)} ms`],
    ["headroom of its substation", site && host.headroom_mw !== null ? `${number(host.headroom_mw, 2)} MW` : null],
    ["how that was computed", host.arithmetic || null],
    ["substation", site && host.substation !== host.id ? host.substation : null],
    ["feeder", host.feeder_km ? `${number(host.feeder_km, 1)} km` : null],
    ["fibre", host.fibre_km ? `${number(host.fibre_km, 1)} km` : null],
    ["lost when it is out", host.lost_mw_it_when_out === null ? null : `${number(host.lost_mw_it_when_out, 2)} MW IT`],
    ["firm", typeof host.firm_mw === "number" ? `${number(host.firm_mw, 2)} MW` : null],
    ["curtailed", typeof host.curtailed_h_per_yr === "number" ? `${number(host.curtailed_h_per_yr, 0)} h a year, ${number(host.curtailed_mwh_per_mw_yr, 1)} MWh a year for each MW` : null],
  ]);
}

function limitOf(limit) {
  if (limit.limit_mw === null) return el("li", {}, `${limit.name}: no limit stated`);
  const price = limit.price_mn_per_mw_yr ? `; the proof of the bound prices a MW of it at ${number(limit.price_mn_per_mw_yr, 3)} M ${plan.currency} a year` : "";
  const text = `${limit.name}: ${number(limit.used_mw, 1)} of ${number(limit.limit_mw, 1)} MW used${price}`;
  return el("li", limit.full ? { class: "full" } : {}, limit.full ? `${text} \u2013 full: this limit binds` : text);
}

function pathOf(host) {
  if (!host.path.length) return [];
  return [el("h4", {}, "Limits above it, nearest first"), el("ul", {}, ...host.path.map(limitOf))];
}

function servedBy(row) {
  const rows = rowsOfHost[row].slice().sort((a, b) => service.mw_it[b] - service.mw_it[a]);
  const names = rows.slice(0, MOST_SERVED).map((k) => {
    const klass = plan.classes[service.class[k]];
    return el("li", {}, `${plan.places.name[service.place[k]]}, ${klass.name}: ${number(service.mw_it[k])} MW IT in ${number(service.rtt_ms[k])} of ${number(klass.bound_ms, 1)} ms`);
  });
  const more = rows.length - names.length;
  if (more > 0) names.push(el("li", {}, `and ${number(more, 0)} more`));
  const count = new Set(rows.map((k) => service.place[k])).size;
  const only = el("button", { type: "button", onclick: () => filterService(plan.hosts[row].name) }, "Only these in the table");
  return [el("h4", {}, `Serves ${number(count, 0)} place(s), ${number(mwOf(rows))} MW IT`), el("ul", {}, ...names), only];
}

function showCard() {
  const card = byId("card");
  byId("site-choice").value = state.host === null ? "" : state.host;
  if (state.bottleneck !== null) {
    card.replaceChildren(...bottleneckCard(state.bottleneck));
    return;
  }
  if (state.host === null) {
    card.replaceChildren(el("p", { class: "note" }, "Choose a site here, on the map or in the table."));
    return;
  }
  const host = plan.hosts[state.host];
  const what = host.kind === "hub" ? "hub" : host.existing_mw ? "existing site" : "new site";
  const where = [fateOf(host) || what, host.state, host.id].filter(Boolean).join(" \u00b7 ");
  const why = host.why.length ? [el("h4", {}, "Why it is there, and so large"), el("ul", {}, ...host.why.map((text) => el("li", {}, text)))] : [];
  const close = el("button", { type: "button", id: "close-card", onclick: () => look({ host: null }) }, "Close");
  const zoom = el("button", { type: "button", onclick: () => map.setView([host.lat, host.lon], Math.max(map.getZoom(), 9)) }, "Zoom to it");
  card.replaceChildren(
    el("h3", { id: "card-name" }, host.name), el("p", { class: "note" }, where), figuresOf(host),
    ...why, ...pathOf(host), ...costsOf(host), ...servedBy(state.host), el("p", {}, zoom, " ", close)
  );
}

function fillChooser() {
  const order = plan.hosts.map((_, row) => row).sort((a, b) => plan.hosts[a].name.localeCompare(plan.hosts[b].name));
  byId("site-choice").replaceChildren(
    el("option", { value: "" }, "none chosen"),
    ...order.map((row) => el("option", { value: row }, `${plan.hosts[row].name}, ${number(plan.hosts[row].mw, 1)} MW`))
  );
  byId("site-choice").onchange = (event) => {
    const chosen = event.target.value;
    look({ host: chosen === "" ? null : Number(chosen) });
    if (chosen !== "") map.panTo([plan.hosts[state.host].lat, plan.hosts[state.host].lon], { animate: false });
  };
}
