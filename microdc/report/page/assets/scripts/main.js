// Everything put together.
function legend() {
  const rows = [
    ["dot site", "site, sized by MW"],
    ...(told.stages ? [["ring new", "new in this stage"], ["ring grown", "larger than before"]] : []),
    ...(plan.hosts.some((host) => host.kind === "hub") ? [["dot hub", "hub"]] : []),
    ...(plan.candidates ? [["dot candidate", "candidate, sized by headroom"]] : []),
    ...(plan.candidates && plan.candidates.closed_count ? [["dot candidate closed", "ruled out, or no room left"]] : []),
    ["dot near", "demand that uses up to half of its bound"],
    ["dot mid", "up to four fifths"],
    ["dot far", "more than four fifths"],
    ...(plan.outages || plan.hours || service.host.includes(UNSERVED) ? [["ring unserved", "some of it, or all, unserved"]] : []),
    ...(bottlenecks.length ? [["area bottleneck", "bottleneck: too little power in reach"]] : []),
    ...(plan.outages || plan.hours ? [["dash moved", "served from elsewhere"]] : []),
  ];
  byId("legend").replaceChildren(el("ul", {}, ...rows.map(([look_, text]) => el("li", {}, el("i", { class: look_ }), text))));
}

function isDark() {
  const stated = document.documentElement.dataset.theme;
  return stated ? stated === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function dress() {
  const button = byId("theme");
  button.setAttribute("aria-pressed", String(isDark()));
  restyle();
}

function switches() {
  byId("theme").addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    dress();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", dress);
  matchMedia("print").addEventListener("change", restyle);
  byId("show-candidates").addEventListener("change", drawAll);
  if (byId("show-areas")) byId("show-areas").addEventListener("change", drawAreas);
  byId("show-sites").addEventListener("change", drawSites);
  byId("show-places").addEventListener("change", drawAll);
  byId("show-lines").addEventListener("change", () => followLines());
  byId("class-choice").addEventListener("change", (event) => look({ klass: Number(event.target.value) }));
  byId("show-tiles").addEventListener("change", (event) => switchTiles(event.target.checked));
  byId("whole").addEventListener("click", frame);
}

// Fill whatever lists what is in the plan.
function fill() {
  byId("show-candidates").disabled = plan.candidates === null;
  legend();
  fillChooser();
  fillTables();
  showCard();
}

frame();
drawLand();
dress();
fill();
fillSliders();
listenToShowers();
listenToHours();
switches();
whenChanged((change) => {
  if ("rows" in change || "klass" in change) drawPlaces();
  if (["outage", "hour", "klass"].some((key) => key in change)) drawMoved();
  if ("hour" in change) markHour();
  if ("bottleneck" in change || "host" in change || "klass" in change) drawAreas();
  if ("host" in change || "bottleneck" in change) {
    showCard();
    listings.sites.draw();
  }
  followLines();
  drawSites();
});
if (told.stages) listenToStages();
byId("map").dataset.ready = "yes";
