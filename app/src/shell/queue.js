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
  function place(act) {
    var form = shown[act.key];
    return form && form.closest("li, article");
  }
  function mark(act, waits) {
    var at = place(act);
    if (!at) return;
    at.removeAttribute("data-sent");
    at.toggleAttribute("data-waiting", waits);
  }
  // A tap is seen at once: the row looks as if it were done, until it is told anew, or the act is refused.
  function hope(act) {
    var at = place(act);
    if (at) at.setAttribute("data-sent", "");
  }
  function done(act) {
    var at = place(act);
    if (!at) return;
    function forget() { told.disconnect(); clearTimeout(late); at.removeAttribute("data-sent"); }
    var told = new MutationObserver(forget), late = setTimeout(forget, PATIENCE);
    told.observe(at, { attributes: true, childList: true, characterData: true, subtree: true });
  }
  // The act is answered. What it carried is saved: the form holds what it came with until the page tells it anew.
  function ended(act, answer) {
    var form = shown[act.key], refused = answer[0] >= 400;
    if (!refused && place(act) && place(act).hasAttribute("data-sent")) done(act);
    else mark(act, false);
    delete shown[act.key];
    if (!form || refused) return;
    form.reset();
    if (form.contains(document.activeElement)) document.activeElement.blur();
  }
  function keep(act) {
    var acts = load().concat(act);
    save(acts);
    mark(act, true);
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
      var act = { key: key(), to: to, body: body, at: Date.now() };
      shown[act.key] = form;
      // Behind those that wait already, so that the order stays.
      if (load().length) return Promise.resolve(keep(act));
      hope(act);
      return post(act).then(function (answer) { ended(act, answer); return answer; }, function () { return keep(act); });
    },
    waiting: function () { return load().length; }
  };
  setTimeout(flush, AGAIN);
})();
