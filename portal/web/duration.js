// How long something takes, as people say it, in the page's language.

const language = document.documentElement.lang;
const write = (value, unit) => new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(value);

/** duration rounds seconds up to what counts: 12 sec, 3 min, 1 hr 30 min. */
export function duration(seconds) {
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole < 60) return write(whole, "second");
  const minutes = Math.ceil(whole / 60);
  const parts = [[Math.floor(minutes / 60), "hour"], [minutes % 60, "minute"]];
  return parts.filter(([value]) => value > 0).map(([value, unit]) => write(value, unit)).join(" ");
}
