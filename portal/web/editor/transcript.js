// Captions as a transcript, and the shotlist: a line jumps to its picture, lines that are
// selected are marked.

import { make, t } from "./words.js";

export function showTranscript(editor) {
  const { root, player, selection, timecode, video } = editor;
  const list = root.querySelector("[data-transcript]");
  if (!list) return;
  const choice = root.querySelector("[data-transcript-language]");
  const search = root.querySelector("[data-transcript-search]");
  const found = root.querySelector("[data-transcript-found]");
  let lines = [];

  // Times of captions are rounded to milliseconds, so the nearest frame is meant.
  const span = (cue) => {
    const first = Math.min(timecode.nearest(cue.startTime), timecode.frames - 1);
    return { in: first, out: Math.max(first + 1, Math.min(timecode.nearest(cue.endTime), timecode.frames)) };
  };
  const fill = (track) => {
    lines = [...(track.cues ?? [])].map((cue) => {
      const { in: first, out } = span(cue);
      const jump = make("button", { type: "button", className: "link timecode" }, timecode.text(first));
      jump.addEventListener("click", (event) => {
        if (event.shiftKey) {
          selection.set(Math.min(selection.in ?? first, first), Math.max(selection.out ?? out, out));
          return;
        }
        player.pause();
        player.seek(first);
      });
      const words = cue.getCueAsHTML().textContent;
      return { element: make("li", {}, jump, make("span", {}, words)), first, out, words: words.toLocaleLowerCase() };
    });
    list.replaceChildren(...lines.map((line) => line.element));
    filter();
  };
  const filter = () => {
    const wanted = search.value.trim().toLocaleLowerCase();
    let count = 0;
    for (const line of lines) {
      line.element.hidden = wanted !== "" && !line.words.includes(wanted);
      if (!line.element.hidden) count++;
    }
    found.textContent = wanted ? t("lines_found", { count }) : "";
  };
  search.addEventListener("input", filter);

  // Tracks load when they are wanted; hidden ones are read, not shown.
  const show = () => {
    const element = video.querySelector(`track[srclang="${CSS.escape(choice.value)}"]`);
    if (!element) return;
    if (element.track.mode === "disabled") element.track.mode = "hidden";
    if (element.readyState === 2) fill(element.track);
    else element.addEventListener("load", () => fill(element.track), { once: true });
  };
  choice.addEventListener("change", show);
  show();

  document.addEventListener("selectionchange", () => {
    const chosen = document.getSelection();
    if (chosen.isCollapsed || !list.contains(chosen.anchorNode) || !list.contains(chosen.focusNode)) return;
    const inside = lines.filter((line) => !line.element.hidden && chosen.containsNode(line.element.lastChild, true));
    if (inside.length > 0) selection.set(inside[0].first, inside.at(-1).out);
  });

  let now;
  player.addEventListener("frame", () => {
    for (const line of lines) line.element.toggleAttribute("data-now", player.at >= line.first && player.at < line.out);
    const line = lines.find(({ element }) => element.hasAttribute("data-now") && !element.hidden);
    if (!line || line === now) return;
    now = line;
    // Whoever reads there is not pulled away.
    if (!list.matches(":hover, :focus-within")) bringIntoView(list, line.element);
  });
}

// bringIntoView scrolls a list, and not the page, until one of its lines is in the middle.
function bringIntoView(list, element) {
  const [outer, inner] = [list.getBoundingClientRect(), element.getBoundingClientRect()];
  if (inner.top >= outer.top && inner.bottom <= outer.bottom) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  list.scrollBy({ top: inner.top - outer.top - (outer.height - inner.height) / 2, behavior: still ? "instant" : "smooth" });
}

// showShots has a line of the shotlist jump, and mark its shot, without leaving the page.
export function showShots({ root, player, selection, timecode }) {
  for (const link of root.querySelectorAll("[data-shot]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const query = new URL(link.href).searchParams;
      const [first, end] = [query.get("in"), query.get("out")].map((mark) => (mark === null ? null : timecode.parse(mark)));
      player.pause();
      if (end !== null) selection.set(first, end);
      else selection.setIn(first);
      player.seek(first);
    });
  }
}
