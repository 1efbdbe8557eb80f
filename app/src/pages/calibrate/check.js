// What the camera would count by this calibration, set right by a person, and saving it.
async function count() {
  const seen = await ask("/calibration/count", { pose: pose(), bins: drawn.bins, rack: known.id || null });
  now.seen = Object.fromEntries(seen.map((reading) => [reading.bin, reading]));
  // Nobody has said how many fit: the bottles that are seen tell how thick they are, and so how many do.
  if (!known.id && !now.room) {
    for (const bin of drawn.bins) {
      const { fits, count } = now.seen[bin.id] || {};
      if (fits) bin.capacity = Math.min(200, Math.max(1, fits, count || 0));
    }
  }
  const unsure = seen.filter((reading) => reading.count === null).length, total = seen.reduce((sum, reading) => sum + (reading.count || 0), 0);
  say(words.counted.replace("{n}", total).replace("{unsure}", unsure));
  choose(0);
}

const inUse = () => drawn.bins.filter((bin) => bin.enabled);
const counted = (id) => now.counts[id] ?? (now.seen[id] ? now.seen[id].count : null);

function paintCheck() {
  for (const bin of drawn.bins) {
    if (!bin.enabled) continue;
    const seen = now.seen[bin.id], chosen = inUse()[now.point] === bin, number = counted(bin.id);
    trace(bin.polygon, true);
    stroke(chosen ? "#ffd98a" : number === null ? "#f2b84b" : "#a9c99a", chosen ? 4 : 2);
    for (const [x, y, r] of (seen && seen.ends) || []) {
      pen.beginPath();
      pen.arc(...onScreen([x, y]), Math.max(3, r * view.scale), 0, 7);
      stroke("#fff", 1.5);
    }
    const size = Math.sqrt(Math.abs(surface(bin.polygon))) * view.scale;
    if (size > 18) label(number === null ? "?" : String(number), onScreen(middle(bin.polygon)), Math.max(13, Math.min(28, size / 3)));
  }
}

function holdCheck(p) {
  const hit = inUse().findIndex((bin) => contains(bin.polygon, p));
  if (hit >= 0) choose(hit);
  return null;
}

function choose(i) {
  const bins = inUse();
  if (!bins.length) return;
  now.point = (i + bins.length) % bins.length;
  const bin = bins[now.point], number = counted(bin.id);
  $("count-bin").textContent = bin.id + " · " + words.room_for.replace("{n}", bin.capacity);
  $("count").value = number === null ? "" : number;
  $("count-why").textContent = bin.id in now.counts ? words.you_counted : (now.seen[bin.id] && now.seen[bin.id].needs_look) || "";
  paint();
}

function correct(value) {
  const bin = inUse()[now.point];
  if (!bin) return;
  if (value === "" || value === null) delete now.counts[bin.id];
  else now.counts[bin.id] = Math.min(bin.capacity, Math.max(0, Math.round(Number(value)) || 0));
  choose(now.point);
}

async function keep() {
  const facts = {
    ...known.facts,
    name: $("rack-name").value.trim(),
    kind: drawn.parting.kind, staggered: drawn.parting.staggered,
    row_count: drawn.parting.kind === "free" ? null : drawn.parting.rows,
    column_count: drawn.parting.kind === "free" ? null : drawn.parting.columns,
    corners: drawn.corners, lens: drawn.lens,
    frame_width: now.size[0], frame_height: now.size[1], rectified_width: drawn.rectified[0], rectified_height: drawn.rectified[1],
  };
  const width = Math.round(Number($("width-mm").value));
  if (width) facts.width_mm = width;
  if (facts.lens === null) delete facts.lens;
  // What was counted and left as it is was agreed to; a bin without an opinion is not empty.
  const counts = {};
  for (const bin of inUse()) {
    const number = counted(bin.id);
    if (number !== null) counts[bin.id] = Math.min(number, bin.capacity);
  }
  $("keep-it").disabled = true;
  try {
    const done = await ask("/calibrations", {
      rack: known.id || null, facts, bins: drawn.bins, camera: now.camera, picture: now.picture, counts, corrected: Object.keys(now.counts).filter((id) => id in counts), note: $("note").value.trim(),
    });
    location.assign("/calibrate/" + done.calibration.rack_id + "/versions?done=" + done.calibration.number);
  } finally {
    $("keep-it").disabled = false;
  }
}

$("count-less").addEventListener("click", () => correct((counted(inUse()[now.point].id) ?? 1) - 1));
$("count-more").addEventListener("click", () => correct((counted(inUse()[now.point].id) ?? -1) + 1));
$("count").addEventListener("change", () => correct($("count").value));
$("count-before").addEventListener("click", () => choose(now.point - 1));
$("count-after").addEventListener("click", () => choose(now.point + 1));
$("count-again").addEventListener("click", attempt(count));
$("keep-it").addEventListener("click", attempt(keep));
