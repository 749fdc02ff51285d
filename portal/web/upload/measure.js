// Figures of an upload as people read them, in the page's language.

import { size } from "../size.js";

const language = document.documentElement.lang;

export const speed = (bytes) => `${size(bytes)}/s`;
export const portion = (share) => new Intl.NumberFormat(language, { style: "percent" }).format(share);

/** left writes how long something still takes. */
export function left(seconds) {
  const [value, unit] = seconds < 90 ? [seconds, "second"] : seconds < 5400 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0 }).format(Math.ceil(value));
}
