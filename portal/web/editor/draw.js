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

// drawFilmstrip puts pictures of the storyboard side by side, each at its own time.
export function drawFilmstrip({ context, width, left, scale, timecode }, top, height, board) {
  const across = Math.max(8, Math.round((height * board.width) / board.height));
  for (let slot = Math.max(0, Math.floor(left / across)); slot * across < left + width; slot++) {
    const frame = (slot * across) / scale;
    if (frame >= timecode.frames) break;
    const picture = board.pictureAt(timecode.seconds(frame));
    if (!picture) continue;
    const x = slot * across - left;
    const shown = Math.min(across, timecode.frames * scale - slot * across);
    const part = shown / across;
    context.drawImage(picture.image, picture.x, picture.y, board.width * part, board.height, x, top, shown, height);
  }
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
