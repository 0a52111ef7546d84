// Outages and hours, one at a time: who is out, who is served from elsewhere, what is lost.

// Give what is not served as in order, of the class that is looked at: `place`, `host`, `mw_it`.
function movedNow() {
  const found = state.outage ? movedInOutage(state.outage - 1) : state.hour ? movedInHour(state.hour - 1) : [];
  return found.filter(({ klass }) => state.klass === EVERY || klass === state.klass);
}

function movedInOutage(outage) {
  const moves = plan.outages[outage].moves;
  if (!moves) return [];
  return moves.place.map((place, k) => ({ place, klass: moves.class[k], host: moves.host[k], mw_it: moves.mw_it[k] }));
}

function movedInHour(hour) {
  const moved = plan.hours.moved;
  const found = [];
  moved.hour.forEach((at, k) => {
    if (at !== hour) return;
    const [place, klass, host] = [moved.place[k], moved.class[k], moved.host[k]];
    const home = rowsOfPlace[place].some((row) => service.class[row] === klass && service.host[row] === host);
    if (!home || moved.later[k]) found.push({ place, klass, host, mw_it: moved.mw_it[k] });
  });
  return found;
}

function drawMoved() {
  drawn.moved.clearLayers();
  const moved = movedNow();
  for (const { place, host, mw_it } of moved) {
    const weight = 1.5 + Math.sqrt(mw_it) / 2;
    if (host !== UNSERVED) line(place, host, { color: ink.moved, weight, dashArray: "6 5", opacity: 0.9 }).addTo(drawn.moved);
    else L.circleMarker([plan.places.lat[place], plan.places.lon[place]], { renderer: onTop, interactive: false, radius: 3 + 2 * Math.sqrt(mw_it), color: ink.unserved, weight: 2.5, fillOpacity: 0 }).addTo(drawn.moved);
  }
  byId("map").dataset.moved = moved.length;
}

function outageInWords(number_) {
  if (!number_) return `in order; ${number(plan.outages.length, 0)} outage(s) to look at, the worst first`;
  const outage = plan.outages[number_ - 1];
  const lost = Object.entries(outage.lost_by_class_mw_it).map(([name, mw]) => `${name} ${number(mw, 1)}`);
  const classes = lost.length ? ` (${lost.join(", ")})` : "";
  const kept = outage.kept_share === null ? "" : `; of what is promised, ${percent(outage.kept_share, 1)} is kept`;
  const moves = outage.moves ? `; ${number(sum(outage.moves.mw_it.filter((_, k) => outage.moves.host[k] !== UNSERVED)), 1)} MW IT are served from elsewhere` : "";
  const sites = outage.out === null ? "" : ` (${outage.out.map((row) => plan.hosts[row].name).join(", ")})`;
  return `${number_} of ${plan.outages.length}: ${outage.name} is out${sites}, ${number(outage.mw, 1)} MW; ${number(outage.lost_mw_it, 1)} MW IT are lost${classes}${kept}${moves}.`;
}

function hourInWords(number_) {
  const hours = plan.hours;
  if (!number_) return `peak of every class, from home; ${number(hours.time.length, 0)} hour(s) to look at`;
  const k = number_ - 1;
  const parts = [
    `${hours.time[k]}: ${number(hours.served_mw_it[k], 1)} of ${number(hours.demand_mw_it[k], 1)} MW IT served`,
    `${number(hours.moved_mw_it[k], 1)} from elsewhere`,
    hours.deferred_mw_it[k] ? `${number(hours.deferred_mw_it[k], 1)} later` : null,
    `sites draw ${number(hours.draw_mw[k], 1)} of ${number(hours.available_mw[k], 1)} MW`,
    hours.curtailed_mw[k] ? `${number(hours.curtailed_mw[k], 1)} MW curtailed` : null,
    hours.binding[k] ? `used up: ${hours.binding[k]}` : null,
    hours.told[k] ? null : "who is served from elsewhere is not on this page",
  ];
  return `${parts.filter(Boolean).join("; ")}.`;
}

// Charts of the hours: a line stands at the one that is looked at, a click looks at another.
function markHour() {
  document.querySelectorAll(".by-hour .now").forEach((mark) => {
    const { left, right, hours } = mark.dataset;
    const at = Number(left) + ((state.hour - 0.5) / Number(hours)) * (Number(right) - Number(left));
    mark.setAttribute("visibility", state.hour ? "visible" : "hidden");
    if (!state.hour) return;
    mark.setAttribute("x1", at);
    mark.setAttribute("x2", at);
  });
}

function listenToHours() {
  document.querySelectorAll(".by-hour svg").forEach((svg) => {
    const { left, right, hours } = svg.querySelector(".now").dataset;
    svg.addEventListener("click", (event) => {
      const box = svg.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
      const hour = Math.ceil(((x - Number(left)) / (Number(right) - Number(left))) * Number(hours));
      byId("hour").value = Math.min(Math.max(hour, 1), Number(hours));
      byId("hour").dispatchEvent(new Event("input"));
    });
  });
}

function fillSliders() {
  const words = { outage: outageInWords, hour: hourInWords };
  for (const [id, told] of Object.entries(words)) {
    const slider = byId(id);
    if (!slider) continue;
    const say = () => {
      const text = told(Number(slider.value));
      byId(`${id}-told`).textContent = text;
      slider.setAttribute("aria-valuetext", text);
    };
    slider.addEventListener("input", () => {
      const other = byId(id === "outage" ? "hour" : "outage");
      if (other && Number(other.value)) {
        other.value = 0; // one thing at a time
        other.dispatchEvent(new Event("input"));
      }
      say();
      look({ [id]: Number(slider.value) });
    });
    say();
  }
}
