// The camera of this screen: twice a second a frame goes to the server's reader, until one holds a code. One at a time.
(function () {
  var box = document.getElementById("scan-code"), video = box.querySelector("video"), said = box.querySelector("[role=status]");
  var canvas = document.createElement("canvas"), EVERY = 500, LONGEST = 1280, SLOW = 5000;
  function say(word) { said.textContent = box.dataset[word]; }
  // Browsers lend the camera to https and to the machine itself only.
  if (!window.isSecureContext || !navigator.mediaDevices) return say("insecure");
  function later(wait) { setTimeout(look, wait); }
  function look() {
    if (document.hidden || !video.videoWidth) return later(EVERY);
    var part = Math.min(1, LONGEST / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * part);
    canvas.height = Math.round(video.videoHeight * part);
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(send, "image/jpeg", 0.85);
  }
  function send(frame) {
    fetch("/scan-code/frame", { method: "POST", body: frame, headers: { "content-type": "image/jpeg" } }).then(function (answer) {
      if (answer.status === 429 || answer.status === 503) return later(SLOW);
      // The camera is not to blame for what the server says.
      if (answer.status === 401 || answer.status === 403) return void say("stranger");
      if (!answer.ok) return say("failed"), later(SLOW);
      say("looking");
      return answer.json().then(function (found) {
        if (found.code) location.assign("/code?c=" + encodeURIComponent(found.code));
        else later(EVERY);
      });
    }).catch(function () { say("away"); later(SLOW); });
  }
  navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: 1280 } } }).then(function (stream) {
    video.srcObject = stream;
    video.hidden = false;
    say("looking");
    addEventListener("pagehide", function () { stream.getTracks().forEach(function (track) { track.stop(); }); });
    return video.play().then(look);
  }).catch(function (error) { say(error.name === "NotAllowedError" ? "refused" : "none"); });
})();
