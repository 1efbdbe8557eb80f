// The rack's four corners on the picture as the camera sees it.
const NAMES = ["top_left", "top_right", "bottom_right", "bottom_left"];
/** A corner or edge is looked for this far around a tap, in pixels of the screen. */
const SNAP = 14;
/** Longest side of the straightened picture. */
const LONGEST = 1600;

function paintCorners() {
  const corners = drawn.corners || [];
  if (corners.length === 4) {
    trace(corners, true);
    stroke("#ffd98a", 2);
  }
  corners.forEach((p, i) => knob(p, i === now.point, String(i + 1)));
  $("corner-hint").textContent = corners.length < 4 ? words.tap_corner.replace("{corner}", words[NAMES[corners.length]]) : words.corners_are_set;
  ready();
}

function holdCorner(p) {
  const corners = drawn.corners || [];
  // While corners are still set, one that is near may be another: a slim rack is a few pixels wide on a phone.
  const reach = corners.length < 4 ? REACH / 2 : REACH;
  let i = corners.findIndex((corner) => far(corner, p) * view.scale < reach);
  let noted = false;
  if (i < 0) {
    if (corners.length === 4) return null;
    remember();
    noted = true;
    drawn.corners = [...corners, p];
    i = corners.length;
  }
  now.point = i;
  return {
    at: drawn.corners[i], noted,
    move: (to) => { drawn.corners[i] = to.map((v, k) => Math.min(Math.max(v, -0.1 * now.size[k]), 1.1 * now.size[k])); },
    drop: async (moved) => {
      now.straight = null;
      if (!$("snap").checked || !(moved || noted)) return;
      const reach = Math.min(64, Math.max(2, SNAP / view.scale));
      const found = await ask("/calibration/snap", { picture: now.picture, point: drawn.corners[i], reach });
      drawn.corners[i] = found.point.map(round);
      paint();
    },
  };
}

async function findCorners() {
  const found = await ask("/calibration/corners", { picture: now.picture });
  if (!found.corners) return say(words.no_corners, true);
  remember();
  drawn.corners = found.corners.map((p) => p.map(round));
  now.straight = null;
  say(words.corners_found);
  paint();
}

async function findLens() {
  if ((drawn.corners || []).length < 4) return say(words.corners_first, true);
  const found = await ask("/calibration/lens", { ...pose(), lens: null });
  remember();
  drawn.lens = found.lens;
  now.straight = null;
  say(found.lens ? words.lens_found.replace("{n}", Math.round(found.lens.k1 * 1000) / 10) : words.lens_straight);
}

/** The size that keeps the rack's proportions, as far as the corners tell them. */
function proportions() {
  const [a, b, c, d] = drawn.corners;
  const [w, h] = [(far(a, b) + far(d, c)) / 2, (far(b, c) + far(a, d)) / 2];
  const scale = LONGEST / Math.max(w, h);
  return [w, h].map((v) => Math.max(64, Math.round(v * scale)));
}

async function straighten() {
  // A rack that is known keeps its picture's size, for its bins are drawn on it.
  if (!known.id && !drawn.bins.length) drawn.rectified = proportions();
  now.straight = await picture(await ask("/calibration/rectified", pose(), true));
  paint();
}

$("find-corners").addEventListener("click", attempt(findCorners));
$("find-lens").addEventListener("click", attempt(findLens));
$("clear-corners").addEventListener("click", () => {
  remember();
  drawn.corners = [];
  now.point = 0;
  paint();
});
