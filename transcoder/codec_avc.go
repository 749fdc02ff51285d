package transcoder

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/Eyevinn/mp4ff/avc"
	ffmpeg "github.com/u2takey/ffmpeg-go"

	h264 "subclip/transcoder/avc"
	"subclip/transcoder/mp4"
)

// avcCodec is H.264. Edges have parameter sets of their own, under a number that the
// master does not use; but a head before a recovery point, which cannot bring others
// into force, is restamped to live under the master's.
type avcCodec struct {
	record     avc.DecConfRec
	params     *h264.Params
	id         int      // of the edges' own parameter sets
	restamped  [][]byte // picture parameters of heads before recovery points
	interlaced bool
	reordered  bool // the master's pictures are, or may be, shown in another order than decoded
}

// highProfile is the number of the first of the profiles with transforms of 8x8.
const highProfile = 100

// lengthSize is how many bytes the length before each unit of a sample has: mp4ff
// reads and writes no other than four.
const lengthSize = 4

// lookAhead is how many pictures after an entry are looked at to plan a head: twice
// as many as a stream may have references.
const lookAhead = 32

func newAVC(track *mp4.Track, s Source) (*avcCodec, error) {
	record, err := avc.DecodeAVCDecConfRec(track.Config("avcC"))
	if err != nil {
		return nil, unsupported("the H.264 configuration cannot be read (%w)", err)
	}
	a := &avcCodec{record: record, interlaced: s.Video.Interlaced(), reordered: track.Reordered()}
	if a.params, err = h264.ParseParams(record.SPSnalus, record.PPSnalus); err != nil {
		return nil, unsupported("the H.264 parameters cannot be read (%w)", err)
	}
	// A decoder waits as long as the parameters tell, whatever the pictures' order.
	a.reordered = a.reordered || a.reorders()
	if a.id, err = a.params.FreeID(); err != nil {
		return nil, unsupported("%w", err)
	}
	return a, nil
}

func (a *avcCodec) entry(look candidate) (mp4.Entry, *recovery, error) {
	pictures, err := a.inspect(look, 0, 1)
	if err == nil {
		err = a.lookForFields(look)
	}
	if err != nil {
		return mp4.NoEntry, nil, err
	}
	switch {
	case pictures[0].Kind == h264.IDR && !pictures[0].Changed:
		return mp4.Refresh, nil, nil
	case pictures[0].Kind != h264.Recovery || pictures[0].Changed || pictures[0].InBand < 0 || look.head < 1:
		return mp4.NoEntry, nil, nil
	}
	around, err := a.inspect(look, 1, 1+look.leading+lookAhead)
	if err != nil {
		return mp4.NoEntry, nil, err
	}
	if slices.ContainsFunc(around, func(p h264.Picture) bool { return p.Changed || (p.InBand != 0 && p.Kind == h264.Other) }) {
		return mp4.NoEntry, nil, nil
	}
	rec := a.recover(look, append(pictures, around...))
	if rec == nil {
		return mp4.NoEntry, nil, nil
	}
	rec.inBand = pictures[0].InBand > 0
	return mp4.Recovery, rec, nil
}

// lookForFields looks at the first pictures after an entry: a master that is coded in
// fields, though its headers do not say so, has edges in two fields too.
func (a *avcCodec) lookForFields(look candidate) error {
	const enough = 12
	if a.interlaced || !a.mixed() {
		return nil
	}
	pictures, err := a.inspect(look, 0, enough)
	a.interlaced = slices.ContainsFunc(pictures, func(p h264.Picture) bool { return p.Field })
	return err
}

// inspect looks at the pictures from one after the entry to another.
func (a *avcCodec) inspect(look candidate, from, to int) ([]h264.Picture, error) {
	var pictures []h264.Picture
	for i := from; i < to; i++ {
		data, err := look.read(i)
		if err != nil || data == nil {
			return pictures, err
		}
		p, err := a.params.Inspect(data, lengthSize)
		if err != nil {
			return nil, unsupported("a picture of the master cannot be read (%w)", err)
		}
		pictures = append(pictures, p)
	}
	return pictures, nil
}

