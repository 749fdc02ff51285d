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

function show(page) {
  const said = document.querySelector("[data-said]");
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = page.getElementById(part.id);
    if (!now || now.isEqualNode(part)) continue;
    const badge = part.querySelector(".badge")?.textContent;
    const at = part.contains(document.activeElement) && document.activeElement.value;
    part.replaceWith(document.adoptNode(now));
    if (at) now.querySelector(`[value="${CSS.escape(at)}"]`)?.focus();
    const later = now.querySelector(".badge")?.textContent;
    if (said && later && later !== badge) said.textContent = later;
  }
}
