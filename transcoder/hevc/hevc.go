// Package hevc makes encoded pictures fit beside a master's own in one H.265
// (ITU-T H.265) track of an MP4 file, so that a single sample entry holds the
// parameter sets of both. Samples are NAL units after their lengths (ISO/IEC
// 14496-15); the entry's hvcC box is a [Config].
//
// A cutter that copies a master's pictures from an entry on, and encodes those
// before it (the head) and after the copied run (the tail), goes these steps:
//
//   - [Config.Inspect] tells at which samples decoding can begin, and which ones
//     after such an entry are leading: shown before it. Those are left out of the
//     copy, as RASL pictures need what comes before the entry. They are pictures
//     of the head.
//   - [Config.Options] has ffmpeg encode head and tail in the master's format.
//   - [Config.Add] puts each edge's parameter sets beside the master's under
//     numbers that are free, and [Numbers.Sample] changes the numbers in the
//     edge's pictures. In a slice the number is a code of 1, 3, 5, … bits near the
//     beginning, and what follows is bound to bytes; so the new number's code is
//     longer by whole bytes: 0 becomes one of 15 to 30. The edge keeps a video
//     parameter set of its own, which states its own limits.
//   - [Config.Metadata] is the master's static HDR metadata, for the front of each
//     edge's first sample: it ends with the sequence that it was given for.
//   - [Config.BreakLink] goes over the CRA picture at which a copy begins.
//
// A CRA picture in the middle of a stream does not begin a sequence: no other
// parameter sets may come into force there. Two things can be done. An end of
// sequence before it leaves the master's bytes as they are, but then pictures that
// still wait to be shown are dropped (H.265, C.5.2.2), which ffmpeg does wherever an
// earlier range has left it some. So the picture is called BLA instead, by the kind
// in its units' headers, which costs one rewritten sample and nothing else: it
// decodes to the same picture. Edges are encoded without reordering, so that each
// picture is shown as soon as it is decoded, and Add refuses others.
//
// Masters are hostile: whatever the bytes, reading them ends in time and memory
// in proportion to their number.
package hevc
