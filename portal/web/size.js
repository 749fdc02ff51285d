// Sizes of files as the server writes them too, in the page's language (size in page.go's
// functions).

const language = document.documentElement.lang;
const units = ["kilobyte", "megabyte", "gigabyte", "terabyte"];

/** size writes a number of bytes: 20 kB, 1.5 MB. */
export function size(bytes) {
  const step = bytes < 1e6 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3) - 1);
  return new Intl.NumberFormat(language, { style: "unit", unit: units[step], unitDisplay: "short", maximumFractionDigits: step ? 1 : 0, useGrouping: false })
    .format(bytes / 1000 ** (step + 1));
}
