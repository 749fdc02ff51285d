// What the page itself asks of the API of uploads.

/** Refused is what the API says against a request; status is 0 where nothing came back. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? "");
    this.status = status;
    this.mistakes = (problem.errors ?? []).map(({ location, message }) => ({ field: location.replace(/^body\.?/, ""), message }));
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
    throw new Refused(0, {});
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}

/** create begins an upload; the key makes it one, however often it is asked for. */
export const create = (about, key) => ask("POST", "/v1/uploads", about, key);

/** look tells how far an upload is. */
export const look = (id) => ask("GET", `/v1/uploads/${encodeURIComponent(id)}`);

/** asset tells how far what was made of an upload is. */
export const asset = (id) => ask("GET", `/v1/assets/${encodeURIComponent(id)}`);
