// The page of a video: its player, and the editor that marks what is taken of it.

import "../editor/speak.js";
import "media-chrome/dist/media-controller.js";
import "media-chrome/dist/media-control-bar.js";
import "media-chrome/dist/media-captions-button.js";
import "media-chrome/dist/media-fullscreen-button.js";
import "media-chrome/dist/media-loading-indicator.js";
import "media-chrome/dist/media-mute-button.js";

import { listen } from "../editor/keys.js";
import { showMarks } from "../editor/marks.js";
import { Storyboard, Waveform } from "../editor/media.js";
import { Player } from "../editor/player.js";
import { Selection } from "../editor/selection.js";
import { addToBasket, showTaking } from "../editor/take.js";
import { Timecode } from "../editor/timecode.js";
import { Timeline } from "../editor/timeline.js";
import { showShots, showTranscript } from "../editor/transcript.js";
import { t } from "../editor/words.js";

class Editor {
  constructor(root, asset) {
    this.root = root;
    this.asset = asset;
    this.timecode = new Timecode(asset);
    this.video = root.querySelector("video");
    this.player = new Player(this.video, this.timecode);
    this.selection = new Selection(this.timecode);
    this.selection.read();
    this.last = "in"; // the mark that was set last, which [ and ] nudge
    this.timeline = new Timeline(root.querySelector("[data-timeline]"), {
      timecode: this.timecode, player: this.player, selection: this.selection,
      storyboard: asset.storyboard && new Storyboard(asset.storyboard),
    });
    this.selection.addEventListener("change", ({ detail }) => {
      if (detail === "in" || detail === "out") this.last = detail;
    });
    this.say = showMarks(this);
    this.showTime();
    this.buttons();
    this.sound();
    listen(this);
    showTaking(this);
    showTranscript(this);
    showShots(this);
    this.player.seek(this.selection.first); // the poster is another frame
  }

  markIn() { this.selection.setIn(this.player.at); }

  // The frame at which out is marked is the last one kept, so the mark is behind it.
  markOut() { this.selection.setOut(this.player.at + 1); }

  nudge(frames) {
    if (this.last === "in") this.selection.setIn(Math.min(this.selection.first + frames, this.selection.end - 1));
    else this.selection.setOut(Math.max(this.selection.end + frames, this.selection.first + 1));
    this.player.pause();
    this.player.seek(this.last === "in" ? this.selection.first : this.selection.end - 1);
  }

  help() { this.root.querySelector("[data-help]").showModal(); }

  showTime() {
    const now = this.root.querySelector("[data-now]");
    const speed = this.root.querySelector("[data-speed]");
    const play = this.root.querySelector("[data-do=toggle]");
    this.player.addEventListener("frame", () => {
      now.textContent = this.timecode.text(this.player.at);
    });
    this.player.addEventListener("state", () => {
      const { speed: rate, playing } = this.player;
      speed.textContent = rate === 0 || rate === 1 ? "" : `${rate}×`;
      play.textContent = playing ? "❚❚" : "▶";
      play.setAttribute("aria-label", t(playing ? "pause" : "play"));
    });
  }

  buttons() {
    const { player, selection, timeline } = this;
    const second = Math.round(this.timecode.rate);
    const actions = {
      toggle: () => player.toggle(),
      "back-second": () => player.step(-second), "back-frame": () => player.step(-1),
      "on-frame": () => player.step(1), "on-second": () => player.step(second),
      "mark-in": () => this.markIn(), "mark-out": () => this.markOut(),
      "to-in": () => player.seek(selection.first), "to-out": () => player.seek(selection.end - 1),
      "play-range": () => player.playRange(selection.first, selection.end),
      add: () => selection.add(), clear: () => selection.clear(),
      "zoom-in": () => timeline.zoom(2), "zoom-out": () => timeline.zoom(0.5), fit: () => timeline.fit(),
      basket: () => addToBasket(this), help: () => this.help(), link: () => this.copyLink(),
    };
    this.root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      actions[button?.dataset.do]?.();
      // A key that follows is meant for the player, unless one came here by the keyboard.
      if (event.detail > 0) event.target.closest("button")?.blur();
    });
    this.video.addEventListener("click", () => player.toggle());
    this.root.querySelector("[data-volume]").addEventListener("input", ({ target }) => {
      this.video.volume = Number(target.value);
      this.video.muted = false;
    });
    for (const control of this.root.querySelectorAll("[data-volume], [data-wave]")) control.addEventListener("change", () => control.blur());
  }

  async copyLink() {
    try {
      await navigator.clipboard.writeText(location.href);
      this.say(t("copied"));
    } catch {
      this.say(t("not_copied"));
    }
  }

  // hear plays one sound track alone, in browsers that let a page choose.
  hear(index) {
    const tracks = this.video.audioTracks ?? [];
    for (let i = 0; i < tracks.length; i++) tracks[i].enabled = i === index;
  }

  // sound draws the waveform of the track that is chosen.
  sound() {
    const choice = this.root.querySelector("[data-wave]");
    if (!choice) return;
    const show = () => {
      this.hear(choice.selectedIndex);
      return Waveform.load(choice.value).then((wave) => this.timeline.show(wave), () => this.timeline.show(null));
    };
    choice.addEventListener("change", show);
    show();
  }
}

const root = document.querySelector("[data-editor]");
if (root) {
  // It says whether it is checked, which is for a switch.
  root.querySelector("media-captions-button")?.setAttribute("role", "switch");
  // The browser's own controls are for whoever has no script.
  root.querySelector("video").controls = false;
  const editor = new Editor(root, JSON.parse(document.getElementById("asset").textContent));
  globalThis.subclip = editor; // for tests, and for who is curious
}
