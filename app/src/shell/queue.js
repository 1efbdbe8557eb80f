// Acts are sent from here, outside the wasm: what the server does not answer is kept, in the browser's storage, and sent
// again in its order until it is answered. Each act has a key of its own, so the server does it once however often it
// comes. `cellar.send` resolves to [status, text]; status 0 says that the act waits, and text how many do.
(function () {
  var NAME = "winecellar.queue", LONGEST = 40 * 3600e3, PATIENCE = 8000, AGAIN = 2000;
  var spare = [], busy = false, shown = {};
  function load() { try { return JSON.parse(localStorage.getItem(NAME)) || []; } catch (e) { return spare; } }
  function save(acts) { spare = acts; try { localStorage.setItem(NAME, JSON.stringify(acts)); } catch (e) { /* this page keeps them */ } }
  function tell(status, text) {
    dispatchEvent(new CustomEvent("winecellar-queue", { detail: [load().length, status, text] }));
  }
  function key() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), function (b) { return (b + 256).toString(16).slice(1); }).join("");
  }
  function post(act) {
    var stop = new AbortController(), timer = setTimeout(function () { stop.abort(); }, PATIENCE);
    return fetch(act.to, {
      method: "POST", body: act.body, signal: stop.signal,
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json", "idempotency-key": act.key }
    }).then(function (answer) {
      // The database, or the server behind a proxy, is away.
      if (answer.status >= 502 && answer.status <= 504) throw answer.status;
      return answer.text().then(function (text) {
        if (answer.status === 500 && text.indexOf('"code":"busy"') >= 0) throw answer.status;
        return [answer.status, text];
      });
    }).finally(function () { clearTimeout(timer); });
  }
  // What a form is about: where it goes, and what it carries unseen. The page may show another thing in the same element later.
  function about(form) {
    return form.getAttribute("action") + "?" + Array.from(form.querySelectorAll("input[type=hidden]"), function (field) {
      return field.name + "=" + field.value;
    }).join("&");
  }
  function place(act) {
    var form = shown[act.key];
    if (!form || !form.isConnected || about(form) !== act.about) {
      form = shown[act.key] = Array.from(document.forms).find(function (other) { return about(other) === act.about; });
    }
    return form ? form.closest("li, article") : null;
  }
  // A tap is seen at once: the row looks as if it were done (`data-sent`), or kept (`data-waiting`), until it is told anew, or
  // the act is refused. The mark goes with the thing, wherever the page draws it.
  var marks = {}, watch = new MutationObserver(function (changes) {
    var all = Object.values(marks);
    all.forEach(function (mark) {
      mark.now = place(mark.act);
      if (mark.row && mark.row !== mark.now) mark.row.removeAttribute(mark.name);
    });
    all.forEach(function (mark) {
      var same = mark.now && mark.row === mark.now;
      if (mark.told && (!mark.now || same && changes.some(function (change) { return mark.now.contains(change.target); }))) {
        forget(mark.act);
        return;
      }
      mark.row = mark.now;
      if (mark.row) mark.row.setAttribute(mark.name, "");
    });
  });
  function forget(act) {
    var mark = marks[act.key];
    if (!mark) return;
    clearTimeout(mark.late);
    if (mark.row) mark.row.removeAttribute(mark.name);
    if (mark.told) delete shown[act.key];
    delete marks[act.key];
    if (!Object.keys(marks).length) watch.disconnect();
  }
  function mark(act, name) {
    forget(act);
    var row = place(act);
    marks[act.key] = { act: act, name: name, row: row };
    if (row) row.setAttribute(name, "");
    watch.observe(document, { childList: true, characterData: true, subtree: true, attributes: true, attributeFilter: ["value", "action"] });
  }
  // The act is answered. What it carried is saved: the form holds what it came with until the page tells it anew.
  function ended(act, answer) {
    var row = place(act), form = shown[act.key], refused = answer[0] >= 400;
    if (refused || !row) forget(act);
    else {
      mark(act, "data-sent");
      marks[act.key].told = true;
      marks[act.key].late = setTimeout(forget, PATIENCE, act);
    }
    delete shown[act.key];
    if (!form || refused) return;
    form.reset();
    if (form.contains(document.activeElement)) document.activeElement.blur();
  }
  function keep(act) {
    var acts = load().concat(act);
    save(acts);
    mark(act, "data-waiting");
    tell();
    setTimeout(flush, AGAIN);
    return [0, String(acts.length)];
  }
  function flush() {
    var act = load()[0];
    if (busy || !act) return;
    busy = true;
    // The server forgets keys after two days: what is older could be done twice.
    var sent = Date.now() - act.at > LONGEST ? Promise.resolve([410, ""]) : post(act);
    sent.then(function (answer) {
      // By its key: another tab may have sent it meanwhile.
      save(load().filter(function (other) { return other.key !== act.key; }));
      ended(act, answer);
      busy = false;
      tell(answer[0], answer[1]);
      flush();
    }, function () {
      busy = false;
      setTimeout(flush, AGAIN);
    });
  }
  window.cellar = {
    send: function (to, body, form) {
      var act = { key: key(), to: to, body: body, at: Date.now(), about: form ? about(form) : "" };
      shown[act.key] = form;
      // Behind those that wait already, so that the order stays.
      if (load().length) return Promise.resolve(keep(act));
      mark(act, "data-sent");
      return post(act).then(function (answer) { ended(act, answer); return answer; }, function () { return keep(act); });
    },
    waiting: function () { return load().length; }
  };
  addEventListener("DOMContentLoaded", function () { load().forEach(function (act) { mark(act, "data-waiting"); }); });
  setTimeout(flush, AGAIN);
})();
