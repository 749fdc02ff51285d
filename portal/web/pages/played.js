// Says once a visit that the page's video plays, for the desk's counts: that, and nothing of
// who watches it.

document.querySelector("video")?.addEventListener("playing", () => {
  fetch(`${location.pathname}/played`, { method: "POST", keepalive: true }).catch(() => {}); // it goes uncounted
}, { once: true });
