// Cards of videos show what is in them: the pointer moves along a card, or ← and → are
// pressed on its link, and the picture of that place is shown, out of the storyboard. A
// sheet of pictures is loaded when the first of them is wanted.

class Scrub {
  constructor(still) {
    const { sheets, ...numbers } = still.dataset;
    for (const [name, value] of Object.entries(numbers)) this[name] = Number(value);
    this.still = still;
    this.address = sheets;
    this.sheets = new Map();
    this.at = null; // the picture that is wanted; null is the poster

    const card = still.closest(".card");
    card.addEventListener("pointermove", ({ clientX, pointerType }) => {
      if (pointerType === "touch") return; // it scrolls
      const { left, width } = still.getBoundingClientRect();
      this.show(Math.floor(((clientX - left) / width) * this.count));
    });
    card.addEventListener("pointerleave", () => this.end());
    card.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.show(this.at === null ? 0 : this.at + step);
    });
    card.addEventListener("focusout", () => this.end());
  }

  async show(picture) {
    const wanted = Math.min(Math.max(picture, 0), this.count - 1);
    if (wanted === this.at) return;
    this.at = wanted;
    const perSheet = this.columns * this.rows;
    const sheet = await this.sheet(Math.floor(wanted / perSheet));
    if (!sheet || this.at !== wanted) return;
    const place = wanted % perSheet;
    if (!this.canvas) this.cover();
    this.canvas.getContext("2d").drawImage(sheet,
      (place % this.columns) * this.width, Math.floor(place / this.columns) * this.height, this.width, this.height,
      0, 0, this.width, this.height);
    this.time.textContent = clock(wanted * this.interval);
    this.still.style.setProperty("--at", (wanted + 0.5) / this.count);
    this.still.dataset.at = wanted;
  }

  end() {
    this.at = null;
    delete this.still.dataset.at;
  }

  // cover lays a picture and its time over the poster; style shows them while there is data-at.
  cover() {
    this.canvas = Object.assign(document.createElement("canvas"), { width: this.width, height: this.height });
    this.time = Object.assign(document.createElement("span"), { className: "time" });
    for (const part of [this.canvas, this.time]) part.setAttribute("aria-hidden", "true");
    this.still.append(this.canvas, this.time);
  }

  // sheet loads one, once; where it cannot be had, the poster stays.
  sheet(number) {
    if (!this.sheets.has(number)) {
      const image = Object.assign(new Image(), { src: `${this.address}${number}.jpg` });
      this.sheets.set(number, image.decode().then(() => image, () => this.sheets.delete(number) && null));
    }
    return this.sheets.get(number);
  }
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  const two = (n) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

for (const still of document.querySelectorAll("[data-sheets]")) new Scrub(still);
