// Shows how far clips and orders are while they are made, and copies signed links.

import { ask } from "../api.js";
import { follow } from "../desk/live.js";
import { t } from "../editor/words.js";

follow();

// A link is signed as it is copied: it works for as long as one can.
async function signed({ copy, file }) {
  const { url, files, expires_at: until } = await ask("GET", copy);
  const link = files?.[file]?.url ?? url;
  if (!link) throw new Error(t("not_ready"));
  return { link, until: new Date(until) };
}

// timeOf is a time of day, with its day where that is another.
function timeOf(moment) {
  const sameDay = moment.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short", ...(!sameDay && { dateStyle: "long" }) }).format(moment);
}

async function copy(button) {
  const told = button.parentElement.querySelector("[data-copied]");
  try {
    const { link, until } = await signed(button.dataset);
    try {
      await navigator.clipboard.writeText(link);
      told.textContent = t("copied", { time: timeOf(until) });
    } catch {
      told.textContent = t("not_copied");
    }
  } catch (error) {
    told.textContent = error.message;
    told.lang = error.lang ?? "";
  }
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-copy]");
  if (button) copy(button);
});
