// The map: land, candidates, demand by how much of its bound it uses, service lines, sites.
const NEAR = 0.5; // shares of the bound at which the colour changes
const FAR = 0.8;
const MOST_LINES = 20000;
const MANY = 3000; // candidates beyond this would hide the plan: they are drawn paler

const map = L.map("map", { zoomSnap: 0.25, minZoom: 1, maxZoom: 17, attributionControl: true });
map.attributionControl.setPrefix("Leaflet");
map.attributionControl.addAttribution("Natural Earth, US Census Bureau");
map.scrollWheelZoom.disable(); // until the map is in use, the wheel moves the page
map.on("focus", () => map.scrollWheelZoom.enable()).on("blur", () => map.scrollWheelZoom.disable());
map.createPane("land").style.zIndex = 250;
const onTop = L.canvas({ padding: 0.3, tolerance: 4 });
const below = L.canvas({ padding: 0.5, pane: "land" });
const drawn = Object.fromEntries(
  ["areas", "lines", "candidates", "places", "sites", "moved"].map((name) => [name, L.featureGroup().addTo(map)])
);
const land = L.featureGroup().addTo(map);

// Give a colour of the page's style as the canvas needs it, in the dress of the moment.
function colour(name) {
  const probe = byId("map");
  probe.style.outlineColor = `var(--${name})`;
  return getComputedStyle(probe).outlineColor;
}

let ink = {};
function takeColours() {
  const names = ["site", "hub", "site-edge", "candidate", "near", "mid", "far", "unserved", "moved", "land", "border"];
  ink = Object.fromEntries(names.map((name) => [name, colour(name)]));
}

function ringsOf(layer, steps) {
  const lines = layer.arcs.map((arc) => {
    const line = [];
    for (let k = 0, lon = 0, lat = 0; k < arc.length; k += 2) {
      lon += arc[k];
      lat += arc[k + 1];
      line.push([lat / steps, lon / steps]);
    }
    return line;
  });
  const walked = (arc) => (arc >= 0 ? lines[arc] : lines[~arc].slice().reverse());
  return layer.rings.map((ring) => ring.flatMap((arc, k) => (k ? walked(arc).slice(1) : walked(arc))));
}

// The states have finer borders than the country that they make up: they are drawn over it.
function drawLand() {
  const outlines = read("outlines");
  const common = { renderer: below, pane: "land", interactive: false, smoothFactor: 1.5, fillOpacity: 1 };
  const weights = { countries: 1, covered: 0, states: 0.8 };
  for (const [name, weight] of Object.entries(weights)) {
    const rings = ringsOf(outlines[name], outlines.steps_per_degree).map((ring) => [ring]);
    L.polygon(rings, { ...common, weight, stroke: weight > 0 }).addTo(land);
  }
}

const scaleOf = (used) => (used <= NEAR ? "near" : used <= FAR ? "mid" : "far");

// Give the end of a line that lies nearest to its other end, also over the antimeridian.
function ends(place, host) {
  const here = [plan.places.lat[place], plan.places.lon[place]];
  const site = plan.hosts[host];
  const turn = Math.abs(site.lon - here[1]) > 180 ? Math.sign(here[1] - site.lon) * 360 : 0;
  return [here, [site.lat, site.lon + turn]];
}

function line(place, host, style) {
  return L.polyline(ends(place, host), { renderer: onTop, interactive: false, ...style });
}

// Dots shrink where the map shows much of a continent, or they would hide one another.
const scaleNow = () => Math.min(1, Math.max(0.35, (map.getZoom() - 1.5) / 4.5));

function dot(at, radius, style, about) {
  return L.circleMarker(at, { renderer: onTop, whole: radius, radius: radius * scaleNow(), about, ...style });
}

function rescale() {
  for (const name of ["candidates", "places", "sites"]) {
    drawn[name].eachLayer((layer) => layer.setRadius(layer.options.whole * scaleNow()));
  }
}
map.on("zoomend", rescale);

