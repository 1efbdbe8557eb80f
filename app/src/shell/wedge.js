// A scanner that types like a keyboard: keys faster than any person's, then Enter or Tab. What it read goes to /code, which leads
// on within this house only. A field with the focus keeps what is typed into it, but for the search.
(function () {
  // Milliseconds between two keys: scanners by Bluetooth take their time; nobody types six keys so fast into a field as `BURST`.
  var keys = [], FASTEST = 70, LEAST = 6, MOST = 500, BURST = 35, burst = 0, before = 0;
  // Digits of a barcode, or an address as our labels carry it; whatever else came so fast was no scanner's.
  var known = /^(?:\d{8}|\d{12,13}|https?:\/\/\S+|\/\S+)$/i;
  // Scanners press the keys of an American keyboard unless they are told otherwise, whatever the letters on this one mean.
  var american = { Slash: "/?", Semicolon: ";:", Minus: "-_", Period: ".>", Equal: "=+", Digit5: "5%", Digit3: "3#", Digit7: "7&" };
  function pressed(event) {
    var pair = american[event.code], plain = /^(?:Key|Digit|Numpad)(.)$/.exec(event.code);
    if (pair) return pair[event.shiftKey ? 1 : 0];
    return plain ? (event.shiftKey ? plain[1] : plain[1].toLowerCase()) : "";
  }
  function free(at) {
    if (!at || !at.matches || at.type === "search") return true;
    return !at.isContentEditable && !at.matches("textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=submit])");
  }
  addEventListener("keydown", function (event) {
    if (event.key === "Shift") return;
    if (event.key === "Enter") {
      // Scanned into a field: what it read stands there, and its Enter does not send the form.
      if (burst >= LEAST && event.timeStamp - before < FASTEST && !free(event.target) && event.target.matches("input")) event.preventDefault();
      burst = 0;
    } else if (event.key.length === 1) {
      burst = event.timeStamp - before < BURST ? burst + 1 : 1;
      before = event.timeStamp;
    }
    var last = keys[keys.length - 1];
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || !free(event.target)) keys = [];
    else if (last && event.timeStamp - last.at > FASTEST) keys = [];
    if (event.key !== "Enter" && event.key !== "Tab") {
      if (event.key.length === 1 && keys.length < MOST && free(event.target)) keys.push({ said: event.key, pressed: pressed(event), at: event.timeStamp });
      return;
    }
    var text = ["said", "pressed"].map(function (way) {
      // Some scanners say first what kind of code it is.
      return keys.map(function (key) { return key[way]; }).join("").replace(/^\](?:E[0-4]|Q\d|X0)/, "");
    }).filter(function (one) { return one.length >= LEAST && known.test(one); })[0];
    keys = [];
    if (!text) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.target.type === "search") event.target.value = "";
    location.assign("/code?c=" + encodeURIComponent(text));
  }, true);
})();
