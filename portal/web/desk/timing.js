// Times what is typed by a player: its time goes into the text where the cursor is.

import { Timecode } from "../editor/timecode.js";

/** time has the button after a video put the timecode of its picture into a field. */
export function time(video, field) {
  const { num, den, start, frames, drop } = video.dataset;
  const timecode = new Timecode({ num: Number(num), den: Number(den), start: Number(start), frames: Number(frames), drop: drop !== undefined });
  const row = video.nextElementSibling;
  const shown = row.querySelector("[data-now]");
  const now = () => timecode.text(Math.min(timecode.at(video.currentTime), timecode.frames - 1));
  for (const event of ["timeupdate", "seeking", "seeked"]) video.addEventListener(event, () => (shown.textContent = now()));
  // Until somebody has chosen a place, times go to the end.
  let chosen = false;
  field.addEventListener("focus", () => (chosen = true));
  row.querySelector("[data-time-here]").addEventListener("click", () => {
    if (!chosen) field.setSelectionRange(field.value.length, field.value.length);
    put(field, now());
    field.focus();
  });
}

/** put writes a time where the cursor is, apart from what stands before and after it. */
function put(field, text) {
  const before = field.value.slice(0, field.selectionStart);
  const after = field.value.slice(field.selectionEnd);
  field.setRangeText((/\S$/.test(before) ? " " : "") + text + (/^[^\S\n]/.test(after) ? "" : " "), field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
