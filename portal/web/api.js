// Asks the API. What it refuses is thrown as Refused, said in the page's language.

import { said, sentencesOf } from "./said.js";

/** Refused says why a request was not done; status is 0 where nothing came back. lang is
 *  set where what is said is in another language than the page. */
export class Refused extends Error {
  constructor(status, told, errors = []) {
    super(told.map(({ text }) => text).join(" "));
    this.status = status;
    this.lang = told.find(({ lang }) => lang)?.lang ?? "";
    this.fields = errors.map(({ location }) => location.replace(/^body\.?/, ""));
  }
}

/** refusal is what the API answered with, as it is thrown. */
export const refusal = async (status, answer) => new Refused(status, await Promise.all(sentencesOf(answer).map(said)), answer.errors);

/** ask sends a request, with a body as JSON if there is one, and returns what is answered. */
export async function ask(method, path, body, headers = {}) {
  const sent = { Accept: "application/json", ...(body !== undefined && { "Content-Type": "application/json" }), ...headers };
  let response;
  try {
    response = await fetch(path, { method, headers: sent, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    throw new Refused(0, [{ text: error.message, lang: "en" }]);
  }
  const answer = response.status === 204 ? {} : await response.json().catch(() => ({}));
  if (!response.ok) throw await refusal(response.status, answer);
  return answer;
}

/** newKey is an Idempotency-Key, by which a repeated request counts once. */
export const newKey = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** once is a header by which a repeated request counts once. */
export const once = (key = newKey()) => ({ "Idempotency-Key": key });
