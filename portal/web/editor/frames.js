// Pictures of single frames, for the filmstrip where the storyboard has one for many. They
// are taken from a second player of the proxy, which is never seen nor heard, one by one,
// and only while nothing plays or is sought.

import { renewal } from "./renewal.js";

const rest = 200; // milliseconds without a change, after which they are looked for
const most = 128; // kept: more than a screen is wide

export class Frames extends EventTarget {
  // width and height are of the pictures, in pixels.
  constructor(player, { width, height }) {
    super();
    Object.assign(this, { player, width, height, kept: new Map(), wanted: [], going: null, video: null, mayRenew: renewal() });
    for (const event of ["frame", "state"]) player.addEventListener(event, () => this.later());
  }

  // pictureOf returns the canvas with a frame, or null while it is not there.
  pictureOf(frame) {
    const picture = this.kept.get(frame);
    if (!picture) return null;
    this.kept.delete(frame); // what was drawn last is kept longest
    this.kept.set(frame, picture);
    return picture;
  }

  // want says which frames are in view. None lets the player go, and what it loads.
  want(frames) {
    this.wanted = frames;
    if (frames.length > 0) this.later();
    else this.close();
  }

  later() {
    clearTimeout(this.waiting);
    if (this.wanted.length > 0) this.waiting = setTimeout(() => this.next(), rest);
  }

  next() {
    const frame = this.wanted.find((wanted) => !this.kept.has(wanted));
    if (frame === undefined || this.going !== null || this.player.playing || this.player.wanted !== null) return;
    this.video ??= this.open();
    this.show(frame);
  }

  show(frame) {
    this.going = frame;
    this.video.currentTime = this.player.timecode.seconds(frame + 0.5);
  }

  open() {
    const video = document.createElement("video");
    Object.assign(video, { muted: true, playsInline: true, preload: "metadata", src: this.player.video.getAttribute("src") });
    const watch = (_, { mediaTime }) => {
      video.requestVideoFrameCallback(watch);
      if (this.player.timecode.shown(mediaTime) === this.going) this.keep();
    };
    video.requestVideoFrameCallback(watch);
    video.addEventListener("error", () => this.renew());
    return video;
  }

  keep() {
    const oldest = this.kept.size < most ? null : this.kept.keys().next().value;
    const picture = this.kept.get(oldest) ?? document.createElement("canvas");
    this.kept.delete(oldest);
    Object.assign(picture, { width: this.width, height: this.height });
    picture.getContext("2d").drawImage(this.video, 0, 0, this.width, this.height);
    this.kept.set(this.going, picture);
    this.going = null;
    this.dispatchEvent(new Event("picture"));
    this.next();
  }

  renew() {
    if (!this.video.hasAttribute("src")) return;
    const frame = this.going;
    if (!this.mayRenew()) {
      this.close();
      return;
    }
    this.video.load();
    if (frame !== null) this.show(frame);
  }

  close() {
    clearTimeout(this.waiting);
    this.going = null;
    this.wanted = [];
    if (!this.video) return;
    this.video.removeAttribute("src");
    this.video.load();
    this.video = null;
  }
}
