// Counts down until another code can be sent.

const line = document.querySelector("[data-wait]");
if (line) {
  const words = JSON.parse(document.getElementById("code-words").textContent);
  const end = performance.now() + 1000 * Number(line.dataset.wait);
  const timer = setInterval(show, 1000);

  function show() {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    line.textContent = left ? words.left.replace("%s", clock) : words.now;
    if (!left) clearInterval(timer);
  }
}
