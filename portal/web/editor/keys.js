// The editor's keyboard. A key works wherever the focus is, except where one types or
// where an element has a use of its own for it; and not at all once a person turns keys off,
// as those do who speak to their computer.

const place = "subclip.keys";

export function listen(editor) {
  const keys = actionsOf(editor);
  const on = editor.root.querySelector("[data-keys]");
  on.checked = kept();
  on.addEventListener("change", () => keep(on.checked));
  addEventListener("keydown", (event) => {
    if (!on.checked || event.defaultPrevented || commands(event) || document.querySelector("dialog[open]")) return;
    if (typesIn(event.target) || usesItself(event.target, event.key)) return;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const shifted = event.shiftKey && /^[a-z]$|^Arrow/.test(name);
    const action = keys[shifted ? `Shift+${name}` : name];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

function actionsOf(editor) {
  const { player, selection, timeline } = editor;
  const second = Math.round(player.timecode.rate);
  const to = (frame) => { player.pause(); player.seek(frame); };
  const back = () => editor.nudge(-1);
  const on = () => editor.nudge(1);
  return {
    " ": () => player.toggle(),
    k: () => player.pause(),
    j: () => player.shuttle(-1),
    l: () => player.shuttle(1),
    ArrowLeft: () => player.step(-1),
    ArrowRight: () => player.step(1),
    "Shift+ArrowLeft": () => player.step(-second),
    "Shift+ArrowRight": () => player.step(second),
    Home: () => to(0),
    End: () => to(player.timecode.frames - 1),
    i: () => editor.markIn(),
    o: () => editor.markOut(),
    "Shift+i": () => to(selection.first),
    "Shift+o": () => to(selection.end - 1),
    "[": back,
    ",": back,
    "]": on,
    ".": on,
    p: () => player.playRange(selection.first, selection.end),
    a: () => selection.add(),
    x: () => selection.clear(),
    z: () => timeline.zoom(2),
    "Shift+z": () => timeline.zoom(0.5),
    w: () => timeline.fit(),
    f: () => editor.full(),
    "?": () => editor.help(),
  };
}

// commands is true of what is meant for the browser. Many keyboards have brackets only with
// Option (Mac) or AltGr, which Windows tells as Ctrl and Alt.
function commands({ key, altKey, ctrlKey, metaKey }) {
  return metaKey || (ctrlKey && !altKey) || (altKey && key !== "[" && key !== "]");
}

function kept() {
  try {
    return localStorage.getItem(place) !== "off";
  } catch {
    return true;
  }
}

// keep lasts as long as the page where the browser keeps nothing.
function keep(on) {
  try {
    if (on) localStorage.removeItem(place);
    else localStorage.setItem(place, "off");
  } catch {
    return;
  }
}

function typesIn(element) {
  return element.isContentEditable || element.matches("input:not([type=checkbox], [type=radio], [type=button], [type=range]), textarea");
}

function usesItself(element, key) {
  if (key === " " || key === "Enter") {
    return element.closest("button:not([role=slider]), a[href], summary, select, input, [role=button], [role=switch]") !== null;
  }
  return element.matches("select, input") && /^(Arrow|Home|End|Page)/.test(key);
}
