// The timeline: ruler, filmstrip and waveform under one scale, from the whole video down to
// single frames. What is drawn is one canvas as wide as the view; what is scrolled is an
// element as long as the video at this scale, so that panning is the browser's own.

import { clamp } from "./selection.js";
import { drawFilmstrip, drawRuler, drawWaveform, pictureWidth } from "./draw.js";

const widest = 24; // CSS pixels of a frame, at most, where there is no filmstrip
const longest = 16_000_000; // CSS pixels; browsers have no longer elements
const ruler = 24; // high
const margin = 24; // on both sides, for the handles; as in the style sheet

export class Timeline {
  constructor(root, { timecode, player, selection, storyboard }) {
    Object.assign(this, { root, timecode, player, selection, storyboard, waveform: null, frames: null, near: false });
    this.view = root.querySelector("[data-view]");
    this.length = root.querySelector("[data-length]");
    this.canvas = root.querySelector("canvas");
    this.head = root.querySelector("[data-playhead]");
    this.handles = { in: root.querySelector("[data-handle=in]"), out: root.querySelector("[data-handle=out]") };
    this.shade = root.querySelector("[data-shade]");
    this.scale = 0; // pixels of a frame; 0 until the view is measured
    this.queued = false;
    new ResizeObserver(() => this.measure()).observe(this.view);
    this.view.addEventListener("scroll", () => this.draw(), { passive: true });
    this.view.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.view.addEventListener("pointerdown", (event) => this.scrub(event));
    for (const [name, handle] of Object.entries(this.handles)) this.drags(handle, name);
    player.addEventListener("frame", () => this.follow());
    selection.addEventListener("change", () => this.place());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    for (const sheet of storyboard?.images ?? []) sheet.addEventListener("load", () => this.draw());
  }

  // strip is how high the filmstrip is, in CSS pixels.
  get strip() {
    return this.storyboard ? Math.max(0, Math.round((this.view.clientHeight - ruler) * (this.waveform ? 0.6 : 1))) : 0;
  }

  // A frame is as wide as its picture, at most.
  get most() {
    const wide = this.strip > 0 ? Math.max(widest, pictureWidth(this.strip, this.storyboard)) : widest;
    return Math.max(this.least, Math.min(wide, longest / this.timecode.frames));
  }

  get least() { return (this.view.clientWidth - 2 * margin) / this.timecode.frames; }

  measure() {
    const whole = this.scale === 0 || this.scale <= this.fitted;
    this.fitted = this.least;
    this.zoomTo(whole ? this.least : Math.max(this.scale, this.least));
  }

  // zoomTo keeps the frame at the playhead where it is, if it is in view.
  zoomTo(scale) {
    const at = this.player.at;
    const before = margin + at * this.scale - this.view.scrollLeft;
    const inView = before >= 0 && before <= this.view.clientWidth;
    this.scale = clamp(scale, this.least, this.most);
    this.length.style.width = `${this.scale * this.timecode.frames}px`;
    this.view.scrollLeft = margin + at * this.scale - (inView && this.scale > this.least ? before : this.view.clientWidth / 2);
    this.place();
  }

