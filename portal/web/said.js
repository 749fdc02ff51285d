// What the service says, in the language of the page.

/** said puts a sentence of the API's into the page's language; lang is set where it has none. */
export async function said(sentence) {
  const response = await fetch(`/said?${new URLSearchParams({ text: sentence })}`).catch(() => undefined);
  return response?.ok ? response.json() : { text: sentence, lang: "en" };
}

/** sentencesOf are what a problem of the API's says. */
export const sentencesOf = ({ errors, detail }) => (errors?.length ? errors.map(({ message }) => message) : [detail]).filter(Boolean);
