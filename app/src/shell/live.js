// The line to the server, for the life of the page: "up", "down" and "change" as events `winecellar-live` of the window.
// It is opened anew for ever: the browser gives up when the answer was no event stream (a proxy's error page), and does not
// notice a line that is cut without a word. The server says something every 15 s. A page of an old build loads itself anew
// when nobody has touched it for a while. A page that has just been made knows what it shows: it is told of changes since.
(function () {
  var RETRY = 2000, SILENCE = 40000, IDLE = 20000;
  var source, heard, met = false, touched = 0, stale = false, doing = "";
  function tell(kind) { dispatchEvent(new CustomEvent("winecellar-live", { detail: kind })); }
  function open() {
    heard = Date.now();
    var mine = source = new EventSource("/events");
    var on = function (kind, then) { mine.addEventListener(kind, function (event) { heard = Date.now(); then(event); }); };
    on("open", function () { tell("up"); });
    on("hello", function (event) {
      var told = JSON.parse(event.data);
      known(told.build);
      if (met || String(told.revision) !== document.documentElement.dataset.revision) tell("change");
      met = true;
    });
    on("change", function () { tell("change"); });
    on("scan", function (event) { doing = JSON.parse(event.data).doing; show(); });
    on("ping", function () { /* it lives */ });
    mine.onerror = function () {
      tell("down");
      if (mine.readyState === EventSource.CLOSED && mine === source) setTimeout(open, RETRY);
    };
  }
  // What the camera is doing, wherever the page has a place for it; a place that was drawn anew is filled again.
  function show() {
    document.querySelectorAll("[data-scan]").forEach(function (place) {
      if (place.textContent !== doing) place.textContent = doing;
      place.hidden = !doing;
    });
  }
  function known(build) {
    var ours = document.documentElement.dataset.build;
    if (stale || !ours || build === ours) return;
    stale = true;
    renew();
  }
  function typed() {
    return Array.from(document.querySelectorAll("input:not([type=hidden]), textarea")).some(function (field) {
      return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
    });
  }
  function renew() {
    var quiet = Date.now() - touched;
    // A reload that is refused leaves the old page, which still works.
    if (quiet >= IDLE && !typed()) location.reload();
    else setTimeout(renew, Math.max(IDLE - quiet, 1000));
  }
  ["pointerdown", "keydown", "input"].forEach(function (kind) {
    addEventListener(kind, function () { touched = Date.now(); }, { capture: true, passive: true });
  });
  setInterval(function () { if (doing) show(); }, 500);
  setInterval(function () {
    if (!source || source.readyState === EventSource.CLOSED || Date.now() - heard < SILENCE) return;
    source.close();
    tell("down");
    open();
  }, 5000);
  window.cellar.typed = typed;
  window.cellar.follow = function () { if (!source) open(); };
})();
