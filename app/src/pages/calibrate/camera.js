// Which camera, is it sharp, and the picture that is drawn on.
let live = false;

async function findCameras() {
  const list = $("camera");
  for (const found of await ask("/calibration/cameras")) {
    const option = new Option(found.title, found.camera);
    option.dataset.modes = JSON.stringify(found.modes);
    list.add(option, 1);
  }
  const [plain, mode] = known.camera.split("?");
  const there = [...list.options].find((option) => option.value === plain);
  if (there) list.value = plain;
  else if (known.camera) {
    list.value = "address";
    $("address").value = known.camera;
  }
  cameraModes(mode ? "?" + mode : "");
}

function cameraModes(wanted) {
  const chosen = $("camera").selectedOptions[0], modes = JSON.parse((chosen && chosen.dataset.modes) || "[]");
  const list = $("mode");
  list.replaceChildren(new Option(words.usual_mode, ""), ...modes.map((mode) => new Option(mode.replace(/\?size=|&format=/g, " ").trim(), mode)));
  list.value = modes.includes(wanted) ? wanted : "";
  list.closest("label").hidden = !modes.length;
  $("address").closest("label").hidden = $("camera").value !== "address";
}

const camera = () => ($("camera").value === "address" ? $("address").value.trim() : $("camera").value + ($("mode").value || ""));

/** Takes a draft as the picture that is drawn on. */
async function use(draft) {
  const bytes = await (await fetch("/media/calibration/" + draft.picture + ".jpg")).blob();
  now.image = await picture(bytes);
  // Corners that were set on a picture of another size are brought to this one's.
  if (drawn.corners && now.size[0] && now.size[0] !== draft.width) {
    drawn.corners = drawn.corners.map((p) => [(p[0] * draft.width) / now.size[0], (p[1] * draft.height) / now.size[1]]);
  }
  now.picture = draft.picture;
  // What was counted was counted in another picture.
  now.counts = {};
  now.seen = {};
  now.size = [draft.width, draft.height];
  now.straight = null;
  $("sharp").value = draft.sharpness;
  $("sharp-number").textContent = Math.round(draft.sharpness * 100) + " %";
  ready();
  paint();
}

const shoot = async () => {
  const from = camera();
  await use(await ask("/calibration/shots", { camera: from }));
  now.camera = from;
  say("");
};

async function goLive() {
  live = !live;
  $("live").setAttribute("aria-pressed", String(live));
  try {
    while (live && now.step === "camera" && !document.hidden) {
      await shoot();
      await new Promise((done) => setTimeout(done, 400));
    }
  } finally {
    live = false;
    $("live").setAttribute("aria-pressed", "false");
  }
}

$("camera").addEventListener("change", () => cameraModes(""));
$("live").addEventListener("click", attempt(goLive));
$("shoot").addEventListener("click", attempt(() => {
  live = false;
  return shoot();
}));
$("upload").addEventListener("change", attempt(async (event) => {
  const file = event.target.files[0];
  event.target.value = "";
  if (!file) return;
  live = false;
  await use(await ask("/calibration/pictures", file));
  now.camera = camera();
  say("");
}));
