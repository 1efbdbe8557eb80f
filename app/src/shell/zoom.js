// The rack under two fingers: pinch or press a key to come nearer, drag to look around. With every change of the cellar the
// app draws the rack anew, as a whole; what was seen of it is seen again, unless that was a while ago.
(function () {
  var MOST = 6, STEP = 1.6, SLIP = 8, FORGET = 120000;
  var kept = {}, fingers = new Map(), slipped = false;

  function part(svg) { return svg.getAttribute("viewBox").split(" ").map(Number); }
  function whole(svg) { return svg.dataset.whole.split(" ").map(Number); }
  function inside(least, value, most) { return Math.min(Math.max(value, least), most); }
  function look(svg, x, y, width) {
    var all = whole(svg), height;
    width = inside(all[2] / MOST, width, all[2]);
    height = width * all[3] / all[2];
    svg.shown = [inside(0, x, all[2] - width), inside(0, y, all[3] - height), width, height].join(" ");
    svg.setAttribute("viewBox", svg.shown);
    // All of it in view: a finger that moves scrolls the page as elsewhere.
    svg.toggleAttribute("data-near", width < all[2]);
    // What is written grows less than what is pictured, which it would hide.
    svg.style.setProperty("--letters", Math.sqrt(width / all[2]));
    kept[svg.getAttribute("aria-label")] = { view: [x, y, width], at: Date.now() };
    mark();
  }
  function under(svg, x, y) { return new DOMPoint(x, y).matrixTransform(svg.getScreenCTM().inverse()); }
  // The point of the drawing under (x, y) stays there.
  function nearer(svg, x, y, factor) {
    var now = part(svg), at = under(svg, x, y), width = inside(whole(svg)[2] / MOST, now[2] / factor, whole(svg)[2]);
    look(svg, at.x - (at.x - now[0]) * width / now[2], at.y - (at.y - now[1]) * width / now[2], width);
  }
  function shift(svg, dx, dy) {
    var now = part(svg), scale = svg.getScreenCTM().a;
    look(svg, now[0] - dx / scale, now[1] - dy / scale, now[2]);
  }
  function hand() {
    var all = Array.from(fingers.values()), a = all[0], b = all[1] || a;
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, spread: Math.hypot(a.x - b.x, a.y - b.y) };
  }

  function down(event) {
    // The first of a hand; one that was there before has left without a word.
    if (event.isPrimary) {
      fingers.clear();
      slipped = false;
    }
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY, from: [event.clientX, event.clientY] });
  }
  function move(event) {
    var finger = fingers.get(event.pointerId), svg = event.currentTarget, before, now;
    if (!finger) return;
    if (!slipped) {
      if (fingers.size < 2 && Math.hypot(event.clientX - finger.from[0], event.clientY - finger.from[1]) < SLIP) return;
      slipped = fingers.size > 1 || svg.hasAttribute("data-near");
      if (!slipped) return;
      fingers.forEach(function (_, id) { svg.setPointerCapture(id); });
    }
    before = hand();
    finger.x = event.clientX;
    finger.y = event.clientY;
    now = hand();
    shift(svg, now.x - before.x, now.y - before.y);
    if (before.spread && now.spread) nearer(svg, now.x, now.y, now.spread / before.spread);
  }
  function up(event) { fingers.delete(event.pointerId); }

  function dress(svg) {
    svg.dataset.whole = svg.getAttribute("viewBox");
    svg.addEventListener("pointerdown", down);
    svg.addEventListener("pointermove", move);
    ["pointerup", "pointercancel"].forEach(function (kind) { svg.addEventListener(kind, up); });
    // Two fingers are ours from the start: else the browser may take them for a scroll.
    svg.addEventListener("touchstart", function (event) { if (event.touches.length > 1) event.preventDefault(); }, { passive: false });
    // The finger that has moved the rack opens no bin.
    svg.addEventListener("click", function (event) {
      if (!slipped) return;
      slipped = false;
      event.preventDefault();
      event.stopPropagation();
    }, true);
    svg.addEventListener("wheel", function (event) {
      if (!event.ctrlKey) return;
      event.preventDefault();
      nearer(svg, event.clientX, event.clientY, Math.exp(-event.deltaY / 200));
    }, { passive: false });
    // Whoever goes from bin to bin by key sees the one that is meant.
    svg.addEventListener("focusin", function (event) {
      var box = event.target.getBBox(), now = part(svg), x = box.x + box.width / 2, y = box.y + box.height / 2;
      if (x < now[0] || y < now[1] || x > now[0] + now[2] || y > now[1] + now[3]) look(svg, x - now[2] / 2, y - now[3] / 2, now[2]);
    });
  }

  function again(svg) {
    var name = svg.getAttribute("aria-label"), was = kept[name];
    svg.shown = svg.dataset.whole;
    if (was && Date.now() - was.at < FORGET) {
      look.apply(null, [svg].concat(was.view));
      kept[name].at = was.at;
    } else svg.removeAttribute("data-near");
  }

  function racks() { return Array.from(document.querySelectorAll(".plan .plan-svg")); }
  function press(event) {
    var key = event.target.closest("[data-zoom]");
    if (!key) return;
    racks().forEach(function (svg) {
      var box = svg.getBoundingClientRect();
      nearer(svg, box.left + box.width / 2, box.top + box.height / 2, key.dataset.zoom === "in" ? STEP : 1 / STEP);
    });
  }
  function mark() {
    var all = racks(), widest = function (svg) { return part(svg)[2] >= whole(svg)[2]; };
    var nearest = function (svg) { return part(svg)[2] <= whole(svg)[2] / MOST * 1.001; };
    document.querySelectorAll(".zoom [data-zoom]").forEach(function (key) {
      key.disabled = all.every(key.dataset.zoom === "in" ? nearest : widest);
    });
  }
  function see() {
    racks().forEach(function (svg) {
      if (!svg.dataset.whole) dress(svg);
      if (svg.getAttribute("viewBox") !== svg.shown) again(svg);
    });
    // The app must have found its own nodes before there are others among them.
    var head = document.querySelector(".frame[data-alive] .head:has(~ .plan .plan-svg)");
    if (!head || head.querySelector(".zoom")) return;
    head.querySelector("h1").after(document.getElementById("zoom-keys").content.cloneNode(true));
    head.querySelector(".zoom").addEventListener("click", press);
    mark();
  }
  new MutationObserver(see).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-alive", "viewBox"] });
})();
