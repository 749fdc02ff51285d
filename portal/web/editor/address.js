// Keeps the page's address at what is marked. Browsers take few new addresses at a time:
// Safari throws after a hundred in ten seconds, Chromium drops some; so it is written when
// the marks have stood for a moment, and before anybody leaves or copies it.

const moment = 150; // milliseconds
const later = 1000; // until it is tried again, where the browser refused

export function keepAddress(selection) {
  let waiting = null;
  const wait = (milliseconds) => {
    clearTimeout(waiting);
    waiting = setTimeout(write, milliseconds);
  };
  const write = () => {
    if (waiting === null) return;
    clearTimeout(waiting);
    waiting = null;
    try {
      history.replaceState(history.state, "", selection.address());
    } catch {
      wait(later);
    }
  };
  selection.addEventListener("change", () => wait(moment));
  // In the capture phase: before whoever reads the address.
  for (const event of ["pointerup", "click", "pagehide"]) addEventListener(event, write, { capture: true });
}
