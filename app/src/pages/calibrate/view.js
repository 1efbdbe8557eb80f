// The picture with what is drawn on it, and fingers on it: a magnifier shows what lies below the finger.
const canvas = $("canvas"), pen = canvas.getContext("2d");
const look = getComputedStyle(document.documentElement);
/** A finger hits what is this near, in pixels of the screen. */
const REACH = 28;
/** Where the picture lies on the canvas. */
let view = { scale: 1, x: 0, y: 0 };
let hold = null;

const shown = () => (now.step === "camera" || now.step === "corners" ? now.image : now.straight);
const onScreen = ([x, y]) => [view.x + x * view.scale, view.y + y * view.scale];
const inPicture = ([x, y]) => [(x - view.x) / view.scale, (y - view.y) / view.scale];

function paint() {
  const box = canvas.getBoundingClientRect(), dense = window.devicePixelRatio || 1;
  const [w, h] = [Math.max(1, Math.round(box.width * dense)), Math.max(1, Math.round(box.height * dense))];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  pen.setTransform(dense, 0, 0, dense, 0, 0);
  pen.clearRect(0, 0, box.width, box.height);
  const image = shown();
  if (!image) return;
  // A margin, so that a corner at the picture's rim can be held.
  const scale = now.zoom * Math.min((box.width - 24) / image.width, (box.height - 24) / image.height);
  view = { scale, x: box.width / 2 - now.middle[0] * image.width * scale, y: box.height / 2 - now.middle[1] * image.height * scale };
  pen.drawImage(image, view.x, view.y, image.width * scale, image.height * scale);
  overlay();
  if (hold && hold.at) magnifier(box, image);
}

function overlay() {
  if (now.step === "corners") return paintCorners();
  if (now.step === "bins") return paintBins();
  if (now.step === "check") paintCheck();
}

function trace(outline, close) {
  pen.beginPath();
  outline.forEach((p, i) => (i ? pen.lineTo(...onScreen(p)) : pen.moveTo(...onScreen(p))));
  if (close) pen.closePath();
}

/** A line that is seen on light and on dark. */
function stroke(colour, width) {
  pen.lineJoin = "round";
  pen.strokeStyle = "rgb(0 0 0 / 60%)";
  pen.lineWidth = width + 2;
  pen.stroke();
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.stroke();
}

function knob(p, chosen, text) {
  const [x, y] = onScreen(p);
  pen.beginPath();
  pen.arc(x, y, chosen ? 13 : 10, 0, 7);
  pen.fillStyle = chosen ? "#ffd98a" : "rgb(255 255 255 / 85%)";
  pen.fill();
  stroke("#8f2440", 3);
  if (text) label(text, [x, y - 24], 18);
}

function label(text, [x, y], size) {
  pen.font = "600 " + size + "px " + look.getPropertyValue("--sans");
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineWidth = 4;
  pen.lineJoin = "round";
  pen.strokeStyle = "rgb(0 0 0 / 80%)";
  pen.strokeText(text, x, y);
  pen.fillStyle = "#fff";
  pen.fillText(text, x, y);
}

/** Three times as large, in the corner that is further from the finger. */
function magnifier(box, image) {
  const side = Math.min(170, box.width / 2.5), zoom = Math.max(3 * view.scale, 1);
  const [x] = onScreen(hold.at), left = x > box.width / 2 ? 8 : box.width - side - 8;
  const span = side / zoom;
  pen.save();
  pen.beginPath();
  pen.roundRect(left, 8, side, side, 12);
  pen.fillStyle = "#000";
  pen.fill();
  pen.clip();
  pen.imageSmoothingEnabled = zoom < 2;
  pen.drawImage(image, hold.at[0] - span / 2, hold.at[1] - span / 2, span, span, left, 8, side, side);
  pen.beginPath();
  pen.moveTo(left + side / 2, 8); pen.lineTo(left + side / 2, 8 + side);
  pen.moveTo(left, 8 + side / 2); pen.lineTo(left + side, 8 + side / 2);
  stroke("#ffd98a", 1);
  pen.restore();
  pen.beginPath();
  pen.roundRect(left, 8, side, side, 12);
  stroke("#ffd98a", 2);
}

