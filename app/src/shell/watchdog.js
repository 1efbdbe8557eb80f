// Looks after the page from outside the wasm, where it can still act when that is dead. A panic, a trap, an app that never
// comes alive and a main thread that hangs are told to the server (POST /trouble). A dead page is loaded anew as soon as
// the server is there, each time a little later, so that a page that always fails does not keep the kiosk busy; one that
// lived a minute starts counting anew.
(function () {
  var root = document.documentElement, KEY = "winecellar.reloads", ALIVE = 30000, HANG = 8000;
  var dead = false, left = 5;
  function note(kind, message) {
    return JSON.stringify({
      kind: kind, message: String(message).slice(0, 2000), page: (location.pathname + location.search).slice(0, 300), build: root.dataset.build || ""
    });
  }
  function report(kind, message) {
    if (left-- > 0) fetch("/trouble", { method: "POST", keepalive: true, headers: { "content-type": "application/json" }, body: note(kind, message) }).catch(function () { /* the log of the browser has it */ });
  }
  // What somebody types is not taken away: a document whose app never came alive can still be used.
  function typed() { return window.cellar && cellar.typed && cellar.typed(); }
  // Without the server a reload would show the browser's own error, and nothing would come back from there.
  function reload() {
    if (!("dead" in root.dataset) && typed()) return setTimeout(reload, 2000);
    fetch("/healthz", { cache: "no-store" }).then(function (answer) {
      if (!answer.ok) throw answer.status;
      location.reload();
    }).catch(function () { setTimeout(reload, 2000); });
  }
  function revive(kind, message) {
    if (dead) return;
    dead = true;
    var panic = root.getAttribute("data-panic");
    report(panic ? "panic" : kind, panic || message);
    if (kind !== "asleep") root.dataset.dead = "";
    var tries = Number(sessionStorage.getItem(KEY)) || 0;
    sessionStorage.setItem(KEY, tries + 1);
    setTimeout(reload, Math.min(2000 * Math.pow(2, tries), 300000));
  }
  // What the app's panic hook says.
  new MutationObserver(function () { revive("panic", ""); }).observe(root, { attributeFilter: ["data-panic"] });
  function failed(error, where) {
    // Memory or stack at their end tell no panic.
    if (error instanceof WebAssembly.RuntimeError) revive("trap", error.message);
    else report("error", (error && error.message || error) + where);
  }
  addEventListener("error", function (event) { failed(event.error || event.message, " at " + event.filename + ":" + event.lineno); });
  addEventListener("unhandledrejection", function (event) { failed(event.reason, ""); });
  setTimeout(function () {
    if (!document.querySelector("[data-alive]")) revive("asleep", "the app did not come alive within 30 s");
  }, ALIVE);
  setTimeout(function () { if (!dead) sessionStorage.removeItem(KEY); }, 60000);

  // In a thread of its own: this one cannot tell that it hangs.
  function guard(to, patience) {
    var body = null, seen = 0, told = false, ticked = Date.now();
    onmessage = function (event) { body = event.data; seen = Date.now(); told = false; };
    setInterval(function () {
      var now = Date.now(), late = now - ticked > 3000;
      ticked = now;
      // The machine slept, and the page could not say anything either.
      if (late) seen = now;
      if (!body || told || now - seen < patience) return;
      told = true;
      fetch(to, { method: "POST", headers: { "content-type": "application/json" }, body: body });
    }, 1000);
  }
  // Once the page is there: a thread costs time that the first paint wants.
  addEventListener("load", function () {
    var text = "(" + guard + ")(" + JSON.stringify(location.origin + "/trouble") + "," + HANG + ")";
    var worker = new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
    // A page that nobody sees is put to rest by the browser, and does not hang.
    function beat() { worker.postMessage(document.hidden ? null : note("hang", "the main thread did not answer for " + HANG / 1000 + " s")); }
    document.addEventListener("visibilitychange", beat);
    setInterval(beat, 1000);
    beat();
  });
})();
