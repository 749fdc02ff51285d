// Asks the API; what it refuses is thrown with its own sentence, which said.js translates.

import { sentencesOf } from "../said.js";

export async function ask(method, path, body, headers = {}) {
  const response = await fetch(path, {
    method,
    headers: body === undefined ? headers : { "Content-Type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = response.status === 204 ? {} : await response.json();
  if (!response.ok) throw Object.assign(new Error(response.statusText), { status: response.status, sentence: sentencesOf(answer)[0] });
  return answer;
}

// once is a header by which a repeated request counts once.
export function once() {
  return globalThis.crypto?.randomUUID ? { "Idempotency-Key": crypto.randomUUID() } : {};
}
