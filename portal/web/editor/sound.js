// Has any sound track of the video be heard. Most browsers play a file's first track alone;
// another is a file of its own, in an audio element that follows the video.

import { renewal } from "./renewal.js";
import { clamp } from "./selection.js";

// The video is turned down and not muted meanwhile: muting is for the person, and the
// player's button shows it.
const inaudible = 2 ** -23;

// Seconds that the sound may be off: near is what EBU R 37 allows; beyond far it jumps, and
// between it plays a little faster or slower.
const near = 0.04;
const far = 0.3;
const mostFaster = 0.05;

export class Sound extends EventTarget {
  constructor(video) {
    super();
    Object.assign(this, { video, audio: new Audio(), level: video.volume });
    this.audio.preload = "auto";
    for (const event of ["play", "playing", "pause", "waiting", "seeking", "seeked", "ratechange", "timeupdate", "ended"]) {
      video.addEventListener(event, () => this.follow());
    }
    this.audio.addEventListener("canplay", () => this.follow());
    this.audio.addEventListener("error", () => this.renew());
    video.addEventListener("volumechange", () => {
      if (!this.apart || video.volume > inaudible) this.level = video.volume;
      this.balance();
    });
  }

  // apart is true where the track that is heard is not the video's own.
  get apart() { return this.audio.hasAttribute("src"); }

  set volume(level) {
    this.level = level;
    this.video.muted = false;
    this.balance();
  }

  // choose has one track be heard. Where the browser lets a page choose among the video's
  // own, it does; else address is where the track's file is, empty where there is none.
  choose(index, address) {
    const own = this.video.audioTracks ?? [];
    const apart = index > 0 && own.length <= index;
    for (let i = 0; i < own.length; i++) own[i].enabled = i === (apart ? 0 : index);
    this.audio.pause();
    this.mayRenew = renewal();
    if (apart && address) {
      this.audio.src = address;
    } else if (this.apart) {
      this.audio.removeAttribute("src");
      this.audio.load();
    }
    this.balance();
    this.follow();
    if (apart && !address) this.dispatchEvent(new Event("unheard"));
  }

  // renew loads the sound anew; it finds its place when it can play.
  renew() {
    if (!this.apart) return;
    if (this.mayRenew()) this.audio.load();
    else this.dispatchEvent(new Event("unheard"));
  }

  balance() {
    const { audio, video } = this;
    audio.muted = video.muted;
    audio.volume = this.level;
    const level = this.apart ? inaudible : this.level;
    if (video.volume !== level) video.volume = level;
  }

  // follow brings the sound to where the video is.
  follow() {
    if (!this.apart) return;
    const { audio, video } = this;
    const late = video.currentTime - audio.currentTime;
    const runs = !video.paused && !video.seeking && video.readyState > video.HAVE_CURRENT_DATA && !(video.currentTime >= audio.duration);
    const off = Math.abs(late) / Math.max(1, video.playbackRate);
    if (!audio.seeking && off > (runs ? far : 0)) audio.currentTime = video.currentTime;
    audio.playbackRate = video.playbackRate * (runs && off > near ? 1 + clamp(late, -mostFaster, mostFaster) : 1);
    if (!runs) audio.pause();
    else if (audio.paused) audio.play().catch(() => {}); // what keeps it from playing is told by error, or is a pause
  }
}
