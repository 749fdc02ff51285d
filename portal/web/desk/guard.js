// A form in which something was typed is not left without a question.

const stateOf = (form) => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value instanceof File ? value.name : value]));

/** guard asks before the page is left with what is not saved, and says that there is something. */
export function guard(form) {
  const note = form.querySelector("[data-unsaved]");
  // A form that came back with mistakes, or with another video, was not saved.
  const came = document.getElementById("mistakes") || "unsavedYet" in form.dataset ? "" : stateOf(form);
  let sent = false;
  const changed = () => !sent && stateOf(form) !== came;
  const show = () => {
    if (note) note.hidden = !changed();
  };
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  form.addEventListener("submit", () => (sent = true));
  addEventListener("pageshow", () => {
    sent = false;
    show();
  });
  addEventListener("beforeunload", (event) => changed() && event.preventDefault());
}
