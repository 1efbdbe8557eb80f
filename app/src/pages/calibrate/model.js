// The calibration that is being drawn: what it is, undo, and the questions to the server. The other files of this folder follow in
// the same scope; the page joins them into one script.
const root = document.getElementById("calibrate"), words = JSON.parse(root.dataset.words), known = JSON.parse(root.dataset.rack);
const $ = (name) => root.querySelector('[data-is="' + name + '"]');
const all = (name) => [...root.querySelectorAll('[data-is="' + name + '"]')];

/** What undo brings back. Corners are in pixels of the picture, bins in pixels of the straightened one. */
let drawn = {
  corners: null, lens: null, rectified: [1600, 1200], parting: { kind: "grid", rows: 3, columns: 4, staggered: false, rim: false, board: 0.08 },
  fitted: null, bins: [],
};
/** What is not drawn: the picture, the step, what is chosen. */
const now = { picture: null, size: [0, 0], camera: "", image: null, straight: null, step: "camera", tool: "lattice", chosen: [], point: 0, counts: {}, seen: {}, free: [], zoom: 1, middle: [0.5, 0.5], room: false };
const past = [], future = [];

/** To be called before something is changed by a person. */
function remember() {
  past.push(JSON.stringify(drawn));
  if (past.length > 100) past.shift();
  future.length = 0;
  buttons();
}

function step(from, to) {
  if (!from.length) return;
  to.push(JSON.stringify(drawn));
  const before = JSON.stringify([drawn.corners, drawn.lens, drawn.rectified]);
  drawn = JSON.parse(from.pop());
  now.chosen = now.chosen.filter((i) => i < drawn.bins.length);
  if (JSON.stringify([drawn.corners, drawn.lens, drawn.rectified]) !== before) now.straight = null;
  controls();
  buttons();
  if (now.step !== "corners" && now.step !== "camera" && !now.straight) attempt(straighten)();
  paint();
}

function buttons() {
  $("undo").disabled = !past.length;
  $("redo").disabled = !future.length;
}

/** Whether one can go on from here. */
function ready() {
  const lacks = { camera: !now.picture, corners: (drawn.corners || []).length < 4, bins: !drawn.bins.some((bin) => bin.enabled) };
  $("next").disabled = Boolean(lacks[now.step]);
}

/** One line for a person; what went wrong is read out at once. */
function say(text, wrong) {
  const line = $("said");
  line.textContent = text || "";
  line.classList.toggle("is-wrong", Boolean(wrong));
}

let waiting = 0;
async function ask(path, body, raw) {
  waiting += 1;
  root.setAttribute("aria-busy", "true");
  try {
    const file = body instanceof Blob;
    const answer = await fetch("/api/v1" + path, body === undefined ? {} : {
      method: "POST", body: file ? body : JSON.stringify(body),
      headers: { "content-type": file ? body.type || "application/octet-stream" : "application/json" },
    });
    if (!answer.ok) {
      const problem = await answer.json().catch(() => ({}));
      const error = new Error(problem.detail || words.did_not_work);
      error.field = problem.field;
      throw error;
    }
    return raw ? answer.blob() : answer.json();
  } catch (error) {
    if (error instanceof TypeError) throw new Error(words.server_away);
    throw error;
  } finally {
    waiting -= 1;
    if (!waiting) root.removeAttribute("aria-busy");
  }
}

/** Does something that may fail; what fails is said. */
function attempt(work) {
  return (...args) => Promise.resolve(work(...args)).catch((error) => say((error.field ? error.field + ": " : "") + error.message, true));
}

const pose = () => ({ picture: now.picture, corners: drawn.corners, rectified: drawn.rectified, lens: drawn.lens });
const round = (v) => Math.round(v * 100) / 100;
const middle = (outline) => [0, 1].map((k) => outline.reduce((sum, p) => sum + p[k], 0) / outline.length);
const far = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

function contains(outline, [x, y]) {
  let inside = false;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [a, b] = [outline[i], outline[j]];
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
  }
  return inside;
}

/** From shares of a lattice's width and height to its place, and back: the projective map of the unit square onto four corners. */
function lattice([a, b, c, d]) {
  const [dx1, dx2, sx] = [b[0] - c[0], d[0] - c[0], a[0] - b[0] + c[0] - d[0]];
  const [dy1, dy2, sy] = [b[1] - c[1], d[1] - c[1], a[1] - b[1] + c[1] - d[1]];
  const det = dx1 * dy2 - dx2 * dy1 || 1e-9;
  const g = (sx * dy2 - dx2 * sy) / det, h = (dx1 * sy - sx * dy1) / det;
  const m = [b[0] - a[0] + g * b[0], d[0] - a[0] + h * d[0], a[0], b[1] - a[1] + g * b[1], d[1] - a[1] + h * d[1], a[1], g, h, 1];
  const [A, B, C, D, E, F, G, H, I] = m;
  const back = [E * I - F * H, C * H - B * I, B * F - C * E, F * G - D * I, A * I - C * G, C * D - A * F, D * H - E * G, B * G - A * H, A * E - B * D];
  const map = (n) => ([x, y]) => {
    const w = n[6] * x + n[7] * y + n[8];
    return [(n[0] * x + n[1] * y + n[2]) / w, (n[3] * x + n[4] * y + n[5]) / w];
  };
  return { place: map(m), share: map(back) };
}
