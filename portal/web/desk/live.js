// Parts of a page that are shown anew while things are made: the page is asked again, and
// its parts take the place of those here, whatever is typed elsewhere on it.

const every = 2000; // ms

/** follow shows the parts [data-live] anew for as long as one is [data-working]. */
export async function follow() {
  while (document.querySelector("[data-working]")) {
    await new Promise((then) => setTimeout(then, every));
    if (document.hidden) continue;
    const response = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!response?.ok || response.redirected) continue;
    show(new DOMParser().parseFromString(await response.text(), "text/html"));
  }
}

// nameOf is what a control is known by in its part, before and after.
const nameOf = (control) => control.value || control.getAttribute("aria-label") || control.textContent;

// keepOpen opens what is open, though there may be more of it by now.
function keepOpen(part, now) {
  const later = now.querySelectorAll("details");
  part.querySelectorAll("details").forEach(({ open }, index) => {
    if (open && later[index]) later[index].open = true;
  });
}

function show(page) {
  const said = document.querySelector("[data-said]");
  const news = [];
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = page.getElementById(part.id);
    if (!now || now.isEqualNode(part)) continue;
    const badge = part.querySelector(".badge")?.textContent;
    const at = part.contains(document.activeElement) && nameOf(document.activeElement);
    keepOpen(part, now);
    part.replaceWith(document.adoptNode(now));
    if (at) [...now.querySelectorAll("a, button, summary, input, select")].find((one) => nameOf(one) === at)?.focus();
    const later = now.querySelector(".badge")?.textContent;
    if (later && later !== badge) news.push(`${now.querySelector("h2, h3")?.textContent.trim() ?? ""} ${later}`);
  }
  if (said && news.length > 0) said.textContent = news.join(". ");
}
