// The bins on the straightened picture: a lattice that is dragged into place, single bins, and outlines drawn freely.
const kindOf = () => $("kind").value;

function paintBins() {
  drawn.bins.forEach((bin, i) => paintBin(bin, now.chosen.includes(i)));
  if (now.tool === "lattice" && drawn.fitted) paintLattice();
  if (now.tool === "bins" && now.chosen.length === 1) drawn.bins[now.chosen[0]].polygon.forEach((p, i) => knob(p, i === now.point));
  if (now.tool === "free" && now.free.length) {
    trace(now.free, false);
    stroke("#ffd98a", 3);
    now.free.forEach((p, i) => knob(p, i === 0));
  }
}

function paintBin(bin, chosen) {
  trace(bin.polygon, true);
  pen.fillStyle = !bin.enabled ? "rgb(0 0 0 / 65%)" : chosen ? "rgb(255 217 138 / 40%)" : "rgb(169 201 154 / 18%)";
  pen.fill();
  stroke(!bin.enabled ? "#888" : chosen ? "#ffd98a" : "#a9c99a", chosen ? 4 : 2);
  const size = Math.sqrt(Math.abs(surface(bin.polygon))) * view.scale;
  if (size > 26) label(bin.id, onScreen(middle(bin.polygon)), Math.max(11, Math.min(18, size / 4)));
}

const surface = (outline) => outline.reduce((sum, p, i) => {
  const q = outline[(i + 1) % outline.length];
  return sum + (p[0] * q[1] - q[0] * p[1]) / 2;
}, 0);

function paintLattice() {
  const { corners, across, down } = drawn.fitted, { place } = lattice(corners);
  const line = (a, b) => {
    trace([place(a), place(b)], false);
    stroke("rgb(255 217 138 / 80%)", 1);
  };
  across.slice(1, -1).forEach((u) => line([u, 0], [u, 1]));
  down.slice(1, -1).forEach((v) => line([0, v], [1, v]));
  // A line is held at its ends, where no bin is in the way.
  for (const u of across.slice(1, -1)) [0, 1].forEach((v) => grip(place([u, v])));
  for (const v of down.slice(1, -1)) [0, 1].forEach((u) => grip(place([u, v])));
  corners.forEach((p) => knob(p, false));
}

function grip(p) {
  const [x, y] = onScreen(p);
  pen.beginPath();
  pen.arc(x, y, 6, 0, 7);
  pen.fillStyle = "#ffd98a";
  pen.fill();
}

function holdBins(p) {
  if (now.tool === "free") return holdFree(p);
  return now.tool === "lattice" && drawn.fitted ? holdLattice(p) : holdBin(p);
}

function holdLattice(p) {
  const fitted = drawn.fitted;
  const corner = fitted.corners.findIndex((q) => far(p, q) * view.scale < REACH);
  const drop = (moved) => moved && attempt(work)();
  if (corner >= 0) return { at: fitted.corners[corner], move: (to) => { drawn.fitted.corners[corner] = to; }, drop };
  const { share, place } = lattice(fitted.corners), at = share(p);
  let best = null;
  [["across", 0], ["down", 1]].forEach(([name, k]) => {
    fitted[name].slice(1, -1).forEach((line, i) => {
      const on = [...at];
      on[k] = line;
      const away = far(place(on), p) * view.scale;
      if (at[1 - k] > -0.08 && at[1 - k] < 1.08 && away < REACH && (!best || away < best.away)) best = { name, k, i: i + 1, away };
    });
  });
  if (!best) return null;
  return {
    at: p, drop,
    move: (to) => {
      const lines = drawn.fitted[best.name], s = lattice(drawn.fitted.corners).share(to)[best.k];
      lines[best.i] = Math.min(Math.max(s, lines[best.i - 1] + 0.004), lines[best.i + 1] - 0.004);
    },
  };
}

function holdBin(p) {
  if (now.chosen.length === 1) {
    const bin = drawn.bins[now.chosen[0]], i = bin.polygon.findIndex((q) => far(p, q) * view.scale < REACH * 0.7);
    if (i >= 0) {
      now.point = i;
      return { at: bin.polygon[i], move: (to) => { drawn.bins[now.chosen[0]].polygon[i] = to.map(round); }, drop: () => controls() };
    }
  }
  const hit = drawn.bins.findIndex((bin) => contains(bin.polygon, p));
  if (hit < 0) now.chosen = [];
  else if (now.chosen.includes(hit)) now.chosen = now.chosen.filter((i) => i !== hit);
  else now.chosen = $("several").checked ? [...now.chosen, hit] : [hit];
  controls();
  return null;
}

