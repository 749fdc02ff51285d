// Shows how far a newsletter is while it is sent, and loads the page anew when it ends.

import { t } from "../editor/words.js";

const every = 2000; // ms
const section = document.querySelector("[data-issue]");

if (section) {
  const bar = section.querySelector("progress");
  const figures = section.querySelector("[data-figures]");
  setInterval(async () => {
    const response = await fetch(`/v1/newsletter/issues/${encodeURIComponent(section.dataset.issue)}`).catch(() => null);
    if (!response?.ok) return;
    const issue = await response.json();
    if (issue.status !== "sending") return location.reload();
    bar.value = issue.progress;
    figures.textContent = t("figures", { sent: issue.deliveries.sent, total: issue.deliveries.total });
  }, every);
}
