(function (script, wasm) {
  var begun = false;
  function start() {
    if (begun) return;
    begun = true;
    // Both at once: neither waits for the other.
    var code = fetch(wasm);
    import(script).then(function (app) {
      // A task of its own, so that a finger is answered between two.
      return app.default({ module_or_path: code }).then(function () { setTimeout(app.hydrate); });
    });
  }
  // The next frame, and what comes after it. A screen that is off, and a page behind another, paint nothing: they do not wait.
  requestAnimationFrame(function () { setTimeout(start); });
  setTimeout(start, 500);
})
