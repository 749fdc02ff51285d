// Asks the API for clips and downloads, and shows how far they are.

async function post(path, body, headers = {}) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) {
    throw new Error(answer.detail ?? response.statusText);
  }
  return answer;
}

function say(output, text, wrong = false) {
  output.textContent = text;
  output.classList.toggle("wrong", wrong);
}

// follow shows a clip's progress and loads the page anew when it has ended.
function follow(id, output) {
  const events = new EventSource(`/v1/clips/${encodeURIComponent(id)}/events`);
  events.addEventListener("clip", (event) => {
    const clip = JSON.parse(event.data);
    if (clip.status === "queued" || clip.status === "running") {
      say(output, `${clip.status} ${Math.round(clip.progress * 100)} %`);
      return;
    }
    events.close();
    if (clip.status === "failed") {
      say(output, clip.reason, true);
      return;
    }
    location.reload();
  });
}

async function makeClip(form, output) {
  const marks = new FormData(form);
  const range = { in: marks.get("in"), out: marks.get("out") };
  const clip = await post(
    "/v1/clips",
    { asset_id: form.dataset.asset, ranges: [range] },
    crypto.randomUUID ? { "Idempotency-Key": crypto.randomUUID() } : {},
  );
  follow(clip.id, output);
}

for (const form of document.querySelectorAll("form.cut")) {
  const output = form.querySelector("output");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    makeClip(form, output).catch((error) => say(output, error.message, true));
  });
  form.querySelector("[data-whole]").addEventListener("click", () => {
    post(`/v1/assets/${encodeURIComponent(form.dataset.asset)}/downloads`, { format: "source" })
      .then((download) => location.assign(download.url))
      .catch((error) => say(output, error.message, true));
  });
}

document.querySelector("form.sign-in")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  const output = form.querySelector("output");
  post("/v1/sessions", Object.fromEntries(new FormData(form)))
    .then(() => location.reload())
    .catch((error) => say(output, error.message, true));
});

document.querySelector("[data-sign-out]")?.addEventListener("click", async () => {
  await fetch("/v1/sessions/current", { method: "DELETE" });
  location.reload();
});

for (const pending of document.querySelectorAll("[data-pending]")) {
  follow(pending.dataset.pending, pending.querySelector("output"));
}
