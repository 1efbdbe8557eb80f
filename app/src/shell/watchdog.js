// The app's panic hook marks <html data-panic>. Then reload, each time a little later, so that a page that always
// panics does not keep the kiosk busy; a page that lived a minute starts counting anew.
(function () {
  var key = "winecellar.reloads";
  var tries = Number(sessionStorage.getItem(key) || 0);
  setTimeout(function () { sessionStorage.removeItem(key); }, 60000);
  var timer = setInterval(function () {
    if (!document.documentElement.hasAttribute("data-panic")) return;
    clearInterval(timer);
    sessionStorage.setItem(key, String(tries + 1));
    setTimeout(function () { location.reload(); }, Math.min(2000 * Math.pow(2, tries), 300000));
  }, 1000);
})();
