// What the marked part would be: how large, how made, how soon; or why it is not to be had.

import { ask } from "../api.js";
import { duration } from "../duration.js";
import { size } from "../size.js";
import { t } from "./words.js";

const pause = 250; // milliseconds without a change, after which it is asked

export function showEstimate({ root, selection }, wanted) {
  const place = root.querySelector("[data-estimate]");
  const say = (text, lang = "", wrong = false) => {
    place.textContent = text;
    place.lang = lang;
    place.classList.toggle("wrong", wrong);
  };
  // The newest question counts, whichever is answered last.
  let asked = 0;
  const foresee = async () => {
    const number = ++asked;
    try {
      const { method, size: bytes, seconds } = await ask("POST", "/v1/clips/estimate", wanted());
      if (number === asked) say(t(`foreseen_${method}`, { size: size(bytes), time: duration(seconds) }));
    } catch (error) {
      if (number !== asked) return;
      // Without an answer nothing is known, and taking it will tell.
      if (error.status > 0) say(error.message, error.lang, true);
      else say("");
    }
  };
  let waiting;
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(foresee, pause);
  };
  selection.addEventListener("change", later);
  root.querySelector("[data-take]").addEventListener("change", later);
  foresee();
}
