// The basket: what is to be taken together. The service keeps it.

import { ask } from "./api.js";

/** add puts items into the basket, each as POST /v1/orders takes it, and shows in the
 *  page's head how many there are. */
export async function add(...items) {
  const { count } = await ask("POST", "/v1/basket/items", { items });
  const shown = document.querySelector("[data-basket] [data-count]");
  shown.textContent = count;
  shown.toggleAttribute("data-empty", count === 0);
}