function holdFree(p) {
  const i = now.free.findIndex((q) => far(p, q) * view.scale < REACH * 0.7);
  if (i === 0 && now.free.length > 2) {
    closeFree();
    return null;
  }
  if (i < 0) now.free.push(p);
  const at = i < 0 ? now.free.length - 1 : i;
  controls();
  return { at: now.free[at], noted: true, move: (to) => { now.free[at] = to; } };
}

function closeFree() {
  if (now.free.length < 3) return;
  remember();
  drawn.bins.push({ id: freeName(), polygon: now.free.map((p) => p.map(round)), capacity: Number($("capacity").value) || 1, enabled: true });
  drawn.fitted = null;
  now.free = [];
  controls();
  paint();
}

function freeName() {
  for (let n = drawn.bins.length + 1; ; n++) {
    const name = $("prefix").value + String(n).padStart(2, "0");
    if (!drawn.bins.some((bin) => bin.id === name)) return name;
  }
}

/** How often the server was asked to. */
let works = 0;

/** Has the server work out the bins of the lattice, as it is dragged by now. */
async function work() {
  const own = ++works;
  if (kindOf() === "free") return;
  const measured = Number($("width-mm").value), facts = known.facts;
  // Bins of a rack that is known keep their room, unless a person has said another.
  const room = known.id && !now.room ? {} : !measured ? { capacity: Number($("capacity").value) || 1 }
    : { bottle_mm: Number($("bottle-mm").value) || 76, width_mm: measured, height_mm: facts.height_mm || undefined, depth: facts.depth };
  const keep = known.id && $("keep").checked ? known.id : null;
  const answer = await ask("/calibration/cells", {
    rectified: drawn.rectified, parting: drawn.parting, fitted: drawn.fitted, style: $("style").value, from: $("from").value, prefix: $("prefix").value, keep, ...room,
  });
  // A later question may have been answered before this one.
  if (own !== works) return;
  // Bins that were taken out of use stay so where they are drawn again.
  const off = new Set(drawn.bins.filter((bin) => !bin.enabled).map((bin) => bin.id));
  drawn.bins = answer.bins.map((bin) => ({ ...bin, polygon: bin.polygon.map((p) => p.map(round)), enabled: !off.has(bin.id) }));
  drawn.fitted = answer.fitted;
  now.chosen = [];
  now.seen = {};
  say(words.bins_now.replace("{n}", drawn.bins.length));
  controls();
  paint();
}

/** The numbers of the lattice have changed: its lines are the rule's again. */
async function parted(change) {
  remember();
  change(drawn.parting);
  if (drawn.fitted) drawn.fitted = { corners: drawn.fitted.corners, across: [], down: [] };
  now.tool = "lattice";
  await work();
}

async function findLattice() {
  const chosen = kindOf(), kind = $("any-kind").checked || chosen === "free" ? null : chosen;
  const found = await ask("/calibration/lattice", { pose: pose(), kind });
  if (!found.parting) return say(words.no_lattice, true);
  remember();
  drawn.parting = { ...found.parting, kind: kind && kind !== "cabinet" ? found.parting.kind : kind || found.parting.kind };
  drawn.fitted = found.fitted;
  now.tool = "lattice";
  await work();
  say(words.lattice_found.replace("{n}", Math.round(found.seen * 100)));
}

function merge() {
  if (now.chosen.length < 2) return say(words.choose_two, true);
  remember();
  const [first] = now.chosen, points = now.chosen.flatMap((i) => drawn.bins[i].polygon);
  const whole = { ...drawn.bins[first], polygon: hull(points), capacity: Math.min(200, now.chosen.reduce((sum, i) => sum + drawn.bins[i].capacity, 0)) };
  drawn.bins = drawn.bins.map((bin, i) => (i === first ? whole : bin)).filter((bin, i) => i === first || !now.chosen.includes(i));
  drawn.fitted = null;
  now.chosen = [drawn.bins.indexOf(whole)];
  now.tool = "bins";
  controls();
  paint();
}

