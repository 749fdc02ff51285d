// The page of the basket: its items, and the order of them.

import { ask, once } from "../api.js";
import { make, t } from "../editor/words.js";
import { items, keep } from "../basket.js";

const list = document.querySelector("[data-items]");
const form = document.querySelector("[data-order]");
const empty = document.querySelector("[data-nothing]");
const status = document.querySelector("[data-status]");

function marksOf(item) {
  if (!item.ranges) return t("whole");
  return item.ranges.map((range) => `${range.in} – ${range.out}`).join(", ");
}

// pageOf is the video's page, with the marks.
function pageOf(item) {
  const query = new URLSearchParams((item.ranges ?? []).map((range) => ["range", `${range.in}-${range.out}`]));
  return `/assets/${encodeURIComponent(item.asset_id)}?${query}`;
}

function row(item, index) {
  const title = make("a", { href: pageOf(item) }, item.title);
  const remove = make("button", { type: "button", className: "plain", ariaLabel: t("labelled", { label: t("take_out"), text: item.title }) }, t("take_out"));
  remove.addEventListener("click", () => {
    keep(items().filter((_, other) => other !== index));
    show();
    list.querySelector("button")?.focus();
  });
  return make("li", { className: "row slim" },
    make("div", {}, make("h2", {}, title), make("p", { className: "meta" }, make("span", { className: "timecode" }, marksOf(item)), make("span", {}, item.format_title))),
    remove);
}

function show() {
  const all = items();
  list.replaceChildren(...all.map(row));
  form.hidden = all.length === 0;
  empty.hidden = all.length > 0;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  status.classList.remove("wrong");
  const wanted = items().map(({ title, format_title, ...item }) => item);
  const name = new FormData(form).get("name").trim();
  try {
    await ask("POST", "/v1/orders", { items: wanted, ...(name && { name }) }, once());
    keep([]);
    location.assign("/downloads");
  } catch (error) {
    if (error.status === 401) {
      location.assign(`/sign-in?return_to=${encodeURIComponent(location.pathname)}`);
      return;
    }
    status.textContent = error.message;
    status.lang = error.lang ?? "";
    status.classList.add("wrong");
  }
});
show();
