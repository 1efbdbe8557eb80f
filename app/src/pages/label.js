// The first photo of the front label is sent at once: the shutter is the only tap.
(() => {
    const form = document.getElementById("label-form");
    const [front] = form.querySelectorAll("input[type=file]");
    front.addEventListener("change", () => {
        if (front.files.length) form.requestSubmit();
    });
    form.addEventListener("submit", () => {
        form.querySelector("button").setAttribute("aria-busy", "true");
    });
})();