  zoom(factor) { this.zoomTo(this.scale * factor); }
  fit() { this.zoomTo(this.least); }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(event.deltaY < 0 ? 1.3 : 1 / 1.3);
  }

  frameAt(clientX) {
    const left = this.length.getBoundingClientRect().left;
    return (clientX - left) / this.scale;
  }

  // scrub shows what is under the pointer, on the ruler or with a mouse anywhere; a
  // finger on the pictures pans, and a tap shows.
  scrub(event) {
    if (event.button !== 0 || event.target.closest("button")) return;
    const show = (e) => this.player.seek(Math.floor(this.frameAt(e.clientX)));
    if (event.pointerType === "touch") {
      this.view.addEventListener("click", show, { once: true });
      return;
    }
    event.preventDefault();
    this.player.pause();
    show(event);
    this.capture(this.view, event, show);
  }

  capture(element, event, move) {
    element.setPointerCapture(event.pointerId);
    element.addEventListener("pointermove", move);
    const end = () => element.removeEventListener("pointermove", move);
    element.addEventListener("pointerup", end, { once: true });
    element.addEventListener("pointercancel", end, { once: true });
  }

  // A handle moves its mark, and the picture with it: the first frame kept, or the last.
  drags(handle, name) {
    const move = (frame) => {
      if (name === "in") this.selection.setIn(Math.min(frame, this.selection.end - 1));
      else this.selection.setOut(Math.max(frame, this.selection.first + 1));
      this.player.seek(name === "in" ? this.selection.first : this.selection.end - 1);
    };
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      handle.focus();
      this.player.pause();
      // Where the handle is held stays under the pointer.
      const held = this.frameAt(event.clientX) - (name === "in" ? this.selection.first : this.selection.end);
      this.capture(handle, event, (e) => move(Math.round(this.frameAt(e.clientX) - held)));
    });
    handle.addEventListener("keydown", (event) => {
      const second = Math.round(this.timecode.rate);
      const by = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -second, PageUp: second }[event.key];
      const to = { Home: 0, End: this.timecode.frames }[event.key];
      if (by === undefined && to === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      const now = name === "in" ? this.selection.first : this.selection.end;
      move(to ?? now + by * (event.shiftKey && Math.abs(by) === 1 ? second : 1));
    });
  }

  // follow keeps the playhead in view.
  follow() {
    const x = this.player.at * this.scale;
    const seen = margin + x - this.view.scrollLeft;
    if (seen < 0 || seen > this.view.clientWidth - 2) {
      this.view.scrollLeft = margin + x - (this.player.speed > 0 ? margin : this.view.clientWidth / 2);
    }
    this.head.style.transform = `translateX(${x}px)`;
  }

  // place puts the handles where the marks are.
  place() {
    const { first, end } = this.selection;
    const marked = { in: this.selection.in !== null, out: this.selection.out !== null };
    for (const [name, frame] of [["in", first], ["out", end]]) {
      const handle = this.handles[name];
      handle.style.transform = `translateX(${frame * this.scale}px)`;
      handle.classList.toggle("unset", !marked[name]);
      handle.setAttribute("aria-valuemax", this.timecode.frames);
      handle.setAttribute("aria-valuenow", frame);
      handle.setAttribute("aria-valuetext", this.timecode.text(frame));
    }
    this.shade.style.transform = `translateX(${first * this.scale}px)`;
    this.shade.style.width = `${(end - first) * this.scale}px`;
    this.shade.hidden = !marked.in && !marked.out;
    this.follow();
    this.draw();
  }

  // show sets what waveform is drawn.
  show(waveform) {
    this.waveform = waveform;
    if (this.scale > this.most) this.zoomTo(this.most);
    this.draw();
  }

  draw() {
    if (this.queued) return;
    this.queued = true;
    requestAnimationFrame(() => {
      this.queued = false;
      this.paint();
    });
  }

  paint() {
    const width = this.view.clientWidth;
    const height = this.view.clientHeight;
    if (width === 0 || height === 0) return;
    const ratio = devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
    }
    const context = this.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    // What is computed for a border is a colour that a canvas takes; a custom property is not.
    const style = getComputedStyle(this.root);
    const line = style.borderTopColor;
    const accent = getComputedStyle(this.shade).borderTopColor;
    const at = { context, width, left: this.view.scrollLeft - margin, scale: this.scale, timecode: this.timecode };
    const { strip } = this;
    drawRuler(at, ruler, { ink: style.color, line, font: `${0.7 * parseFloat(getComputedStyle(document.documentElement).fontSize)}px ${style.getPropertyValue("--mono")}` });
    if (strip > 0) this.film(at, strip);
    if (this.waveform) drawWaveform(at, ruler + strip, height - ruler - strip, this.waveform, accent);
  }

  // film draws the filmstrip, and has frames looked for where one zoomed in so far that
  // several share a picture of the storyboard.
  film(at, strip) {
    const drawn = drawFilmstrip(at, ruler, strip, this.storyboard, this.frames);
    const apart = drawn.length > 1 ? drawn[1] - drawn[0] : Infinity;
    const shared = this.scale > this.fitted && this.timecode.seconds(apart) < this.storyboard.interval;
    if (shared && !this.near && !sparing()) this.comeNear();
    this.frames?.want(shared ? drawn : []);
  }

  // comeNear loads what looks for frames, once; without it the storyboard's pictures stay.
  async comeNear() {
    this.near = true;
    try {
      const { Frames } = await import("./frames.js");
      this.frames = new Frames(this.player, this.storyboard);
    } catch {
      return;
    }
    this.frames.addEventListener("picture", () => this.draw());
    this.draw();
  }
}

// sparing is true of whoever asks for little to be loaded.
function sparing() {
  return navigator.connection?.saveData === true || matchMedia("(prefers-reduced-data: reduce)").matches;
}
