// Taking the marked part.

import { add } from "../basket.js";
import { ask, once } from "../api.js";
import { showEstimate } from "./estimate.js";
import { Making } from "./making.js";
import { keepFocus, t } from "./words.js";

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

// showTaking returns what follows a clip while it is made.
export function showTaking(editor) {
  const { root, selection } = editor;
  const form = root.querySelector("[data-take]");
  const status = root.querySelector("[data-status]");
  const say = (text, lang = "", wrong = false) => {
    status.textContent = text;
    status.lang = lang;
    status.classList.toggle("wrong", wrong);
  };
  const fail = (error) => {
    if (error.status === 401) { // signed out meanwhile
      location.assign(`/sign-in?return_to=${encodeURIComponent(selection.address())}`);
      return;
    }
    say(error.message || t("untold"), error.lang, true);
  };
  const making = new Making(form, { say, fail });

  showEstimate(editor, () => wantedOf(editor));
  showTaken(editor);

  // A clip without any sound is not to be had: one track stays.
  form.addEventListener("change", ({ target }) => {
    const tracks = [...form.querySelectorAll("[name=audio]")];
    if (target.name !== "audio" || tracks.some((track) => track.checked)) return;
    target.checked = true;
    editor.say(t("one_track"));
  });

  form.addEventListener("submit", async (event) => {
    if (event.submitter?.dataset.do === "basket") {
      event.preventDefault();
      say("");
      await addToBasket(editor).catch(fail);
      return;
    }
    const whole = event.submitter?.hasAttribute("data-whole");
    if (whole && form.querySelector("[name=format]").value === "source") return; // it is there: the form leads to it
    event.preventDefault();
    const taken = whole ? [{ in: 0, out: editor.timecode.frames, name: "" }] : selection.taken();
    say("");
    try {
      making.follow(await ask("POST", "/v1/clips", wantedOf(editor, taken), once()));
    } catch (error) {
      fail(error);
    }
  });
  return making;
}

// showTaken says what is taken: on the button, of marks that are not, and in the links to
// captions.
function showTaken(editor) {
  const { root, selection, timecode } = editor;
  const part = root.querySelector("[data-part]");
  const forgotten = root.querySelector("[data-forgotten]");
  const refresh = () => {
    const count = selection.ranges.length;
    if (part) {
      part.disabled = !selection.marked;
      part.textContent = t(["take_marked", "take_listed_one"][count] ?? "take_listed", { count });
    }
    if (!selection.forgotten) keepFocus(forgotten, root);
    forgotten.hidden = !selection.forgotten;
    forgotten.firstElementChild.textContent = t("forgotten", { in: timecode.text(selection.first), out: timecode.text(selection.end) });
    for (const link of root.querySelectorAll("[data-captions]")) {
      const address = new URL(link.href);
      address.search = "";
      const { ranges } = wantedOf(editor);
      if (selection.marked) for (const range of ranges) address.searchParams.append("range", `${range.in}-${range.out}`);
      link.href = address;
    }
  };
  selection.addEventListener("change", refresh);
  refresh();
}

// addToBasket keeps what is marked, or the whole video where nothing is, for an order.
async function addToBasket(editor) {
  const { ranges, ...wanted } = wantedOf(editor);
  await add({ ...wanted, ...(editor.selection.marked && { ranges }) });
  editor.say(t("in_basket"));
}
