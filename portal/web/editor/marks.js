// The fields and buttons of the marks, and the list of ranges.

import { make, t } from "./words.js";

export function showMarks(editor) {
  const { root, player, selection, timecode } = editor;
  const field = { in: root.querySelector("[name=in]"), out: root.querySelector("[name=out]") };
  const length = root.querySelector("[data-length-text]");
  const voice = root.querySelector("[data-voice]");

  const say = (text) => { voice.textContent = text; };
  const refresh = (event) => {
    field.in.value = timecode.text(selection.first);
    field.out.value = timecode.text(selection.end);
    for (const input of Object.values(field)) input.removeAttribute("aria-invalid");
    length.textContent = timecode.length(selection.length);
    const what = event?.detail;
    if (what) say(t(`said_${what}`, { in: field.in.value, out: field.out.value, length: length.textContent }));
  };

  const typed = (name) => {
    const input = field[name];
    const frame = timecode.parse(input.value);
    const fits = frame !== null && (name === "in" ? frame < timecode.frames : frame > 0 && frame <= timecode.frames);
    if (!fits) {
      input.setAttribute("aria-invalid", "true");
      say(t("no_mark", { from: timecode.text(0), to: timecode.text(timecode.frames) }));
      return;
    }
    if (name === "in") selection.setIn(frame);
    else selection.setOut(frame);
    player.pause();
    player.seek(name === "in" ? frame : frame - 1);
  };
  for (const [name, input] of Object.entries(field)) {
    input.addEventListener("change", () => typed(name));
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      typed(name);
    });
  }
  selection.addEventListener("change", refresh);
  selection.addEventListener("refused", ({ detail }) => say(t(`not_added_${detail}`)));
  refresh();
  listRanges(editor);
  return say;
}

// listRanges shows the list, in which ranges are named, moved and taken out.
function listRanges({ root, player, selection, timecode }) {
  const list = root.querySelector("[data-ranges]");
  const join = root.querySelector("[data-join]");
  // What was pressed has the focus again after the list is made anew, where its range is now.
  let focus = null;
  const act = (change, index, control) => () => {
    focus = { index, control };
    change();
  };
  const row = (range, index) => {
    const text = `${timecode.text(range.in)} – ${timecode.text(range.out)}`;
    const button = (icon, label, onclick) => make("button", { type: "button", className: "plain icon", ariaLabel: t("labelled", { label, text }), title: label, onclick }, icon);
    const name = make("input", { type: "text", value: range.name, maxLength: 80, placeholder: t("range_name"), ariaLabel: t("labelled", { label: t("range_name"), text }) });
    name.addEventListener("change", () => selection.rename(index, name.value.trim()));
    return make("li", {},
      make("button", { type: "button", className: "link timecode", onclick: () => { selection.set(range.in, range.out); player.playRange(range.in, range.out); } }, text),
      name,
      make("span", { className: "buttons" },
        button("↑", t("move_up"), act(() => selection.move(index, -1), index - 1, 0)),
        button("↓", t("move_down"), act(() => selection.move(index, 1), index + 1, 1)),
        button("×", t("take_out"), act(() => selection.remove(index), index, 2))));
  };
  const refresh = (event) => {
    if (event?.detail === "named") return; // the field that was typed in stays
    list.replaceChildren(...selection.ranges.map(row));
    list.hidden = selection.ranges.length === 0;
    join.hidden = selection.ranges.length < 2;
    if (!focus) return;
    const rows = list.children;
    const at = rows[Math.min(Math.max(focus.index, 0), rows.length - 1)];
    (at?.querySelectorAll(".icon")[focus.control] ?? root.querySelector("[data-do=add]")).focus();
    focus = null;
  };
  selection.addEventListener("change", refresh);
  refresh();
}
