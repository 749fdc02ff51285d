// What the page itself asks of the API of uploads.

import { ask, once } from "../api.js";
import { said } from "../said.js";

/** create begins an upload; the key makes it one, however often it is asked for. */
export const create = (about, key) => ask("POST", "/v1/uploads", about, once(key));

/** look tells how far an upload is. */
export const look = (id) => ask("GET", `/v1/uploads/${encodeURIComponent(id)}`);

/** asset tells how far what was made of an upload is; told is why it cannot be used. */
export async function asset(id) {
  const asset = await ask("GET", `/v1/assets/${encodeURIComponent(id)}`);
  return { ...asset, told: asset.reason ? await said(asset.reason) : undefined };
}

/** steps tells how far the steps of its making are. */
export const steps = (id) => ask("GET", `/v1/assets/${encodeURIComponent(id)}/steps`).then(({ steps }) => steps);

/** moment is when a time is that was typed in the site's time zone, for the API. */
export const moment = (typed) => ask("GET", `/desk/moment?typed=${encodeURIComponent(typed)}`).then(({ at }) => at);
