// What this browser knows of the files it uploads, so that after a reload another file
// of the same name and size is not taken for the one whose parts are in the store.

const edge = 1 << 20; // bytes at the beginning and at the end that are looked at
const keyOf = (id) => `upload ${id}`;

/** fingerprint is a hash of a file's edges, empty where the browser makes none. */
export async function fingerprint(file) {
  if (!globalThis.crypto?.subtle) return "";
  const edges = new Blob([file.slice(0, edge), file.slice(Math.max(edge, file.size - edge))]);
  const hash = await crypto.subtle.digest("SHA-256", await edges.arrayBuffer());
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** remember keeps the fingerprint of an upload's file. */
export function remember(id, print) {
  try {
    localStorage.setItem(keyOf(id), print);
  } catch {
    // A browser that keeps nothing cannot check either.
  }
}

/** isKnownOther reports whether a file is certainly not the one an upload was begun with. */
export async function isKnownOther(id, file) {
  const before = localStorage.getItem(keyOf(id));
  return Boolean(before) && before !== (await fingerprint(file));
}

/** forget drops what was kept of an upload. */
export const forget = (id) => localStorage.removeItem(keyOf(id));
