// Shows how far a newsletter is while it is sent, and loads the page anew when it ends.

const every = 2000; // ms
const section = document.querySelector("[data-issue]");

if (section) {
  const words = JSON.parse(document.getElementById("words").textContent);
  const bar = section.querySelector("progress");
  const figures = section.querySelector("[data-figures]");
  setInterval(async () => {
    const response = await fetch(`/v1/newsletter/issues/${encodeURIComponent(section.dataset.issue)}`).catch(() => null);
    if (!response?.ok) return;
    const issue = await response.json();
    if (issue.status !== "sending") return location.reload();
    bar.value = issue.progress;
    figures.textContent = words.figures.replace("{sent}", issue.deliveries.sent).replace("{total}", issue.deliveries.total);
  }, every);
}