/** The outline of a rubber band around points (Andrew's monotone chain, 1979). */
function hull(points) {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (list) => list.reduce((kept, p) => {
    while (kept.length > 1) {
      const [a, b] = kept.slice(-2);
      if ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0) break;
      kept.pop();
    }
    return [...kept, p];
  }, []);
  return [...half(sorted).slice(0, -1), ...half(sorted.reverse()).slice(0, -1)];
}

/** One bin becomes two, cut through its middle across its longer way. */
function split() {
  if (now.chosen.length !== 1) return say(words.choose_one, true);
  const i = now.chosen[0], bin = drawn.bins[i], m = middle(bin.polygon);
  const spread = [0, 1].map((k) => Math.max(...bin.polygon.map((p) => p[k])) - Math.min(...bin.polygon.map((p) => p[k])));
  const k = spread[0] >= spread[1] ? 0 : 1;
  const side = (sign) => bin.polygon.flatMap((p, j) => {
    const q = bin.polygon[(j + 1) % bin.polygon.length], [u, v] = [sign * (p[k] - m[k]), sign * (q[k] - m[k])];
    const cut = p.map((x, n) => round(x + (u / (u - v)) * (q[n] - x)));
    return [...(u >= 0 ? [p] : []), ...(u >= 0 !== v >= 0 ? [cut] : [])];
  });
  remember();
  const half = Math.max(1, Math.ceil(bin.capacity / 2));
  const free = (letter) => (drawn.bins.some((other) => other.id === bin.id + letter) ? free(letter + letter) : bin.id + letter);
  drawn.bins.splice(i, 1, { ...bin, polygon: side(-1), capacity: half }, { ...bin, id: free("b"), polygon: side(1), capacity: half });
  drawn.fitted = null;
  now.tool = "bins";
  controls();
  paint();
}

function change(edit) {
  if (!now.chosen.length) return say(words.choose_one, true);
  remember();
  now.chosen.forEach((i) => edit(drawn.bins[i]));
  controls();
  paint();
}

function remove() {
  if (!now.chosen.length) return say(words.choose_one, true);
  remember();
  drawn.bins = drawn.bins.filter((_, i) => !now.chosen.includes(i));
  drawn.fitted = null;
  now.chosen = [];
  controls();
  paint();
}

async function load(event) {
  const file = event.target.files[0];
  event.target.value = "";
  if (!file) return;
  let bins;
  if (file.type.startsWith("image/")) {
    bins = await ask("/calibration/mask?width=" + drawn.rectified[0] + "&height=" + drawn.rectified[1], file);
  } else {
    const text = await file.text();
    let read;
    try {
      read = JSON.parse(text);
    } catch {
      throw new Error(words.no_cells);
    }
    const cells = read.cells || read.bins;
    if (!Array.isArray(cells) || cells.length > 500) throw new Error(words.no_cells);
    const size = read.rectified || drawn.rectified;
    bins = cells.map((cell) => {
      const polygon = cell.polygon || cell.points, id = String(cell.id ?? cell.bin_ID ?? cell.name ?? "");
      const sound = Array.isArray(polygon) && polygon.length > 2 && polygon.every((p) => Array.isArray(p) && p.length === 2 && p.every(Number.isFinite));
      if (!id || !sound) throw new Error(words.no_cells);
      return { id, polygon: polygon.map((p) => p.map((v, k) => round((v * drawn.rectified[k]) / size[k]))), capacity: Number(cell.capacity) || 1, enabled: true };
    });
  }
  remember();
  drawn.bins = bins;
  drawn.fitted = null;
  drawn.parting = { ...drawn.parting, kind: "free" };
  now.tool = "bins";
  now.chosen = [];
  say(words.bins_now.replace("{n}", bins.length));
  controls();
  paint();
}