const place = (event) => {
  const box = canvas.getBoundingClientRect();
  return inPicture([event.clientX - box.left, event.clientY - box.top]);
};

const fingers = new Map();
let pinch = null;

/** Larger or smaller, so that a place of the picture stays where it is on the screen. */
function zoom(by, [x, y]) {
  const image = shown();
  if (!image) return;
  const box = canvas.getBoundingClientRect(), fixed = inPicture([x, y]);
  now.zoom = Math.min(12, Math.max(1, now.zoom * by));
  const scale = now.zoom * Math.min((box.width - 24) / image.width, (box.height - 24) / image.height);
  const middle = [fixed[0] - (x - box.width / 2) / scale, fixed[1] - (y - box.height / 2) / scale];
  now.middle = now.zoom === 1 ? [0.5, 0.5] : middle.map((v, k) => Math.min(1, Math.max(0, v / [image.width, image.height][k])));
  paint();
}

/** Two fingers: they spread the picture, and carry it along. */
function pinched() {
  const [a, b] = [...fingers.values()], at = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], wide = Math.max(20, far(a, b));
  if (pinch) {
    const image = shown();
    now.middle = now.middle.map((v, k) => v - (at[k] - pinch.at[k]) / (view.scale * [image.width, image.height][k]));
    zoom(wide / pinch.wide, at);
  }
  pinch = { at, wide };
}

canvas.addEventListener("wheel", (event) => {
  const box = canvas.getBoundingClientRect();
  event.preventDefault();
  zoom(Math.exp(-event.deltaY / 400), [event.clientX - box.left, event.clientY - box.top]);
}, { passive: false });

canvas.addEventListener("pointerdown", (event) => {
  if (!shown() || event.button) return;
  const box = canvas.getBoundingClientRect();
  fingers.set(event.pointerId, [event.clientX - box.left, event.clientY - box.top]);
  if (fingers.size > 1) {
    // The first finger was not meant to draw.
    if (hold && (hold.moved || hold.noted)) step(past, []);
    hold = null;
    pinch = null;
    return pinched();
  }
  canvas.focus({ preventScroll: true });
  canvas.setPointerCapture(event.pointerId);
  const p = place(event);
  hold = now.step === "corners" ? holdCorner(p) : now.step === "bins" ? holdBins(p) : now.step === "check" ? holdCheck(p) : null;
  if (hold) {
    // What is held beside its middle does not jump to the finger.
    hold.off = hold.at ? [hold.at[0] - p[0], hold.at[1] - p[1]] : [0, 0];
    hold.from = p;
    event.preventDefault();
  }
  paint();
});
canvas.addEventListener("pointermove", (event) => {
  if (fingers.has(event.pointerId)) {
    const box = canvas.getBoundingClientRect();
    fingers.set(event.pointerId, [event.clientX - box.left, event.clientY - box.top]);
  }
  if (fingers.size > 1) return pinched();
  if (!hold || !hold.move) return;
  const p = place(event);
  if (!hold.moved && far(p, hold.from) * view.scale < 3) return;
  if (!hold.moved) {
    hold.moved = true;
    if (!hold.noted) remember();
  }
  hold.at = [p[0] + hold.off[0], p[1] + hold.off[1]];
  hold.move(hold.at);
  paint();
});
const letGo = (event) => {
  fingers.delete(event.pointerId);
  pinch = null;
  const was = hold;
  hold = null;
  if (was && was.drop && event.type === "pointerup") attempt(was.drop)(was.moved);
  paint();
};
canvas.addEventListener("pointerup", letGo);
canvas.addEventListener("pointercancel", letGo);
new ResizeObserver(paint).observe(canvas);

/** Bytes of a picture, to be drawn. */
const picture = (blob) => createImageBitmap(blob);
