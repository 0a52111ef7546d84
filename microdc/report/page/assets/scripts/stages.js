// Stages of a programme, one at a time: the map, the tables and what is told follow the slider.
const FATES = { new: "new", grown: "larger", kept: "as before" };
const RINGS = { new: {}, grown: { dashArray: "4 3" } };

function fateOf(host) {
  if (!host.fate) return null;
  return { new: "new in this stage", grown: `in this stage larger, before ${number(host.before_mw, 1)} MW`, kept: "as before" }[host.fate];
}

// Ring the sites, of those shown, that are new or larger; give how many.
function drawRings(shown) {
  const ringed = shown.filter((row) => RINGS[plan.hosts[row].fate]);
  ringed.forEach((row) => {
    const host = plan.hosts[row];
    const style = { color: ink.site, weight: 2, fill: false, interactive: false, ...RINGS[host.fate] };
    dot([host.lat, host.lon], siteStyle(row).radius + 4, style).addTo(drawn.sites);
  });
  return ringed.length;
}

// Look for the row with the same name in another list; what is not there is nothing.
const sameIn = (list, key, name) => list.findIndex((one) => one[key] === name);

function showStage(k) {
  const chosen = state.host === null ? null : plan.hosts[state.host].id;
  const klass = state.klass === EVERY ? null : plan.classes[state.klass].name;
  take(plans[k]);
  const host = sameIn(plan.hosts, "id", chosen);
  Object.assign(state, { host: host < 0 ? null : host, bottleneck: null, klass: sameIn(plan.classes, "name", klass) });
  fillClasses();
  fill();
  drawAll();
  document.querySelectorAll("#stages article").forEach((article, at) => article.classList.toggle("now", at === k));
  byId("stage-told").textContent = told.stages[k].told;
  byId("stage").setAttribute("aria-valuetext", told.stages[k].told);
  byId("stage-listed").textContent = `Stage ${told.stages[k].name}. `;
  byId("map").dataset.stage = k;
}

function fillClasses() {
  const names = plan.classes.map(({ name }, row) => el("option", { value: row }, name));
  byId("class-choice").replaceChildren(el("option", { value: EVERY }, "all classes"), ...names);
  byId("class-choice").value = state.klass;
}

function listenToStages() {
  byId("stage-slider").hidden = false;
  byId("stages").dataset.shown = "one"; // the other stages are there on paper, and without a script
  byId("stage").addEventListener("input", (event) => showStage(Number(event.target.value)));
  showStage(Number(byId("stage").value));
}
