// Package timecode turns what people write about a moment of video — a SMPTE
// timecode, a media time, a frame rate — into exact frame numbers, and back.
//
// Three ideas carry it:
//
//   - A [Rate] is a frame rate as an exact fraction. The "29.97" of NTSC video
//     is 30000/1001; the decimal itself would be frames out after a day.
//   - A [Base] says how one asset's frames are addressed: its rate, whether
//     its timecode is drop-frame, and the address of its first frame.
//   - A mark is what a user writes to point at a frame. [Base.Parse] reads it
//     either as a timecode, which counts from the base's start, or as a media
//     time, which counts from the first frame of the file.
//
// Frame indexes count from 0 at the first frame of the asset.
//
// Timecode follows SMPTE ST 12-1, carried on to rates above 30 by counting every
// frame of a second. It labels a whole number of frames a second (30 for 29.97
// video), so at NTSC rates the labels fall behind the clock by 3.6 seconds an
// hour. Drop-frame timecode makes up for it by leaving out labels, never frames:
// the first two of every minute at 29.97 (four at 59.94, eight at 119.88), except
// in minutes 00, 10, 20, 30, 40 and 50. It is written with a semicolon before the
// frames, as in 01:00:00;00.
//
// Every error the package makes is a [*ParseError], whose text can be shown to
// the person who wrote the input.
package timecode
