// The slider shows its picture while it is slid; without this its button does.
(function () {
  var figure = document.querySelector(".archive"), range = document.querySelector(".slide input[type=range]");
  var frames = JSON.parse(figure.dataset.frames), image = figure.querySelector("img"), caption = figure.querySelector("figcaption");
  range.form.querySelector("[type=submit]").hidden = true;
  range.addEventListener("input", function () {
    var frame = frames[range.value];
    image.src = frame[0];
    caption.textContent = frame[1];
  });
})();
