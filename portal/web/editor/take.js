// Taking the marked part: what it would be, how far it is, and the file.

import { add } from "../basket.js";
import { ask, once } from "../api.js";
import { said } from "../said.js";
import { size } from "../size.js";
import { t } from "./words.js";

// wantedOf is what the API is asked for.
export function wantedOf({ root, selection, timecode, asset }, taken = selection.taken()) {
  const form = root.querySelector("[data-take]");
  const data = new FormData(form);
  const audio = data.getAll("audio").map(Number);
  const all = form.querySelectorAll("[name=audio]").length;
  return {
    asset_id: asset.id,
    format: data.get("format"),
    ranges: taken.map(({ in: first, out, name }) => ({ in: timecode.text(first), out: timecode.text(out), ...(name && { name }) })),
    join: data.get("join") !== "apart",
    ...(audio.length < all && { audio }),
  };
}

export function showTaking(editor) {
  const { root, selection } = editor;
  const form = root.querySelector("[data-take]");
  const estimate = root.querySelector("[data-estimate]");
  const status = root.querySelector("[data-status]");
  const done = root.querySelector("[data-done]");

  const fail = (error) => {
    if (error.status === 401) { // signed out meanwhile
      location.assign(`/sign-in?return_to=${encodeURIComponent(selection.address())}`);
      return;
    }
    status.textContent = error.message;
    status.lang = error.lang ?? "";
    status.classList.add("wrong");
  };

  // The newest question counts, whichever is answered last.
  let asked = 0;
  let waiting;
  const foresee = async () => {
    const number = ++asked;
    try {
      const foreseen = await ask("POST", "/v1/clips/estimate", wantedOf(editor));
      if (number !== asked) return;
      estimate.textContent = t(`foreseen_${foreseen.method}`, {
        size: size(foreseen.size), time: Math.max(1, Math.ceil(foreseen.seconds)),
      });
    } catch {
      if (number === asked) estimate.textContent = "";
    }
  };
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(foresee, 250);
  };
  // Captions go with what is marked.
  const captions = () => {
    for (const link of root.querySelectorAll("[data-captions]")) {
      const address = new URL(link.href);
      address.search = "";
      const { ranges } = wantedOf(editor);
      if (selection.marked) for (const range of ranges) address.searchParams.append("range", `${range.in}-${range.out}`);
      link.href = address;
    }
  };
  captions();
  const part = form.querySelector("[data-part]");
  const unmarked = () => { if (part) part.disabled = !selection.marked; };
  unmarked();
  selection.addEventListener("change", () => {
    unmarked();
    captions();
    later();
  });
  form.addEventListener("change", later);
  foresee();

  // A clip without any sound is not to be had: one track stays.
  form.addEventListener("change", ({ target }) => {
    const tracks = [...form.querySelectorAll("[name=audio]")];
    if (target.name !== "audio" || tracks.some((track) => track.checked)) return;
    target.checked = true;
    editor.say(t("one_track"));
  });

  form.addEventListener("submit", async (event) => {
    const whole = event.submitter?.hasAttribute("data-whole");
    if (whole && form.querySelector("[name=format]").value === "source") return; // it is there: the form leads to it
    event.preventDefault();
    const taken = whole ? [{ in: 0, out: editor.timecode.frames, name: "" }] : selection.taken();
    status.classList.remove("wrong");
    done.replaceChildren();
    try {
      const clip = await ask("POST", "/v1/clips", wantedOf(editor, taken), once());
      follow(clip.id, editor, { status, done, fail });
    } catch (error) {
      fail(error);
    }
  });
}

// addToBasket keeps what is marked, or the whole video where nothing is, for an order.
export function addToBasket(editor) {
  const { ranges, ...wanted } = wantedOf(editor);
  const format = editor.root.querySelector("[data-take] [name=format]");
  const item = { ...wanted, ...(editor.selection.marked && { ranges }), title: editor.asset.title, format_title: format.selectedOptions[0].textContent };
  editor.say(t(add(item) ? "in_basket" : "basket_full"));
}

// follow shows how far a clip is until it has ended. It is in My downloads too, so leaving
// the page loses nothing.
function follow(id, { root }, { status, done, fail }) {
  const bar = root.querySelector("[data-take] progress");
  bar.hidden = false;
  bar.removeAttribute("value");
  status.textContent = t("making");
  const events = new EventSource(`/v1/clips/${encodeURIComponent(id)}/events`);
  events.addEventListener("clip", async (event) => {
    const clip = JSON.parse(event.data);
    if (clip.status === "queued" || clip.status === "running") {
      if (clip.progress > 0) bar.value = clip.progress;
      return;
    }
    events.close();
    bar.hidden = true;
    if (clip.status !== "ready") {
      const { text, lang } = clip.reason ? await said(clip.reason) : { text: t("ended") };
      fail(Object.assign(new Error(text), { lang }));
      return;
    }
    const files = clip.files?.length ? clip.files : [clip]; // ranges apart are files
    status.textContent = readiness(files.map((file) => file.report));
    for (const file of files) {
      done.append(Object.assign(document.createElement("a"), {
        className: "button", href: file.url, download: file.filename, textContent: t("save", { name: file.filename, size: size(file.size) }),
      }));
    }
  });
}

// readiness says what came of it; of several files, what is true of all.
function readiness(reports) {
  const sum = (field) => reports.reduce((total, report) => total + report[field], 0);
  const method = ["encode", "smart", "copy"].find((name) => reports.some((report) => report.method === name));
  return t(`ready_${method}`, { frames: sum("frames"), encoded: sum("frames_encoded") });
}
