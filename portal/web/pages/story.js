// The videos of a story are put into the basket together, without leaving the page.

import { add } from "../basket.js";

const button = document.querySelector("[data-together]");
const status = document.querySelector("[data-status]");

button?.form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { together, added } = button.dataset;
  status.lang = "";
  status.classList.remove("wrong");
  try {
    await add(...JSON.parse(together));
    status.textContent = added;
  } catch (error) {
    status.textContent = error.message;
    status.lang = error.lang;
    status.classList.add("wrong");
  }
});
