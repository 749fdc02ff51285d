// A clip while it is made: how far it is, a way to end it, and at last its files. It is in
// My downloads too, so leaving the page loses nothing.

import { ask, refusal } from "../api.js";
import { said } from "../said.js";
import { size } from "../size.js";
import { keepFocus, t } from "./words.js";

const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });

const going = (clip) => clip.status === "queued" || clip.status === "running";

export class Making {
  // fail shows an error and leads to signing in where that is what is missing.
  constructor(form, { say, fail }) {
    Object.assign(this, { form, say, fail, id: null, events: null, told: "" });
    this.place = form.querySelector("[data-making]");
    this.bar = this.place.querySelector("progress");
    this.share = this.place.querySelector("[data-share]");
    this.done = form.querySelector("[data-done]");
    this.button = this.place.querySelector("[data-cancel]");
    this.button.addEventListener("click", () => this.cancel());
  }

  // follow shows one clip; one that was followed before is left to My downloads.
  follow(clip) {
    this.stop();
    this.id = clip.id;
    this.told = "";
    this.done.replaceChildren();
    this.place.hidden = false;
    this.show(clip);
    if (this.id === null) return;
    const events = new EventSource(`/v1/clips/${encodeURIComponent(clip.id)}/events`);
    this.events = events;
    events.addEventListener("clip", ({ data }) => this.show(JSON.parse(data)));
    events.addEventListener("problem", ({ data }) => this.refused(JSON.parse(data)));
    events.addEventListener("error", () => {
      // The browser tries again by itself unless it was answered something else than a stream.
      if (events.readyState === EventSource.CLOSED && this.events === events) this.look();
    });
  }

  stop() {
    this.events?.close();
    this.events = this.id = null;
    keepFocus(this.place, this.form);
    this.place.hidden = true;
    this.button.disabled = false;
  }

  // look asks once how things stand, as nothing is told any more.
  async look() {
    const { id } = this;
    try {
      const clip = await ask("GET", `/v1/clips/${encodeURIComponent(id)}`);
      if (this.id !== id) return;
      this.show(clip);
      if (this.id === null) return;
      this.stop();
      this.say(t("untold"));
    } catch (error) {
      if (this.id !== id) return;
      this.stop();
      this.fail(error);
    }
  }

  async refused(problem) {
    this.stop();
    this.fail(await refusal(problem.status, problem));
  }

  // show says how a clip stands. What changes often is not said aloud.
  show(clip) {
    if (!going(clip)) {
      this.stop();
      this.end(clip);
      return;
    }
    if (this.told !== clip.status) this.say(t(clip.status === "queued" ? "waits" : "making"));
    this.told = clip.status;
    if (clip.progress > 0) this.bar.value = clip.progress;
    else this.bar.removeAttribute("value");
    this.share.textContent = clip.progress > 0 ? percent.format(clip.progress) : "";
  }

  async end(clip) {
    if (clip.status !== "ready") {
      const { text, lang } = clip.reason ? await said(clip.reason) : { text: t("ended") };
      this.fail({ message: text, lang });
      return;
    }
    const files = clip.files?.length ? clip.files : [clip]; // ranges apart are files
    this.say(readiness(files.map((file) => file.report)));
    this.done.replaceChildren(...files.map((file) => Object.assign(document.createElement("a"), {
      className: "button", href: file.url, download: file.filename, textContent: t("save", { name: file.filename, size: size(file.size) }),
    })));
  }

  async cancel() {
    const { id, told } = this;
    this.events.close(); // that it has ended is no news then
    this.button.disabled = true;
    try {
      const clip = await ask("POST", `/v1/clips/${encodeURIComponent(id)}/cancel`);
      if (this.id !== id) return;
      this.stop();
      if (clip.status === "cancelled") this.say(t("cancelled"));
      else this.end(clip); // it was made in this very moment
    } catch (error) {
      if (this.id !== id) return;
      this.follow({ id, status: told, progress: 0 });
      this.fail(error);
    }
  }
}

// readiness says what came of it; of several files, what is true of all.
function readiness(reports) {
  const sum = (field) => reports.reduce((total, report) => total + report[field], 0);
  const method = ["encode", "smart", "copy"].find((name) => reports.some((report) => report.method === name));
  return t(`ready_${method}`, { frames: sum("frames"), encoded: sum("frames_encoded") });
}
