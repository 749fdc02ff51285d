// Figures as people read them, in the page's language.

const language = document.documentElement.lang;
const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

function written(bytes) {
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return new Intl.NumberFormat(language, { style: "unit", unit: units[step], unitDisplay: "short", maximumFractionDigits: step > 1 ? 1 : 0 })
    .format(bytes / 1000 ** step);
}

export const size = written;
export const speed = (bytes) => `${written(bytes)}/s`;
export const portion = (share) => new Intl.NumberFormat(language, { style: "percent" }).format(share);

/** left writes how long something still takes. */
export function left(seconds) {
  const [value, unit] = seconds < 90 ? [seconds, "second"] : seconds < 5400 ? [seconds / 60, "minute"] : [seconds / 3600, "hour"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0 }).format(Math.ceil(value));
}
