// A screen that nobody has touched for a while dims to a view of the rack: the time, what needs a look, what is ready
// tonight. These are lifted from the pages themselves, so that they say what the pages say. A touch wakes it and does
// nothing else.
(function () {
  var root = document.documentElement, AFTER = Number(root.dataset.idle) * 60000, AGAIN = 60000;
  var layer, touched = Date.now(), drawn = 0;
  function part(address, pick) {
    return fetch(address, { headers: { accept: "text/html" } }).then(function (answer) {
      if (!answer.ok) throw answer.status;
      return answer.text();
    }).then(function (text) { return pick(new DOMParser().parseFromString(text, "text/html")); });
  }
  function block(name, nodes) {
    var el = document.createElement("div");
    el.className = "idle-" + name;
    el.append.apply(el, nodes.map(function (node) { return document.importNode(node, true); }));
    return el;
  }
  function draw() {
    drawn = Date.now();
    Promise.all([
      part("/rack", function (page) { return block("rack", Array.from(page.querySelectorAll(".plan-svg")).slice(0, 1)); }),
      part("/", function (page) {
        return block("words", [page.querySelector(".tiles > a"), page.querySelector(".tiles > :has(.tonight)")].filter(Boolean));
      })
    ]).then(function (parts) {
      if (!layer) return;
      layer.querySelectorAll(".idle-rack, .idle-words").forEach(function (old) { old.remove(); });
      layer.append.apply(layer, parts);
    }, function () { /* the server is away: what was drawn stays */ });
  }
  function tick() {
    var now = new Date();
    layer.firstChild.textContent = now.toLocaleTimeString(root.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    // A picture that never moves burns itself into some screens.
    layer.dataset.place = now.getMinutes() % 4;
  }
  function sleep() {
    if (document.activeElement) document.activeElement.blur();
    layer = document.createElement("div");
    layer.className = "idle";
    layer.setAttribute("aria-hidden", "true");
    layer.appendChild(document.createElement("time")).className = "idle-time";
    var lift;
    // The touch ends on this layer, whole: nothing of it reaches the page beneath.
    layer.addEventListener("click", function (event) { event.preventDefault(); event.stopPropagation(); wake(); });
    ["pointerup", "pointercancel"].forEach(function (kind) {
      layer.addEventListener(kind, function () { clearTimeout(lift); lift = setTimeout(wake, 400); });
    });
    root.appendChild(layer);
    tick();
    draw();
  }
  function wake() {
    touched = Date.now();
    if (layer) layer.remove();
    layer = null;
  }
  ["pointerdown", "pointermove", "keydown", "wheel"].forEach(function (kind) {
    addEventListener(kind, function (event) {
      if (!layer) touched = Date.now();
      else if (kind === "keydown") { event.preventDefault(); event.stopPropagation(); wake(); }
    }, { capture: true, passive: kind !== "keydown" });
  });
  addEventListener("winecellar-live", function (event) { if (layer && event.detail === "change" && Date.now() - drawn > 2000) draw(); });
  setInterval(function () {
    if (layer) {
      tick();
      if (Date.now() - drawn >= AGAIN) draw();
    } else if (Date.now() - touched >= AFTER) sleep();
  }, 1000);
})();
