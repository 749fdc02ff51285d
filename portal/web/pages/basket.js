// The page of the basket: its items, and the order of them.

import { ask, once } from "../api.js";
import { make, t } from "../editor/words.js";
import { items, keep } from "../basket.js";
import { Timecode } from "../editor/timecode.js";

const list = document.querySelector("[data-items]");
const form = document.querySelector("[data-order]");
const empty = document.querySelector("[data-nothing]");
const status = document.querySelector("[data-status]");

function marksOf(item) {
  if (!item.ranges) return t("whole");
  return item.ranges.map((range) => `${range.in} – ${range.out}${range.name ? ` ${range.name}` : ""}`).join(", ");
}

// timecodeOf is an asset's, as the API describes it.
function timecodeOf({ source }) {
  const [num, den = 1] = source.timecode.rate.split("/").map(Number);
  const base = { num, den, drop: source.timecode.drop, frames: source.frames };
  return new Timecode({ ...base, start: new Timecode({ ...base, start: 0 }).parse(source.timecode.start) });
}

const asked = new Map(); // assets, each once

function assetOf(item) {
  if (!asked.has(item.asset_id)) asked.set(item.asset_id, ask("GET", `/v1/assets/${encodeURIComponent(item.asset_id)}`));
  return asked.get(item.asset_id);
}

// showLength says how long an item is, or that its video is not to be had any more.
async function showLength(item, place) {
  try {
    const timecode = timecodeOf(await assetOf(item));
    const frames = item.ranges?.map((range) => timecode.parse(range.out) - timecode.parse(range.in)) ?? [timecode.frames];
    place.textContent = timecode.length(frames.reduce((sum, length) => sum + length, 0));
    place.title = t("length");
  } catch (error) {
    if (error.status !== 404) return;
    place.textContent = t("gone");
    place.className = "wrong";
  }
}

// pageOf is the video's page, with the marks.
function pageOf(item) {
  const query = new URLSearchParams((item.ranges ?? []).map((range) => ["range", `${range.in}-${range.out}${range.name ? `~${range.name}` : ""}`]));
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
  const length = make("span", { className: "timecode" });
  showLength(item, length);
  const picture = make("img", { src: `/assets/${encodeURIComponent(item.asset_id)}/poster`, alt: "", width: 480, height: 270, loading: "lazy" });
  picture.addEventListener("error", () => picture.remove());
  return make("li", { className: "row" },
    make("div", { className: "still" }, picture),
    make("div", {}, make("h2", {}, title), make("p", { className: "meta" }, make("span", { className: "timecode" }, marksOf(item)), length, make("span", {}, item.format_title))),
    make("div", { className: "buttons" }, remove));
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
