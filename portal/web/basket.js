// The basket: what is to be taken together, kept in this browser until it is ordered.
// An item is what POST /v1/orders takes, with the title of the video to show.

const place = "subclip.basket";
export const most = 100; // items of an order

export function items() {
  try {
    const kept = JSON.parse(localStorage.getItem(place) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

// keep stores the items, and reports whether the browser let it.
export function keep(all) {
  try {
    localStorage.setItem(place, JSON.stringify(all));
  } catch {
    return false;
  }
  showCount();
  return true;
}

// fileOf is what tells the file of an item from others, however it or its ranges are called:
// an order takes no file twice.
function fileOf({ asset_id: asset, format, ranges = [], join, audio }) {
  return JSON.stringify([asset, format, ranges.map((range) => [range.in, range.out]), ranges.length > 1 && join, audio]);
}

// add puts items into the basket, each file once with its newest names, and reports whether
// there is room for them all.
export function add(...some) {
  const files = new Map(items().map((item) => [fileOf(item), item]));
  for (const item of some) files.set(fileOf(item), item);
  return files.size <= most && keep([...files.values()]);
}

// showCount tells in the page's head how many there are.
export function showCount() {
  const link = document.querySelector("[data-basket]");
  if (!link) return;
  const { length } = items();
  const count = link.querySelector("[data-count]");
  count.textContent = length;
  count.toggleAttribute("data-empty", length === 0);
}
