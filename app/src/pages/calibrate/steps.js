// From step to step, and the keyboard.
const STEPS = ["camera", "corners", "bins", "check"];

async function go(to) {
  say("");
  live = false;
  if (to === "corners" && !drawn.corners) drawn.corners = [];
  if ((to === "bins" || to === "check") && !now.straight) await straighten();
  now.step = to;
  now.point = 0;
  now.zoom = 1;
  now.middle = [0.5, 0.5];
  for (const part of all("step")) part.hidden = part.dataset.step !== to;
  for (const mark of document.querySelectorAll(".calibrate-steps li")) {
    if (mark.dataset.step === to) mark.setAttribute("aria-current", "step");
    else mark.removeAttribute("aria-current");
  }
  $("back").disabled = to === "camera";
  $("next").hidden = to === "check";
  controls();
  paint();
  canvas.setAttribute("aria-label", words["picture_" + to]);
  // A new rack starts with a proposal, and with a plain lattice where nothing is sure.
  if (to === "bins" && !drawn.bins.length && !past.some((before) => JSON.parse(before).bins.length)) {
    $("any-kind").checked = true;
    try {
      await findLattice();
    } finally {
      $("any-kind").checked = false;
      if (!drawn.bins.length && kindOf() !== "free") {
        const told = $("said").textContent;
        await work();
        say(told + " " + words.bins_now.replace("{n}", drawn.bins.length));
      }
    }
  }
  if (to === "check") await count();
}

$("next").addEventListener("click", attempt(() => go(STEPS[STEPS.indexOf(now.step) + 1])));
$("back").addEventListener("click", attempt(() => go(STEPS[STEPS.indexOf(now.step) - 1])));
$("undo").addEventListener("click", () => step(past, future));
$("redo").addEventListener("click", () => step(future, past));

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** On the picture: arrows move what is chosen, N chooses the next, the rest is on buttons. */
canvas.addEventListener("keydown", (event) => {
  const arrow = ARROWS[event.key], way = event.shiftKey ? 10 : 1;
  if (arrow && now.step === "corners" && (drawn.corners || [])[now.point]) {
    remember();
    drawn.corners[now.point] = drawn.corners[now.point].map((v, k) => v + way * arrow[k]);
    now.straight = null;
  } else if (arrow && now.step === "bins" && now.tool === "bins" && now.chosen.length) {
    remember();
    const one = now.chosen.length === 1 && event.altKey ? now.point : -1;
    now.chosen.forEach((i) => {
      drawn.bins[i].polygon = drawn.bins[i].polygon.map((p, j) => (one < 0 || j === one ? p.map((v, k) => v + way * arrow[k]) : p));
    });
  } else if (event.key.toLowerCase() === "n") {
    if (now.step === "check") choose(now.point + 1);
    else if (now.step === "corners" && drawn.corners && drawn.corners.length < 4) {
      remember();
      drawn.corners.push(now.size.map((side, k) => side * [[0.1, 0.9, 0.9, 0.1], [0.1, 0.1, 0.9, 0.9]][k][drawn.corners.length]));
      now.point = drawn.corners.length - 1;
    } else if (now.step === "corners" && drawn.corners) now.point = (now.point + 1) % drawn.corners.length;
    else if (now.step === "bins" && drawn.bins.length) {
      now.tool = "bins";
      now.chosen = [((now.chosen[0] ?? -1) + 1) % drawn.bins.length];
      controls();
    }
  } else if (event.key === "+" || event.key === "-") {
    const box = canvas.getBoundingClientRect();
    zoom(event.key === "+" ? 1.5 : 1 / 1.5, [box.width / 2, box.height / 2]);
  } else if (now.step === "check" && /^[0-9]$/.test(event.key)) correct(event.key);
  else if (event.key === "Delete" && now.step === "bins" && now.tool === "bins") remove();
  else return;
  event.preventDefault();
  paint();
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.target.matches("input, textarea, select")) return;
  const key = event.key.toLowerCase();
  if (key === "z" && !event.shiftKey) step(past, future);
  else if (key === "y" || (key === "z" && event.shiftKey)) step(future, past);
  else return;
  event.preventDefault();
});

// A rack that is known opens as it is; its corners are of frames of another size perhaps.
if (known.id) {
  const { facts } = known;
  drawn.corners = facts.corners;
  drawn.lens = facts.lens || null;
  drawn.rectified = [facts.rectified_width, facts.rectified_height];
  drawn.parting = { kind: facts.kind, rows: facts.row_count || 1, columns: facts.column_count || 1, staggered: facts.staggered, rim: false, board: 0.08 };
  drawn.bins = known.bins;
  now.size = [facts.frame_width, facts.frame_height];
  now.tool = "bins";
}
now.camera = known.camera;
buttons();
controls();
attempt(() => go("camera"))();
attempt(findCameras)();
