// The videos of a story are put into the basket together.

import { add } from "../basket.js";

const button = document.querySelector("[data-together]");
const status = document.querySelector("[data-status]");

button?.addEventListener("click", () => {
  const { together, added, full } = button.dataset;
  status.textContent = add(...JSON.parse(together)) ? added : full;
});