function save(name, text, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

const exportCells = () => save("cells_polygons.json", JSON.stringify({ cells: drawn.bins.filter((bin) => bin.enabled).map(({ id, polygon, capacity }) => ({ id, polygon, capacity })) }, null, 1), "application/json");

/** The straightened picture with the bins' borders in blue, as the system before this one wanted it. */
function exportMask() {
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = drawn.rectified;
  const ink = sheet.getContext("2d");
  // Everything between the bins is board: blue all over, and the picture again within each bin.
  ink.fillStyle = "#0000ff";
  ink.fillRect(0, 0, sheet.width, sheet.height);
  for (const { polygon } of drawn.bins.filter((bin) => bin.enabled)) {
    ink.save();
    ink.beginPath();
    polygon.forEach((p, i) => (i ? ink.lineTo(...p) : ink.moveTo(...p)));
    ink.closePath();
    ink.clip();
    ink.drawImage(now.straight, 0, 0);
    ink.restore();
  }
  sheet.toBlob((blob) => save("blue_lines.png", blob, "image/png"));
}

/** Every control shows what is drawn. */
function controls() {
  const { kind, rows, columns, staggered, rim, board } = drawn.parting, free = kind === "free";
  $("kind").value = kind;
  $("rows").value = rows;
  $("columns").value = columns;
  $("staggered").checked = staggered;
  $("rim").checked = rim;
  $("board").value = Math.round(board * 100);
  $("lattice-controls").hidden = free;
  $("staggered").closest("label").hidden = !["grid", "shelf", "cabinet", "x"].includes(kind);
  $("rim").closest("label").hidden = kind !== "diamond";
  for (const button of all("tool")) button.setAttribute("aria-pressed", String(button.value === now.tool));
  const one = now.chosen.length === 1 ? drawn.bins[now.chosen[0]] : null;
  $("bin-controls").hidden = now.tool !== "bins";
  $("free-controls").hidden = now.tool !== "free";
  $("bin-name").value = one ? one.id : "";
  $("bin-name").disabled = !one;
  $("bin-room").value = one ? one.capacity : "";
  $("bin-off").textContent = one && !one.enabled ? words.use_again : words.out_of_use;
  $("close-free").disabled = now.free.length < 3;
  $("number").textContent = words.bins_now.replace("{n}", drawn.bins.filter((bin) => bin.enabled).length);
  ready();
}

$("kind").addEventListener("change", attempt(async () => {
  if (kindOf() === "free") {
    remember();
    drawn.parting.kind = "free";
    now.tool = "free";
    return controls();
  }
  await parted((parting) => { parting.kind = kindOf(); });
}));
for (const button of all("less")) button.addEventListener("click", attempt(() => stepper(button.value, -1)));
for (const button of all("more")) button.addEventListener("click", attempt(() => stepper(button.value, 1)));
const stepper = (name, by) => parted((parting) => { parting[name] = Math.min(100, Math.max(1, parting[name] + by)); });
for (const name of ["rows", "columns"]) $(name).addEventListener("change", attempt(() => parted((parting) => { parting[name] = Math.min(100, Math.max(1, Math.round(Number($(name).value)) || 1)); })));
for (const name of ["staggered", "rim"]) $(name).addEventListener("change", attempt(() => parted((parting) => { parting[name] = $(name).checked; })));
$("board").addEventListener("change", attempt(async () => {
  remember();
  drawn.parting.board = Number($("board").value) / 100;
  await work();
}));
for (const name of ["capacity", "width-mm", "bottle-mm", "bin-room"]) $(name).addEventListener("change", () => { now.room = true; });
for (const name of ["style", "from", "prefix", "keep", "capacity", "width-mm", "bottle-mm"]) $(name).addEventListener("change", attempt(async () => {
  if (!drawn.fitted) return;
  remember();
  await work();
}));
for (const button of all("tool")) button.addEventListener("click", attempt(async () => {
  now.tool = button.value;
  now.free = [];
  if (now.tool === "lattice" && !drawn.fitted && kindOf() !== "free") {
    remember();
    await work();
  }
  controls();
  paint();
}));
$("find-lattice").addEventListener("click", attempt(findLattice));
$("merge").addEventListener("click", merge);
$("split").addEventListener("click", split);
$("remove").addEventListener("click", remove);
$("bin-off").addEventListener("click", () => {
  const on = now.chosen.every((i) => !drawn.bins[i].enabled);
  change((bin) => { bin.enabled = on; });
});
$("bin-name").addEventListener("change", () => {
  const name = $("bin-name").value.trim();
  const taken = drawn.bins.some((bin, i) => bin.id === name && !now.chosen.includes(i));
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(name) || taken) {
    controls();
    return say(taken ? words.name_taken : words.name_form, true);
  }
  change((bin) => { bin.id = name; });
});
$("bin-room").addEventListener("change", () => change((bin) => { bin.capacity = Math.min(200, Math.max(1, Math.round(Number($("bin-room").value)) || 1)); }));
$("close-free").addEventListener("click", closeFree);
$("load").addEventListener("change", attempt(load));
$("save-cells").addEventListener("click", exportCells);
$("save-mask").addEventListener("click", exportMask);
