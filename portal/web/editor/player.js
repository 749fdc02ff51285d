// Plays the proxy and knows which frame is shown. The proxy has one picture for each of
// the master's, so the frame shown here is the frame that is cut.

import { renewal } from "./renewal.js";
import { clamp } from "./selection.js";

const speeds = [1, 2, 4, 8];

export class Player extends EventTarget {
  constructor(video, timecode) {
    super();
    Object.assign(this, { video, timecode, frame: 0, wanted: null, reverse: 0, until: null, last: null, stood: null, mayRenew: renewal() });
    this.watch = this.watch.bind(this);
    video.requestVideoFrameCallback(this.watch);
    video.addEventListener("seeked", () => this.settle());
    video.addEventListener("play", () => {
      this.stood = null;
      this.tell();
    });
    video.addEventListener("pause", () => this.stand());
    video.addEventListener("ratechange", () => this.tell());
    video.addEventListener("error", () => this.renew());
    if (video.error) queueMicrotask(() => this.renew()); // it failed before this was there
  }

  get playing() { return !this.video.paused || this.reverse > 0; }

  get speed() {
    if (this.reverse > 0) return -this.reverse;
    return this.video.paused ? 0 : this.video.playbackRate;
  }

  // watch hears of each picture as it is shown, with the time it has in the file. Once the
  // video stands, the frame is the one that was sought: some tell of earlier pictures later.
  watch(_, { mediaTime }) {
    this.video.requestVideoFrameCallback(this.watch);
    if (this.video.paused) return;
    this.frame = this.timecode.shown(mediaTime);
    if (this.until !== null && this.frame >= this.until - 1) {
      this.last = this.until - 1;
      this.until = null;
      this.video.pause();
    }
    this.dispatchEvent(new Event("frame"));
  }

  // stand settles on a frame once playing has stopped: the picture may be a frame further
  // than what was told last.
  stand() {
    const frame = this.last ?? this.timecode.at(this.video.currentTime);
    this.last = null;
    if (this.wanted === null && this.reverse === 0 && this.stood !== frame) this.show(frame);
    this.stood = frame;
    this.tell();
  }

  tell() { this.dispatchEvent(new Event("state")); }

  // seek shows a frame. While one is being looked for, only the last one asked for counts.
  seek(frame) {
    this.reverse = 0;
    this.show(frame);
  }

  show(frame) {
    const target = clamp(Math.round(frame), 0, this.timecode.frames - 1);
    this.until = null;
    const busy = this.wanted !== null && this.video.seeking;
    this.wanted = target;
    if (!busy) this.go();
    this.dispatchEvent(new Event("frame"));
  }

  // The middle of a frame's time is sure to lie within it.
  go() {
    this.going = this.wanted;
    this.video.currentTime = this.timecode.seconds(this.wanted + 0.5);
  }

  settle() {
    if (this.wanted === null) return;
    if (this.going !== this.wanted) {
      this.go();
      return;
    }
    this.frame = this.wanted;
    this.wanted = null;
    this.dispatchEvent(new Event("frame"));
  }

  // renew loads the video anew, at the frame and with the speed it had; "lost" says that it
  // was in vain.
  renew() {
    const { at, until, video } = this;
    const { paused, playbackRate } = video;
    if (!this.mayRenew()) {
      video.pause();
      this.reverse = 0;
      this.dispatchEvent(new Event("lost"));
      return;
    }
    video.load();
    this.wanted = null;
    this.show(at);
    if (paused) return;
    this.until = until;
    video.playbackRate = playbackRate;
    video.play().catch(() => this.tell());
  }

  // at is the frame that is shown, or about to be.
  get at() { return this.wanted ?? this.frame; }

  step(frames) {
    this.pause();
    this.seek(this.at + frames);
  }

  toggle() { if (this.playing) this.pause(); else this.play(); }

  play(speed = 1) {
    this.reverse = 0;
    this.until = null;
    if (this.at >= this.timecode.frames - 1) this.seek(0);
    this.video.playbackRate = speed;
    this.video.play().catch(() => this.tell());
  }

  pause() {
    this.reverse = 0;
    this.until = null;
    const played = !this.video.paused;
    this.video.pause();
    this.video.playbackRate = 1;
    if (played) this.stand();
    this.tell();
  }

  // playRange plays [first, end) and stops on its last frame.
  playRange(first, end) {
    this.pause();
    this.seek(first);
    this.until = end;
    this.video.play().catch(() => this.tell());
  }

  // shuttle goes one speed up in a direction; the other direction stops first.
  shuttle(direction) {
    const now = this.speed;
    if (now * direction < 0) {
      this.pause();
      return;
    }
    const next = speeds[Math.min(speeds.indexOf(Math.abs(now)) + 1, speeds.length - 1)];
    if (direction > 0) this.play(next);
    else this.rewind(next);
  }

  // Browsers do not play backwards: pictures are sought, as fast as that goes.
  rewind(speed) {
    const running = this.reverse > 0;
    this.video.pause();
    this.reverse = speed;
    this.tell();
    if (running) return;
    let last = performance.now();
    let exact = this.at;
    const back = (now) => {
      if (this.reverse === 0) return;
      exact -= ((now - last) / 1000) * this.timecode.rate * this.reverse;
      last = now;
      if (exact <= 0) {
        this.seek(0);
        this.pause();
        return;
      }
      if (!this.video.seeking) this.show(exact);
      requestAnimationFrame(back);
    };
    requestAnimationFrame(back);
  }
}
