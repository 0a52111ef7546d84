// What the other scripts share: the plan's data, who serves whom, elements and numbers.
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const byId = (id) => document.getElementById(id);
const told = read("data");
const plans = told.plans || [told]; // of a programme, the plan of each stage
const NONE = "\u2013";
const UNSERVED = -1;
const EVERY = -1;

const state = {
  klass: EVERY, // row of the class that is looked at
  host: null, // row of the chosen site
  bottleneck: null, // or of the chosen bottleneck: one of both at most
  outage: 0, // 0: everything in order, else the outage's number from 1
  hour: 0, // 0: at the peak, else the hour's number from 1
  hosts: null, // rows of the sites that the filter leaves; null: all
  rows: null, // rows of the service that the filter leaves; null: all
};

let plan, service, rowsOfHost, rowsOfPlace, bottlenecks;

// Look at another of the plans.
function take(another) {
  plan = another;
  service = plan.service;
  rowsOfHost = plan.hosts.map(() => []);
  rowsOfPlace = plan.places.id.map(() => []);
  service.place.forEach((place, row) => {
    rowsOfPlace[place].push(row);
    if (service.host[row] !== UNSERVED) rowsOfHost[service.host[row]].push(row);
  });
  bottlenecks = plan.unserved ? plan.unserved.bottlenecks : [];
}
take(plans[0]);

// Give an element; what users wrote only ever becomes text.
function el(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

const formats = new Map(); // to make one takes longer than to use it a hundred times
function number(value, digits = 2) {
  if (value === null || value === undefined) return NONE;
  if (!formats.has(digits)) {
    formats.set(digits, new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }));
  }
  return formats.get(digits).format(value);
}

const percent = (share, digits = 0) => (share === null ? NONE : `${number(100 * share, digits)} %`);
const sum = (values) => values.reduce((total, value) => total + value, 0);
const mwOf = (rows) => sum(rows.map((row) => service.mw_it[row]));

// How much of its bound a row of the service uses, from 0 to 1; null where it is not served.
function usedOf(row) {
  const ms = service.rtt_ms[row];
  return ms === null ? null : ms / plan.classes[service.class[row]].bound_ms;
}

const isShown = (row) =>
  (state.klass === EVERY || service.class[row] === state.klass) &&
  (state.rows === null || state.rows.has(row));

const listeners = [];
const whenChanged = (listener) => listeners.push(listener);

// Change what is looked at, and let everything follow.
function look(change) {
  if ("host" in change || "bottleneck" in change) Object.assign(state, { host: null, bottleneck: null });
  Object.assign(state, change);
  listeners.forEach((listener) => listener(change));
}
