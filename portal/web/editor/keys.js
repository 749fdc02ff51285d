// The editor's keyboard. A key works wherever the focus is, except where one types or
// where an element has a use of its own for it.

export function listen(editor) {
  const { player, selection, timeline } = editor;
  const second = Math.round(player.timecode.rate);
  const to = (frame) => { player.pause(); player.seek(frame); };
  const nudge = (frames) => editor.nudge(frames);
  const keys = {
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
    "[": () => nudge(-1),
    "]": () => nudge(1),
    p: () => player.playRange(selection.first, selection.end),
    a: () => selection.add(),
    x: () => selection.clear(),
    z: () => timeline.zoom(2),
    "Shift+z": () => timeline.zoom(0.5),
    f: () => timeline.fit(),
    "?": () => editor.help(),
  };
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (typesIn(event.target) || usesItself(event.target, event.key)) return;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const shifted = event.shiftKey && /^[a-z]$|^Arrow/.test(name);
    const action = keys[shifted ? `Shift+${name}` : name];
    if (!action) return;
    event.preventDefault();
    action();
  });
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
