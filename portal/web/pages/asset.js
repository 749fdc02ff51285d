// The page of a video: its player, and the editor that marks what is taken of it.

import "../editor/early.js";
import "../editor/speak.js";
import "media-chrome/dist/media-controller.js";
import "media-chrome/dist/media-control-bar.js";
import "media-chrome/dist/media-captions-button.js";
import "media-chrome/dist/media-fullscreen-button.js";
import "media-chrome/dist/media-loading-indicator.js";
import "media-chrome/dist/media-mute-button.js";

import { keepAddress } from "../editor/address.js";
import { listen } from "../editor/keys.js";
import { showMarks } from "../editor/marks.js";
import { Storyboard, Waveform } from "../editor/media.js";
import { Player } from "../editor/player.js";
import { Selection } from "../editor/selection.js";
import { Sound } from "../editor/sound.js";
import { showTaking } from "../editor/take.js";
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
    this.sound = new Sound(this.video);
    this.selection = new Selection(this.timecode);
    this.selection.read();
    keepAddress(this.selection);
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
    this.tracks();
    this.fills();
    listen(this);
    this.making = showTaking(this);
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

  // full fills the screen with the picture and what it is cut with, or leaves again; a phone
  // that can only show the video does that.
  full() {
    if (document.fullscreenElement) document.exitFullscreen(); // the button learns of it later
    else this.root.querySelector("media-fullscreen-button").click();
  }

  fills() {
    const filled = this.root.querySelector("[data-full]");
    this.root.querySelector("media-controller").fullscreenElement = filled;
    filled.addEventListener("fullscreenchange", () => this.say(t(document.fullscreenElement ? "said_full" : "said_left")));
  }

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
      help: () => this.help(), link: () => this.copyLink(),
    };
    this.root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      actions[button?.dataset.do]?.();
      // A key that follows is meant for the player, unless one came here by the keyboard.
      if (event.detail > 0) event.target.closest("button")?.blur();
    });
    this.video.addEventListener("click", () => player.toggle());
    player.addEventListener("lost", () => this.say(t("lost")));
    this.root.querySelector("[data-volume]").addEventListener("input", ({ target }) => {
      this.sound.volume = Number(target.value);
    });
    for (const control of this.root.querySelectorAll("[data-volume], [data-track]")) control.addEventListener("change", () => control.blur());
  }

  async copyLink() {
    try {
      await navigator.clipboard.writeText(new URL(this.selection.address(), location.href).href);
      this.say(t("copied"));
    } catch {
      this.say(t("not_copied"));
    }
  }

  // tracks has the sound track that is chosen be heard, and draws its waveform.
  tracks() {
    const choice = this.root.querySelector("[data-track]");
    if (!choice) return;
    const choose = async () => {
      const [option] = choice.selectedOptions;
      const { wave, sound } = option.dataset;
      this.sound.choose(choice.selectedIndex, sound);
      const drawn = wave ? await Waveform.load(wave).catch(() => null) : null;
      if (option.selected) this.timeline.show(drawn);
    };
    this.sound.addEventListener("unheard", () => {
      this.sound.choose(0);
      this.say(t("unheard"));
    });
    choice.addEventListener("change", choose);
    choose();
  }
}

const root = document.querySelector("[data-editor]");
if (root) {
  // It says whether it is checked, which is for a switch.
  root.querySelector("media-captions-button")?.setAttribute("role", "switch");
  const editor = new Editor(root, JSON.parse(document.getElementById("asset").textContent));
  // The browser's own controls are for whoever has no script, or one that failed.
  editor.video.controls = false;
  globalThis.subclip = editor; // for tests, and for who is curious
}
