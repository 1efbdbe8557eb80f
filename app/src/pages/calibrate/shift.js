// Says how far the camera has moved, and draws the rack's outline on both pictures: as calibrated, and as it is right now.
(function () {
  var box = document.querySelector(".shift"), words = JSON.parse(box.dataset.words), told = box.querySelector("[data-is=told]");
  var form = box.querySelector("form"), pictures = box.querySelectorAll("img");
  function outline(image, corners, frame) {
    if (!image.naturalWidth || corners.length !== 4) return;
    var sheet = document.createElement("canvas"), ink = sheet.getContext("2d");
    sheet.width = image.naturalWidth;
    sheet.height = image.naturalHeight;
    ink.drawImage(image, 0, 0);
    ink.beginPath();
    corners.forEach(function (p) { ink.lineTo((p[0] * sheet.width) / frame[0], (p[1] * sheet.height) / frame[1]); });
    ink.closePath();
    ink.lineWidth = Math.max(2, sheet.width / 300);
    ink.strokeStyle = "#ffd98a";
    ink.stroke();
    image.src = sheet.toDataURL("image/jpeg", 0.9);
  }
  if (form) form.hidden = true;
  fetch("/api/v1/racks/" + box.dataset.rack + "/shift").then(function (answer) {
    if (!answer.ok) throw new Error();
    return answer.json();
  }).then(function (now) {
    told.textContent = words[now.state].replace("{px}", now.mean_px.toFixed(1)).replace("{degrees}", now.turn_degrees.toFixed(1));
    if (form) form.hidden = now.state !== "moved";
    return Promise.all([].map.call(pictures, function (image) { return image.decode().catch(function () {}); })).then(function () {
      outline(pictures[0], now.before, now.frame);
      outline(pictures[1], now.now.length ? now.now : now.before, now.frame);
    });
  }).catch(function () { told.textContent = words.unknown; });
})();
