// Package avc reads and restamps H.264 pictures (ITU-T H.264, ISO/IEC 14496-10) as
// they lie in the samples of MP4 and QuickTime files: units, each after its length.
// It is there to join freshly encoded pictures, a head, to pictures copied from a
// master.
//
// Where copying begins at an IDR picture, a head may have parameters of its own,
// with numbers that the master does not use ([Params.FreeID]). In a stream of open
// GOPs it begins at a recovery point, which is no IDR picture and so cannot bring
// other sequence parameters into force: the head has to live under the master's.
// libx264 codes it as an I picture and P pictures, and its slice headers are written
// anew, with the widths of the master's fields. The copied pictures are not touched. It goes
// in four steps:
//
//  1. [Params.Inspect] tells what the samples around the entry are.
//  2. [Params.Plan] finds numbers for the head and says which of its pictures must
//     be coded alone ([Plan.Key]).
//  3. The caller encodes with one reference frame, without B pictures, in the
//     master's format, with keys just there.
//  4. [Plan.Join] takes the encoder's parameters; [Join.Sample] and [Join.Leading]
//     restamp, [Join.PPS] and [AllowGaps] make the parameters of the new file.
//
// # Why the copied pictures decode to the same
//
// A copied picture names its references by their place in lists that a decoder
// makes out of all it holds, and strikes them off by frame_num. So a decoder must
// hold what it would have held, as far as that matters:
//
//   - frame_num jumps between the head, whose IDR picture must have 0, and the
//     master. A decoder fills a jump with empty frames, if the sequence parameters
//     allow for it: that is the one bit that [AllowGaps] sets. (ffmpeg fills it
//     either way; strict decoders give up.)
//   - A leading picture (decoded after the entry, shown before it) that is a
//     reference must not be missing. The standard leaves empty frames out of the
//     lists of B pictures, but ffmpeg places them two after the frame before, that
//     is after the entry: tried, and B pictures then decode wrongly. So its place
//     is taken by an encoded picture of its own, coded alone, that has its frame_num,
//     its place in display order and its words about other references.
//   - For the same reason the head's display order ends so far before the entry's
//     that the empty frames at the joint lie between.
//   - Copied pictures may strike off what was decoded before the joint (libx264
//     does so at the first P picture after each entry). Empty frames have those
//     numbers. Where the plain row of numbers does not serve, the head's last
//     pictures are placed among them and strike off those too many; the first of
//     these must be coded alone, since the empty frames before it have pushed out
//     what it could be predicted from.
//
// A head of one picture leaves no freedom: it fits masters whose pictures strike
// off nothing, or only what was decoded right before. Plan says in an error where
// there is no way.
//
// mp4ff reads parameter sets and slice headers too, and tests hold this package
// against it. It is not used here since it does not bound what a hostile set may
// make it allocate, and does not tell at which bit a header's parts begin.
package avc
