// Bottlenecks: demand with too little power in reach, as areas on the map, each with its card.
const isOfClass = (one) => state.klass === EVERY || one.services.includes(plan.classes[state.klass].name);

function drawAreas() {
  drawn.areas.clearLayers();
  const on = byId("show-areas") && byId("show-areas").checked;
  const shown = bottlenecks.map((_, k) => k).filter((k) => on && isOfClass(bottlenecks[k]) && bottlenecks[k].area.length);
  shown.forEach((k) => {
    const weight = k === state.bottleneck ? 4 : 2;
    const style = { renderer: onTop, color: ink.unserved, weight, dashArray: "8 5", fillColor: ink.unserved, fillOpacity: 0.14 };
    L.polygon(bottlenecks[k].area.map((ring) => [ring]), { ...style, about: { bottleneck: k } }).addTo(drawn.areas);
  });
  drawn.areas.bringToBack();
  byId("map").dataset.areas = shown.length;
}

const shortOf = (one) => `${one.exact ? "" : "at least "}${number(one.short_mw_it)} ${one.unit} short`;

function whereOf(one) {
  const names = one.places.map((row) => plan.places.name[row]);
  return names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}

function hostOf(host) {
  const limit = host.by ? `${host.limit} (${host.by})` : host.limit;
  return `${host.name}: ${number(host.mw, 1)} MW, ${host.counts ? `limited by ${limit}` : `no site: ${limit}`}`;
}

function bottleneckCard(k) {
  const one = bottlenecks[k];
  const hosts = one.hosts.map((host) => el("li", {}, hostOf(host)));
  const zoom = el("button", { type: "button", onclick: () => zoomTo(k) }, "Zoom to it");
  const close = el("button", { type: "button", id: "close-card", onclick: () => look({ host: null }) }, "Close");
  return [
    el("h3", { id: "card-name" }, whereOf(one) || one.kind),
    el("p", { class: "note" }, `bottleneck \u00b7 ${one.kind} \u00b7 ${one.services.join(", ")}`),
    el("p", {}, `${one.sentence}.`),
    pairs([
      ["needs", `${number(one.need_mw_it)} ${one.unit}`],
      ["has in reach", `${number(one.have_mw_it)} ${one.unit}`],
      [one.exact ? "short by" : "short by at least", `${number(one.short_mw_it)} ${one.unit}`],
    ]),
    ...(hosts.length ? [el("h4", {}, "In reach, the largest first"), el("ul", {}, ...hosts)] : []),
    el("p", {}, zoom, " ", close),
  ];
}

function zoomTo(k) {
  if (bottlenecks[k].area.length) map.fitBounds(L.latLngBounds(bottlenecks[k].area.flat()).pad(0.3), { maxZoom: 11, animate: false });
}

function listenToShowers() {
  document.querySelectorAll("[data-bottleneck]").forEach((button) => {
    button.addEventListener("click", () => {
      const k = Number(button.dataset.bottleneck);
      look({ bottleneck: k });
      zoomTo(k);
      byId("explore").scrollIntoView({ behavior: "auto" });
      byId("map").focus({ preventScroll: true });
    });
  });
}
