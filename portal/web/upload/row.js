// One file on the page: its title, how far it is, and what can be done.

import * as api from "./api.js";
import { fingerprint, forget, remember } from "./known.js";
import { left, portion, size, speed } from "./measure.js";

const watchEvery = 3000; // ms, while an asset is being prepared

export class Row {
  #transfers;
  #words;
  #parts = {};
  #key = crypto.randomUUID?.() ?? String(Math.random());
  #fileID;
  #upload; // once it is begun
  #seen = []; // recent progress: [ms, bytes]

  /** upload is one that goes on; without it, the file waits for begin. */
  constructor(template, file, upload, transfers, words, removed) {
    this.file = file;
    this.#upload = upload;
    this.#transfers = transfers;
    this.#words = words;
    this.element = template.content.firstElementChild.cloneNode(true);
    for (const part of this.element.querySelectorAll("[data-part]")) this.#parts[part.dataset.part] = part;
    const { title, label, name, toggle, retry, cancel, bar } = this.#parts;
    title.id = label.htmlFor = `title-${this.#key}`;
    bar.setAttribute("aria-label", `${words.progress} ${file.name}`);
    title.value = upload?.title ?? file.name.replace(/\.[^.]+$/, "").replaceAll("_", " ");
    name.textContent = `${file.name} · ${size(file.size)}`;
    this.removed = removed;
    toggle.addEventListener("click", () => this.#paused(this.#transfers.toggle(this.#fileID)));
    retry.addEventListener("click", () => this.#again());
    cancel.addEventListener("click", () => this.#cancel());
    this.#show("waiting");
    if (upload) this.#send();
  }

  get waits() {
    return this.element.dataset.state === "waiting";
  }

  /** begin asks for an upload with what is said of all files, and sends the file. */
  async begin(about) {
    this.about = about;
    const { title } = this.#parts;
    title.removeAttribute("aria-invalid");
    this.#show("beginning");
    try {
      this.#upload = await api.create({ ...about, title: title.value.trim(), filename: this.file.name, size: this.file.size }, this.#key);
      remember(this.#upload.id, await fingerprint(this.file));
      this.#send();
    } catch (error) {
      if (!error.fields?.length && error.status !== undefined) return this.#show("failed", this.#reason(error), error.lang);
      if (error.fields?.includes("title")) {
        title.setAttribute("aria-invalid", "true");
        title.focus();
      }
      // A request that was refused may be changed, so the next one is another.
      this.#key = crypto.randomUUID?.() ?? String(Math.random());
      this.#show("failed", this.#reason(error), error.lang);
    }
  }

  #send() {
    this.#parts.title.readOnly = true;
    this.#show("sending");
    this.#fileID = this.#transfers.add(this.file, this.#upload, this);
  }

  /** progress, cut, complete and refused are what Transfers tells. */
  progress(bytes) {
    const now = Date.now();
    this.#seen = [...this.#seen.filter(([at]) => now - at < 5000), [now, bytes]];
    const { bar, figures } = this.#parts;
    bar.value = bytes / this.file.size;
    const [from, before] = this.#seen[0];
    const rate = now > from ? ((bytes - before) * 1000) / (now - from) : 0;
    figures.textContent = [portion(bytes / this.file.size), ...(rate > 0 ? [speed(rate), left((this.file.size - bytes) / rate)] : [])].join(" · ");
    if (this.element.dataset.state === "cut") this.#show("sending");
  }

  cut() {
    this.#seen = [];
    this.#show("cut");
  }

  async refused(error) {
    // Uppy tells that something was refused; what the upload's own state says, the API.
    try {
      const state = await api.look(this.#upload.id);
      if (state.status === "complete") return this.complete(state.asset_id);
      this.#show("failed", state.status === "open" ? this.#words.not_taken : this.#words.gone);
    } catch (told) {
      if (told.status === 404) return this.#show("failed", this.#words.gone);
      this.#show("failed", this.#reason(told) || error.message, told.lang);
    }
  }

  async complete(assetID) {
    forget(this.#upload.id);
    const { bar, figures, link } = this.#parts;
    bar.value = 1;
    figures.textContent = "";
    link.href = `/desk/assets/${assetID}${this.replaces ? `?replaces=${this.replaces}` : ""}`;
    link.textContent = this.#parts.title.value;
    this.#show("preparing");
    for (;;) {
      await new Promise((then) => setTimeout(then, watchEvery));
      const asset = await api.asset(assetID).catch(() => ({ status: "processing" }));
      if (asset.status === "processing") continue;
      return this.#show(asset.status === "ready" ? "ready" : "unusable", asset.told?.text, asset.told?.lang);
    }
  }

  #paused(paused) {
    this.#seen = [];
    this.#show(paused ? "paused" : "sending");
  }

  async #again() {
    if (!this.#upload) return this.begin(this.about);
    this.#show("sending");
    this.#transfers.retry(this.#fileID);
  }

  #cancel() {
    if (this.#fileID) this.#transfers.cancel(this.#fileID);
    if (this.#upload) forget(this.#upload.id);
    this.element.dataset.state = "ended";
    this.element.remove();
    this.removed(this);
  }

  /** show brings the row into a state: its words, its buttons, and an error's reason. */
  #show(state, reason = "", lang = "") {
    this.element.dataset.state = state;
    const { status, error, toggle, retry, cancel, figures, link, label } = this.#parts;
    const done = ["preparing", "ready", "unusable"].includes(state);
    status.textContent = this.#words[state];
    error.textContent = reason;
    error.lang = lang;
    error.hidden = !reason;
    toggle.textContent = state === "paused" ? this.#words.resume : this.#words.pause;
    toggle.hidden = !["sending", "paused"].includes(state);
    retry.hidden = !["failed", "cut"].includes(state);
    cancel.hidden = done;
    link.hidden = !done;
    label.parentElement.hidden = done;
    if (state !== "sending") figures.textContent = state === "paused" ? figures.textContent.split(" · ")[0] : "";
  }

  #reason(error) {
    if (error.status === 0) return this.#words.unreachable;
    if (error.status === 401) return this.#words.signed_out;
    return error.message || this.#words.not_taken;
  }
}
