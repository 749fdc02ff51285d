// What the timeline is drawn from: pictures of the storyboard, peaks of the sound.

// Storyboard is pictures at even times, on sheets of rows and columns.
export class Storyboard {
  constructor({ sheets, interval, columns, rows, width, height, count }) {
    Object.assign(this, { interval, columns, rows, width, height, count });
    this.images = sheets.map((address) => Object.assign(new Image(), { src: address }));
  }

  pictureAt(seconds) {
    const index = Math.min(Math.floor(seconds / this.interval), this.count - 1);
    const perSheet = this.columns * this.rows;
    const image = this.images[Math.floor(index / perSheet)];
    if (!image?.complete || image.naturalWidth === 0) return null;
    const place = index % perSheet;
    return { image, x: (place % this.columns) * this.width, y: Math.floor(place / this.columns) * this.height };
  }
}

// Waveform is peaks in the binary format of BBC audiowaveform, version 2, 8 bits.
export class Waveform {
  constructor(data) {
    const header = new DataView(data);
    if (header.getInt32(0, true) !== 2 || (header.getUint32(4, true) & 1) === 0) throw new Error("unknown waveform");
    this.perSecond = header.getInt32(8, true) / header.getInt32(12, true);
    this.length = header.getUint32(16, true);
    this.channels = header.getInt32(20, true);
    this.peaks = new Int8Array(data, 24);
  }

  // between returns the lowest and highest peak of [from, to), over all channels.
  between(from, to) {
    let low = 0;
    let high = 0;
    const end = Math.min(to, this.length) * this.channels * 2;
    for (let i = from * this.channels * 2; i < end; i += 2) {
      low = Math.min(low, this.peaks[i]);
      high = Math.max(high, this.peaks[i + 1]);
    }
    return [low, high];
  }

  static async load(address) {
    const response = await fetch(address);
    if (!response.ok) throw new Error(response.statusText);
    return new Waveform(await response.arrayBuffer());
  }
}