func (a *avcCodec) options(rec *recovery, pictures int) (ffmpeg.KwArgs, error) {
	params := fmt.Sprintf("sps-id=%d:scenecut=0:open-gop=0:rc-lookahead=0:sync-lookahead=0", a.id)
	if a.record.AVCProfileIndication >= highProfile {
		params += ":8x8dct=1" // else the encoder would call them Main
	}
	// The fastest preset: an edge is short, so that the bits it spends matter less than
	// the time it saves. It also quantises finest at a given crf.
	options := ffmpeg.KwArgs{"c:v": "libx264", "crf": "19", "preset": "ultrafast", "a53cc": "0"}
	if a.reordered && rec == nil {
		// A decoder that was told to expect no reordering must not meet any; but one
		// that expects some before the joint loses no picture to it there.
		options["bf"], options["b_strategy"], options["refs"] = "3", "0", "2"
	}
	if rec == nil {
		options["force_key_frames"] = fmt.Sprintf("expr:eq(n,%d)", pictures-proved)
	} else {
		params += ":keyint=infinite:ref=1"
		var keys []string
		for i := range pictures {
			if rec.plan.Key(i) {
				keys = append(keys, fmt.Sprintf("eq(n,%d)", i))
			}
		}
		options["force_key_frames"] = "expr:" + strings.Join(keys, "+")
	}
	if profile := a.profile(); profile != "" {
		options["profile:v"] = profile
	}
	switch {
	case a.interlaced && (rec == nil || rec.plan.Adaptive()):
		options["flags:v"] = "+ilme+ildct"
	case a.mixed():
		params += ":fake-interlaced=1"
	}
	options["x264-params"] = params
	return options, nil
}

// mixed is whether pictures are coded in a way that allows for fields.
func (a *avcCodec) mixed() bool {
	return slices.ContainsFunc(a.params.Sequences(), func(s *h264.SPS) bool { return !s.FrameMBsOnly })
}

// reorders is whether the master's parameters let a decoder wait for pictures that are
// shown earlier.
func (a *avcCodec) reorders() bool {
	return slices.ContainsFunc(a.params.Sequences(), func(s *h264.SPS) bool { return s.Reorder > 0 })
}

func (a *avcCodec) profile() string {
	switch a.record.AVCProfileIndication {
	case 66:
		return "baseline"
	case 77:
		return "main"
	case 100:
		return "high"
	case 110:
		return "high10"
	case 122:
		return "high422"
	}
	return ""
}

// enter leaves entries alone: a refresh stands for itself, and at a recovery point
// it is the head that gives way.
func (a *avcCodec) enter([]byte) ([]byte, error) { return nil, nil }

func (a *avcCodec) spare(sample []byte) bool {
	picture, err := a.params.Inspect(sample, lengthSize)
	return err == nil && !picture.Reference
}

func (a *avcCodec) adapt(e *edge, rec *recovery) error {
	record, err := avc.DecodeAVCDecConfRec(e.track.Config("avcC"))
	if err != nil {
		return fmt.Errorf("read the parameters of an encoded edge: %w", err)
	}
	if rec != nil {
		return a.restamp(e, rec, record)
	}
	if record.ChromaFormat != a.record.ChromaFormat || record.BitDepthLumaMinus1 != a.record.BitDepthLumaMinus1 {
		return unsupported("the edges were encoded in another picture format")
	}
	for _, nal := range record.SPSnalus {
		a.record.SPSnalus = appendNew(a.record.SPSnalus, nal)
	}
	for _, nal := range record.PPSnalus {
		a.record.PPSnalus = appendNew(a.record.PPSnalus, nal)
	}
	a.record.AVCLevelIndication = max(a.record.AVCLevelIndication, record.AVCLevelIndication)
	return nil
}

func (a *avcCodec) carry(from, to []byte) ([]byte, error) {
	return h264.Carry(from, to, lengthSize)
}

func appendNew(sets [][]byte, set []byte) [][]byte {
	if slices.ContainsFunc(sets, func(s []byte) bool { return bytes.Equal(s, set) }) {
		return sets
	}
	return append(sets, set)
}

// config holds the master's parameter sets and the edges'. Where a head goes before
// a recovery point the master's allow for the jump of numbers between the two.
func (a *avcCodec) config() (mp4.Config, error) {
	record := a.record
	if len(a.restamped) > 0 {
		record.SPSnalus = nil
		for _, nal := range a.record.SPSnalus {
			open, err := h264.AllowGaps(nal)
			if err != nil {
				return mp4.Config{}, unsupported("%w", err)
			}
			record.SPSnalus = append(record.SPSnalus, open)
		}
		record.PPSnalus = append(slices.Clone(record.PPSnalus), a.restamped...)
	}
	var payload bytes.Buffer
	if err := record.Encode(&payload); err != nil {
		return mp4.Config{}, unsupported("the H.264 configuration cannot be written (%w)", err)
	}
	return mp4.Config{Kind: "avcC", Payload: payload.Bytes()}, nil
}
