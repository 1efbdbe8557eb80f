// A keyboard of our own for a touch screen that has none. It comes up when a finger touches a field, leaves the field in
// view, and types as a person would: the browser makes the input events, so forms and the app see no difference. Letters
// by the language of the page; accents by a long press.
(function () {
  var ROWS = {
    en: ["qwertyuiop", "asdfghjkl", "zxcvbnm"], de: ["qwertzuiop\u00fc", "asdfghjkl\u00f6\u00e4", "yxcvbnm\u00df"],
    hu: ["qwertzuiop\u0151\u00fa", "asdfghjkl\u00e9\u00e1\u0171", "\u00edyxcvbnm\u00f6\u00fc\u00f3"], fr: ["azertyuiop", "qsdfghjklm", "wxcvbn\u00e9\u00e8\u00e7\u00e0"]
  };
  var SIGNS = ["@#&%+=/*()", "-_:;!?\u201c\u201d\u2019\"", "<>[]\u20ac$\u00a3"];
  var MORE = {
    a: "\u00e1\u00e0\u00e2\u00e4\u00e6\u00e5\u00e3", c: "\u00e7\u010d", e: "\u00e9\u00e8\u00ea\u00eb", i: "\u00ed\u00ec\u00ee\u00ef", n: "\u00f1", o: "\u00f3\u00f6\u0151\u00f2\u00f4\u0153\u00f5\u00f8",
    s: "\u00df\u0161", u: "\u00fa\u00fc\u0171\u00f9\u00fb", y: "\u00fd\u00ff", z: "\u017e", ".": ",;:!?", "1": "\u00b9", "2": "\u00b2\u00bd", "3": "\u00b3\u00be", "4": "\u00bc"
  };
  var LONG = 400, AGAIN = 80;
  var board, more, field, upper = false, signs = false, byTouch = false, held = null;

  function typing(el) {
    el = el && el.closest && el.closest("input, textarea");
    if (!el || el.disabled || el.readOnly || el.closest(".pad")) return null;
    return el.tagName === "TEXTAREA" || ["text", "search", "password", "email", "url", "tel", "number"].indexOf(el.type) >= 0 ? el : null;
  }
  function button(key, shown, kind) {
    var el = document.createElement("button");
    el.type = "button";
    el.tabIndex = -1;
    el.textContent = shown || key;
    el.dataset.key = key;
    el.className = "key" + (kind ? " key-" + kind : "");
    return el;
  }
  function row(keys) {
    var el = document.createElement("div");
    el.className = "keyboard-row";
    el.append.apply(el, keys);
    return el;
  }
  function letters(text) {
    return Array.from(upper ? text.toUpperCase() : text).map(function (letter) { return button(letter); });
  }
  function draw() {
    var rows = signs ? SIGNS : ROWS[document.documentElement.lang.slice(0, 2)] || ROWS.en;
    board.replaceChildren(
      row(letters("1234567890")), row(letters(rows[0])), row(letters(rows[1])),
      row([button("Shift", "\u21e7", upper ? "on" : "wide")].concat(letters(rows[2]), button("Backspace", "\u232b", "wide"))),
      row([button("Signs", signs ? "abc" : "#+=", "wide"), button(","), button(" ", "\u2423", "space"), button("."), button("Enter", "\u23ce", "wide"), button("Close", "\u2304", "wide")])
    );
  }
  function show(el) {
    field = el;
    if (!board) {
      board = document.createElement("div");
      board.className = "keyboard";
      // Whoever listens instead of looking has another way to type.
      board.setAttribute("aria-hidden", "true");
      ["pointerdown", "pointerup", "pointercancel", "mousedown", "contextmenu"].forEach(function (kind) { board.addEventListener(kind, touch); });
      document.documentElement.appendChild(board);
    }
    upper = signs = false;
    draw();
    board.hidden = false;
    document.documentElement.dataset.typing = "";
    field.scrollIntoView({ block: "center" });
  }
  function hide() {
    if (!board || board.hidden) return;
    release();
    board.hidden = true;
    field = null;
    delete document.documentElement.dataset.typing;
  }
  function release() {
    if (held) clearTimeout(held.timer);
    held = null;
    if (more) more.remove();
    more = null;
  }
  // The focus stays in the field: the keys never take it.
  function touch(event) {
    event.preventDefault();
    event.stopPropagation();
    var key = event.target.closest(".key");
    if (event.type === "pointerdown") {
      release();
      if (!key) return;
      held = { key: key, timer: setTimeout(hold, LONG) };
      key.classList.add("key-down");
    } else if (event.type === "pointerup" && held) {
      var began = held.key, under = document.elementFromPoint(event.clientX, event.clientY);
      under = under && under.closest(".key");
      began.classList.remove("key-down");
      // Where the accents are open the finger may slide to one, or lift and touch one.
      if (more && under === began) { clearTimeout(held.timer); held = null; return; }
      var chosen = more ? (more.contains(under) ? under : null) : held.done ? null : began;
      release();
      if (chosen) press(chosen.dataset.key);
    } else if (event.type === "pointercancel") {
      if (held) held.key.classList.remove("key-down");
      release();
    }
  }
  function hold() {
    var key = held.key.dataset.key, others = MORE[key.toLowerCase()];
    if (key === "Backspace") {
      held.done = true;
      press(key);
      held.timer = setTimeout(hold, AGAIN);
    } else if (others) {
      var at = held.key.getBoundingClientRect();
      more = document.createElement("div");
      more.className = "keyboard-more";
      more.append.apply(more, letters(others));
      board.appendChild(more);
      var left = Math.min(at.left, innerWidth - more.offsetWidth - 4);
      more.style.setProperty("left", Math.max(left, 4) + "px");
      more.style.setProperty("top", at.top - board.getBoundingClientRect().top - more.offsetHeight - 4 + "px");
    }
  }
  function press(key) {
    // The app may have taken the field away.
    if (!field || !field.isConnected) return hide();
    if (document.activeElement !== field) field.focus();
    if (key === "Close") return hide();
    if (key === "Shift" || key === "Signs") {
      if (key === "Shift") upper = !upper; else signs = !signs;
      return draw();
    }
    if (key === "Enter" && field.tagName !== "TEXTAREA") {
      var form = field.form, send = form && form.querySelector("button:not([type=button]), input[type=submit]");
      hide();
      if (form) form.requestSubmit(send);
      return;
    }
    // As if typed: with the browser's own events, its undo, and no more than the field takes.
    if (key === "Backspace") document.execCommand("delete");
    else document.execCommand("insertText", false, key === "Enter" ? "\n" : key);
    if (upper) { upper = false; draw(); }
  }
  addEventListener("pointerdown", function (event) {
    byTouch = event.pointerType === "touch";
    var el = byTouch && typing(event.target);
    // A keyboard of the system stays away.
    if (el) el.inputMode = "none";
  }, true);
  addEventListener("click", function (event) {
    var el = typing(event.target);
    if (el && byTouch) show(el);
    else if (!event.target.closest || !event.target.closest(".keyboard, label")) hide();
  }, true);
  addEventListener("focusout", function (event) { if (!typing(event.relatedTarget)) hide(); });
})();
