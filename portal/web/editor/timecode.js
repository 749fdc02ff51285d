// SMPTE ST 12-1 timecode of one video, as the Go package timecode does it.

import { clamp } from "./selection.js";

const address = /^(\d{1,2}):(\d{2}):(\d{2})([:;])(\d{2,3})$/;
const mediaTime = /^(\d{1,6})(?::(\d{2}))?(?::(\d{2}))?(?:\.(\d{1,9}))?$/;

export class Timecode {
  // num/den are frames a second, start the count of frames before the first one's address.
  constructor({ num, den, drop, start, frames }) {
    Object.assign(this, { num, den, start, frames });
    this.nominal = Math.max(1, Math.floor((num + Math.floor(den / 2)) / den));
    this.dropped = drop ? this.nominal / 15 : 0;
    this.digits = this.nominal > 100 ? 3 : 2;
  }

  get rate() { return this.num / this.den; }

  // seconds is when a frame begins, at is the frame that is shown at a time, and shown the
  // one of a picture whose time a browser tells: when it begins, or, in Firefox, what was
  // sought within it.
  seconds(frame) { return (frame * this.den) / this.num; }
  at(seconds) { return Math.floor(seconds * this.rate + 1e-4); }
  shown(seconds) { return clamp(Math.floor(seconds * this.rate + 0.25), 0, this.frames - 1); }
  nearest(seconds) { return Math.floor(seconds * this.rate + 0.5); }

  count(hours, minutes, seconds, frames) {
    const all = hours * 60 + minutes;
    return (all * 60 + seconds) * this.nominal + frames - this.dropped * (all - Math.floor(all / 10));
  }

  // text is the address of a frame, counted from 0.
  text(frame) {
    const day = this.count(24, 0, 0, 0);
    const count = (((this.start + frame) % day) + day) % day;
    const minute = 60 * this.nominal - this.dropped;
    const cycle = 10 * minute + this.dropped;
    const minutes = Math.floor(count / cycle) * 10 + Math.max(0, Math.floor(((count % cycle) - this.dropped) / minute));
    const labels = count + this.dropped * (minutes - Math.floor(minutes / 10));
    const two = (n) => String(n).padStart(2, "0");
    return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(Math.floor(labels / this.nominal) % 60)}` +
      `${this.dropped ? ";" : ":"}${String(labels % this.nominal).padStart(this.digits, "0")}`;
  }

  // parse returns the frame that a mark points at, or null if it is none.
  parse(mark) {
    const text = mark.trim();
    let m = address.exec(text);
    if (m) return this.parseAddress(m);
    m = mediaTime.exec(text);
    if (!m) return null;
    let seconds = Number(m[1]);
    for (const field of [m[2], m[3]]) {
      if (field === undefined) continue;
      if (Number(field) > 59) return null;
      seconds = seconds * 60 + Number(field);
    }
    return this.nearest(seconds + Number(`0.${m[4] ?? 0}`));
  }

  parseAddress([, h, m, s, separator, f]) {
    const [hours, minutes, seconds, frames] = [h, m, s, f].map(Number);
    const left = frames < this.dropped && seconds === 0 && minutes % 10 !== 0;
    if (hours > 23 || minutes > 59 || seconds > 59 || frames >= this.nominal || f.length > this.digits || left) return null;
    if (separator === ";" && !this.dropped) return null;
    const day = this.count(24, 0, 0, 0);
    return (((this.count(hours, minutes, seconds, frames) - this.start) % day) + day) % day;
  }

  // length writes a number of frames as seconds and frames, for people.
  length(frames) {
    const whole = Math.floor(frames / this.nominal);
    const clock = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60].map((n) => String(n).padStart(2, "0"));
    return `${clock.join(":")}:${String(frames % this.nominal).padStart(this.digits, "0")}`;
  }
}