function serviceLine(row) {
  const weight = 1 + Math.sqrt(service.mw_it[row]) / 2;
  const style = { color: ink[scaleOf(usedOf(row))], weight, opacity: 0.75 };
  return line(service.place[row], service.host[row], style);
}

function drawLines(rows) {
  drawn.lines.clearLayers();
  const served = rows.filter((row) => service.host[row] !== UNSERVED).slice(0, MOST_LINES);
  served.forEach((row) => serviceLine(row).addTo(drawn.lines));
  drawn.lines.bringToBack();
  byId("map").dataset.lines = served.length;
}

// Draw the lines that are asked for: all of them, those of the chosen site, or those pointed at.
function followLines(rows) {
  const all = byId("show-lines").checked ? service.place.map((_, row) => row) : [];
  const chosen = state.host === null ? [] : rowsOfHost[state.host];
  drawLines([...new Set([...all, ...chosen, ...(rows || [])])].filter(isShown));
}

function drawCandidates() {
  drawn.candidates.clearLayers();
  const known = plan.candidates;
  const shown = known && byId("show-candidates").checked ? known.id : [];
  shown.forEach((_, k) => {
    const at = [known.lat[k], known.lon[k]];
    const style = { weight: scaleNow(), opacity: shown.length > MANY ? 0.4 : 1, color: ink.candidate, ...(known.closed[k] ? { dashArray: "1.5 2.5", fillOpacity: 0 } : { fillOpacity: 0.25 }) };
    dot(at, 1 + Math.sqrt(known.mw[k]) / 2, style, { candidate: k }).addTo(drawn.candidates);
  });
  byId("map").dataset.candidates = shown.length;
}

// Say how a place stands: the largest share of a bound that is used, and what is unserved (MW IT).
function standing(rows) {
  const used = rows.map(usedOf).filter((share) => share !== null);
  const short = mwOf(rows.filter((row) => service.host[row] === UNSERVED));
  return { used: used.length ? Math.max(...used) : null, short };
}

function placeStyle(rows) {
  const { used, short } = standing(rows);
  const radius = Math.min(9, 2 + Math.sqrt(mwOf(rows)) * 0.8);
  const name = used === null ? "unserved" : scaleOf(used);
  if (short > 0) return { radius: radius + 1, color: ink.unserved, weight: 2.5, fillColor: ink[name], fillOpacity: used === null ? 0 : 0.8 };
  return { radius, color: ink[name], weight: 0.5, fillColor: ink[name], fillOpacity: 0.8 };
}

function drawPlaces() {
  drawn.places.clearLayers();
  let count = 0;
  rowsOfPlace.forEach((all, place) => {
    const rows = byId("show-places").checked ? all.filter(isShown) : [];
    if (!rows.length) return;
    count += 1;
    const at = [plan.places.lat[place], plan.places.lon[place]];
    const { radius, ...style } = placeStyle(rows);
    dot(at, radius, style, { place }).addTo(drawn.places);
  });
  byId("map").dataset.places = count;
}

function siteStyle(row) {
  const host = plan.hosts[row];
  const outage = state.outage ? plan.outages[state.outage - 1] : null;
  const radius = 3 + Math.sqrt(host.mw) * 1.4;
  if (outage && (outage.out || []).includes(row)) {
    return { radius, color: ink.unserved, weight: 3, dashArray: "3 3", fillOpacity: 0 };
  }
  const chosen = row === state.host;
  const fillColor = host.kind === "hub" ? ink.hub : ink.site;
  return { radius: chosen ? radius + 2 : radius, color: chosen ? ink.moved : ink["site-edge"], weight: chosen ? 4 : 1.5, fillColor, fillOpacity: 0.9 };
}

function drawSites() {
  drawn.sites.clearLayers();
  const shown = plan.hosts.map((_, row) => row).filter((row) => byId("show-sites").checked && (state.hosts === null || state.hosts.has(row)));
  shown.sort((a, b) => plan.hosts[b].mw - plan.hosts[a].mw); // the smaller above the larger
  shown.forEach((row) => {
    const host = plan.hosts[row];
    const { radius, ...style } = siteStyle(row);
    dot([host.lat, host.lon], radius, style, { host: row }).addTo(drawn.sites);
  });
  byId("map").dataset.rings = drawRings(shown);
  drawn.sites.bringToFront();
  byId("map").dataset.sites = shown.length;
}

