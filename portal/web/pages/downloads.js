// Shows how far clips and orders are while they are made, and loads the page anew when one
// has ended; copies signed links.

import { t } from "../editor/words.js";

for (const row of document.querySelectorAll("[data-follow]")) {
  const bar = row.querySelector("progress");
  const events = new EventSource(row.dataset.follow);
  events.addEventListener(row.dataset.event, (event) => {
    const { status, progress } = JSON.parse(event.data);
    bar.value = progress;
    if (status === "queued" || status === "running") return;
    events.close();
    location.reload();
  });
}

const voice = document.querySelector("[data-voice]");
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = voice.textContent = t("copied");
    } catch {
      voice.textContent = t("not_copied");
    }
  });
}
