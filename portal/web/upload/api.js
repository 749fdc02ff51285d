// What the page itself asks of the API of uploads.

import { said, sentencesOf } from "../said.js";

/** Refused is what the API says against a request, in the language of the page; status is 0
 *  where nothing came back. */
export class Refused extends Error {
  constructor(status, told = [], errors = []) {
    super(told.map(({ text }) => text).join(" "));
    this.status = status;
    this.lang = told.find(({ lang }) => lang)?.lang ?? "";
    this.fields = errors.map(({ location }) => location.replace(/^body\.?/, ""));
  }
}

async function ask(method, path, body, key) {
  const headers = { Accept: "application/json" };
  if (body) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  let response;
  try {
    response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  } catch {
    throw new Refused(0);
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, await Promise.all(sentencesOf(answer).map(said)), answer.errors);
  return answer;
}

/** create begins an upload; the key makes it one, however often it is asked for. */
export const create = (about, key) => ask("POST", "/v1/uploads", about, key);

/** look tells how far an upload is. */
export const look = (id) => ask("GET", `/v1/uploads/${encodeURIComponent(id)}`);

/** asset tells how far what was made of an upload is; told is why it cannot be used. */
export async function asset(id) {
  const asset = await ask("GET", `/v1/assets/${encodeURIComponent(id)}`);
  return { ...asset, told: asset.reason ? await said(asset.reason) : undefined };
}
