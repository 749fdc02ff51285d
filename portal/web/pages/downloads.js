// Shows how far clips are while they are made, and loads the page anew when one has ended.

for (const row of document.querySelectorAll("[data-clip]")) {
  const bar = row.querySelector("progress");
  const events = new EventSource(`/v1/clips/${encodeURIComponent(row.dataset.clip)}/events`);
  events.addEventListener("clip", (event) => {
    const clip = JSON.parse(event.data);
    bar.value = clip.progress;
    if (clip.status === "queued" || clip.status === "running") return;
    events.close();
    location.reload();
  });
}
