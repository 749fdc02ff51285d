// Shows how far a whole video in a format is, for as long as it is made.

import { follow } from "../desk/live.js";

await follow();
const [, ...site] = document.title.split(" · ");
document.title = [document.querySelector("h1").textContent, ...site].join(" · ");