function restyle() {
  takeColours();
  land.setStyle({ color: ink.border, fillColor: ink.land });
  drawAll();
}

function drawAll() {
  drawAreas();
  drawCandidates();
  drawPlaces();
  followLines();
  drawMoved();
  drawSites();
}

function frame() {
  const at = plans.flatMap(({ hosts, places }) => [
    ...hosts.map((host) => [host.lat, host.lon]),
    ...places.lat.map((lat, k) => [lat, places.lon[k]]),
  ]);
  if (at.length) map.fitBounds(L.latLngBounds(at).pad(0.05), { maxZoom: 11, animate: false });
  else map.setView([20, 0], 2);
}

// What a place, a site or a candidate says when it is pointed at.
function saidOf(about) {
  if ("host" in about) {
    const host = plan.hosts[about.host];
    const unit = host.kind === "hub" ? "MW IT reserved" : "MW";
    return [`${host.name}`, `${number(host.mw, 1)} ${unit}, worst round trip ${number(host.worst_rtt_ms)} ms`, fateOf(host)].filter(Boolean);
  }
  if ("candidate" in about) {
    const known = plan.candidates;
    const k = about.candidate;
    return [known.name[k], `candidate, ${number(known.mw[k], 1)} MW of headroom`, ...(known.closed[k] ? [`no site beside this plan's: ${known.closed[k]}`] : [])];
  }
  if ("bottleneck" in about) {
    const one = bottlenecks[about.bottleneck];
    return [`Bottleneck: ${whereOf(one) || one.kind}`, `${shortOf(one)}, ${one.kind}; click for more`];
  }
  const rows = rowsOfPlace[about.place].filter(isShown);
  return [plan.places.name[about.place], ...rows.map(toldOf)];
}

function toldOf(row) {
  const klass = plan.classes[service.class[row]];
  const mw = `${klass.name}: ${number(service.mw_it[row])} MW IT`;
  if (service.host[row] === UNSERVED) return `${mw} unserved`;
  const left = klass.bound_ms - service.rtt_ms[row];
  return `${mw} from ${plan.hosts[service.host[row]].name} in ${number(service.rtt_ms[row])} of ${number(klass.bound_ms, 1)} ms (${number(left)} to spare)`;
}

const tip = L.tooltip({ direction: "top", offset: [0, -6] });
function point(event) {
  const about = event.layer.options.about;
  const [name, ...rest] = saidOf(about);
  const content = el("div", {}, el("b", {}, name), ...rest.flatMap((text) => [el("br"), text]));
  tip.setLatLng("bottleneck" in about ? event.latlng : event.layer.getLatLng()).setContent(content).addTo(map);
  if ("host" in about) followLines(rowsOfHost[about.host]);
  if ("place" in about) followLines(rowsOfPlace[about.place]);
}

function unpoint() {
  tip.remove();
  followLines();
}

for (const name of ["areas", "candidates", "places", "sites"]) {
  drawn[name].on("mouseover", point).on("mouseout", unpoint);
}
drawn.sites.on("click", (event) => {
  L.DomEvent.stopPropagation(event);
  look({ host: event.layer.options.about.host });
});
drawn.areas.on("click", (event) => {
  L.DomEvent.stopPropagation(event);
  look({ bottleneck: event.layer.options.about.bottleneck });
});

let tiles = null;
function switchTiles(on) {
  if (tiles) tiles.remove();
  tiles = on ? L.tileLayer("https://tile.openstreetmap.org/{z}/{x}/{y}.png", { attribution: "\u00a9 OpenStreetMap contributors", maxZoom: 19 }).addTo(map) : null;
  land.setStyle({ fillOpacity: on ? 0 : 1 });
}
