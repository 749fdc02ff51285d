// Draws the parts of the timeline. at is {context, width, left, scale, timecode}: the view
// shows the CSS pixels from left on of a video that has scale of them for each frame.

// drawRuler writes as many timecodes as have room.
export function drawRuler({ context, width, left, scale, timecode }, height, { ink, line, font }) {
  context.font = font;
  const room = context.measureText(timecode.text(0)).width + 24;
  const second = timecode.nominal;
  const steps = [1, 2, 5, 10, second, 2 * second, 5 * second, 10 * second, 30 * second, 60 * second, 120 * second, 300 * second, 600 * second, 1800 * second];
  const step = steps.find((n) => n * scale >= room) ?? 3600 * second;
  const first = Math.max(0, Math.floor(left / scale / step) * step);
  context.fillStyle = ink;
  context.strokeStyle = line;
  context.textBaseline = "middle";
  context.beginPath();
  for (let frame = first; frame * scale < left + width && frame < timecode.frames; frame += step) {
    const x = Math.round(frame * scale - left) + 0.5;
    context.moveTo(x, 0);
    context.lineTo(x, height);
    context.fillText(timecode.text(frame), x + 5, height / 2);
    const small = step / 5;
    if (!Number.isInteger(small) || small * scale < 6) continue;
    for (let i = 1; i < 5; i++) {
      const tick = Math.round((frame + i * small) * scale - left) + 0.5;
      context.moveTo(tick, height - 5);
      context.lineTo(tick, height);
    }
  }
  context.stroke();
}

// drawFilmstrip puts pictures side by side, each at the first of the frames it stands for:
// those of the frames themselves, as far as they are there, else the storyboard's. It
// returns the frames that are in view.
export function drawFilmstrip({ context, width, left, scale, timecode }, top, height, board, frames) {
  const whole = pictureWidth(height, board);
  const each = Math.max(1, Math.floor(whole / scale));
  const drawn = [];
  for (let frame = Math.max(0, Math.floor(left / scale / each) * each); frame * scale < left + width && frame < timecode.frames; frame += each) {
    drawn.push(frame);
    const picture = frames?.pictureOf(frame);
    const { image, x, y } = picture ? { image: picture, x: 0, y: 0 } : board.pictureAt(timecode.seconds(frame)) ?? {};
    if (!image) continue;
    // What is too wide loses both sides, and the last one its end.
    const room = Math.min(each * scale, whole);
    const shown = Math.min(room, (timecode.frames - frame) * scale);
    const part = board.width / whole;
    context.drawImage(image, x + ((whole - room) / 2) * part, y, shown * part, board.height, frame * scale - left, top, shown, height);
  }
  return drawn;
}

// pictureWidth is that of the filmstrip's pictures, where it is so high.
export function pictureWidth(height, board) {
  return Math.max(8, Math.round((height * board.width) / board.height));
}

// drawWaveform draws the loudest sample of each pixel, both ways from the middle.
export function drawWaveform({ context, width, left, scale, timecode }, top, height, wave, colour) {
  const middle = top + height / 2;
  const tall = (height / 2 - 1) / 128;
  const perPixel = (wave.perSecond * timecode.seconds(1)) / scale;
  context.fillStyle = colour;
  for (let x = Math.max(0, Math.ceil(-left)); x < width; x++) {
    const from = Math.floor((left + x) * perPixel);
    if (from >= wave.length) break;
    const [low, high] = wave.between(from, Math.max(from + 1, Math.floor((left + x + 1) * perPixel)));
    context.fillRect(x, middle - high * tall, 1, Math.max(1, (high - low) * tall));
  }
}
