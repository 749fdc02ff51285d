package transcoder_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/Eyevinn/mp4ff/mp4"

	"subclip/sample"
	"subclip/transcoder/bitstream"
)

// fields says how to code H.264 in field pictures (PAFF), which no encoder at hand
// does: two pictures, top and bottom, make a frame. They are written without loss,
// in macroblocks that are either given as they are (I_PCM) or the same as in a
// reference.
type fields struct {
	gop     int  // pictures from one refresh or recovery point to the next
	bFrames int  // in a row
	open    bool // GOPs but the first begin at recovery points; gop is a multiple of bFrames+1
	secondP bool // the second field of an I picture is a P field, as broadcasters have it
	frames  int  // every so many pictures one is coded as a frame; 0 for none
	bottom  bool // the bottom field comes first
	single  bool // fields are samples of their own
}

// The pictures' size, in macroblocks of 16 by 16.
const (
	fieldsAcross, fieldsDown = 10, 6
	macroblock               = 16
	width, height            = fieldsAcross * macroblock, fieldsDown * macroblock
)

// makeFields makes a video of so many pictures, with sound.
func makeFields(t *testing.T, name string, f fields, pictures int) string {
	t.Helper()
	whole := makeSample(t, "whole.mp4", sample.Options{Width: width, Height: height, Rate: "25", Frames: pictures, GOP: 1})
	raw, err := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-i", whole, "-map", "0:v", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	c := &fieldCoder{fields: f, shown: slices.Collect(slices.Chunk(raw, width*height*3/2))}
	if len(c.shown) != pictures {
		t.Fatalf("%d pictures, want %d", len(c.shown), pictures)
	}
	c.code()
	path := filepath.Join(t.TempDir(), "fields.mp4")
	c.write(t, path)
	return ffmpeg(t, name, "-i", path, "-i", whole, "-map", "0:v", "-map", "1:a", "-c", "copy", "-movie_timescale", "240000", "-timecode", "10:00:00:00")
}

// fieldCoder codes pictures.
type fieldCoder struct {
	fields
	shown   [][]byte // pictures in display order, 4:2:0
	samples []fieldSample

	origin   int    // the refresh, from which display order is counted
	frameNum uint64 // of the next picture
}

type fieldSample struct {
	data  []byte
	shown int
	key   bool
}

// picture is one that is being coded.
type picture struct {
	at           int  // in display order
	kind         byte // of slices
	idr          bool
	field        bool // else a frame
	past, future []byte
}

// Types of slices and units.
const (
	typeP, typeB, typeI              = 0, 1, 2
	unitSlice, unitIDR, unitSEI      = 1, 5, 6
	unitSPS, unitPPS                 = 7, 8
	referenced                       = 0x60
	recoveryPoint                    = 6
	fieldLog2                        = 8 // of frame_num and the picture order
	fieldReferences                  = 2
	fieldProfile, fieldLevel    byte = 77, 30
)

// code codes each reference picture and after it those shown between it and the one
// before.
func (c *fieldCoder) code() {
	before := -1
	for at := range c.shown {
		inGOP := at % c.gop
		if c.open {
			inGOP %= c.bFrames + 1
		}
		last := at == len(c.shown)-1 || !c.open && inGOP == c.gop-1
		if inGOP%(c.bFrames+1) != 0 && !last {
			continue
		}
		p := picture{at: at, kind: typeP, field: c.frames == 0 || at%c.frames > 0}
		if at%c.gop == 0 {
			p.kind, p.idr = typeI, at == 0 || !c.open
		}
		if before >= 0 {
			p.past = c.shown[before]
		}
		c.reference(p)
		for b := before + 1; b < at; b++ {
			c.add(picture{at: b, kind: typeB, field: p.field, past: p.past, future: c.shown[at]}, 0)
		}
		before = at
	}
}

func (c *fieldCoder) reference(p picture) {
	if p.idr {
		c.origin, c.frameNum = p.at, 0
	}
	c.add(p, referenced)
	c.frameNum = (c.frameNum + 1) % (1 << fieldLog2)
}

// add codes a picture as one sample or two.
func (c *fieldCoder) add(p picture, priority byte) {
	var units [][]byte
	if p.kind == typeI {
		units = append(units, fieldSPS(), fieldPPS())
	}
	if p.kind == typeI && !p.idr {
		var w bitstream.Writer
		w.UE(0)        // recovery_frame_cnt
		w.Flag(true)   // exact_match_flag
		w.Flag(false)  // broken_link_flag
		w.Bits(0, 2)   // changing_slice_group_idc
		w.Flag(true)   // ends the payload
		w.Align(false) //
		units = append(units, unit(unitSEI, append([]byte{recoveryPoint, byte(len(w.Data))}, w.Data...), 0x80))
	}
	first := 0
	if c.bottom {
		first = 1
	}
	key := p.kind == typeI
	if !p.field {
		units = append(units, c.slice(p, priority, -1, false))
		c.samples = append(c.samples, fieldSample{lengthened(units), p.at, key})
		return
	}
	units = append(units, c.slice(p, priority, first, false))
	if c.single {
		c.samples = append(c.samples, fieldSample{lengthened(units), 2 * p.at, key})
		units, key = nil, false
	}
	second := p
	second.idr = false
	if p.kind == typeI && c.secondP {
		second.kind = typeP
	}
	units = append(units, c.slice(second, priority, 1-first, p.kind == typeI && c.secondP))
	at := p.at
	if c.single {
		at = 2*p.at + 1
	}
	c.samples = append(c.samples, fieldSample{lengthened(units), at, key})
}

func lengthened(units [][]byte) []byte {
	var data []byte
	for _, u := range units {
		data, _ = bitstream.AppendUnit(data, u, 4)
	}
	return data
}

// unit puts payload, and what ends it, behind a header.
func unit(header byte, payload []byte, end ...byte) []byte {
	return bitstream.Escape([]byte{header}, append(slices.Clone(payload), end...))
}

// slice codes a field, 0 the top and 1 the bottom one, or -1 a frame. A field of own
// is predicted from the other one of its frame.
func (c *fieldCoder) slice(p picture, priority byte, parity int, own bool) []byte {
	var w bitstream.Writer
	w.UE(0) // first_mb_in_slice
	w.UE(uint32(p.kind))
	w.UE(0) // pic_parameter_set_id
	w.Bits(c.frameNum, fieldLog2)
	w.Flag(parity >= 0)
	if parity >= 0 {
		w.Flag(parity == 1)
	}
	if p.idr {
		w.UE(uint32(p.at / c.gop % 2)) // idr_pic_id
	}
	order := 2 * (p.at - c.origin)
	if parity == 1 != c.bottom && parity >= 0 {
		order++
	}
	w.Bits(uint64(order), fieldLog2)
	if p.kind == typeB {
		w.Flag(true) // direct_spatial_mv_pred_flag
	}
	c.references(&w, p.kind, own)
	switch {
	case p.idr:
		w.Bits(0, 2) // no_output_of_prior_pics_flag, long_term_reference_flag
	case priority > 0:
		w.Flag(false) // adaptive_ref_pic_marking_mode_flag
	}
	w.UE(0) // slice_qp_delta
	w.UE(1) // disable_deblocking_filter_idc
	c.macroblocks(&w, p, parity, own)
	w.Flag(true)
	w.Align(false)
	header := priority | unitSlice
	if p.idr {
		header = priority | unitIDR
	}
	return unit(header, w.Data)
}

// references says how the lists of references are ordered: as they are, or, for a
// field of own, with the field before first.
func (c *fieldCoder) references(w *bitstream.Writer, kind byte, own bool) {
	if kind == typeI {
		return
	}
	w.Flag(false) // num_ref_idx_active_override_flag
	w.Flag(own)
	if own {
		w.UE(0) // the picture number is less
		w.UE(0) // by one
		w.UE(3)
	}
	if kind == typeB {
		w.Flag(false)
	}
}

// Codes of macroblocks: given as they are, by type of slice, and taken from the
// first reference of a list.
const (
	fromPast, fromFuture = 1, 2
)

func pcm(kind byte) uint32 { return []uint32{typeP: 30, typeB: 48, typeI: 25}[kind] }

// macroblocks codes those of a slice.
func (c *fieldCoder) macroblocks(w *bitstream.Writer, p picture, parity int, own bool) {
	now := blocks(c.shown[p.at], parity)
	past, future := blocks(p.past, parity), blocks(p.future, parity)
	if own {
		past = blocks(c.shown[p.at], 1-parity)
	}
	skipped := uint32(0)
	for i, block := range now {
		same := p.kind != typeI && past != nil && bytes.Equal(block, past[i])
		if same && p.kind == typeP {
			skipped++
			continue
		}
		if p.kind != typeI {
			w.UE(skipped)
			skipped = 0
		}
		switch {
		case same:
			predicted(w, fromPast)
		case p.kind == typeB && bytes.Equal(block, future[i]):
			predicted(w, fromFuture)
		default:
			w.UE(pcm(p.kind))
			w.Align(false)
			w.Data = append(w.Data, block...)
		}
	}
	if skipped > 0 {
		w.UE(skipped)
	}
}

// predicted codes a macroblock of a B slice that has not moved.
func predicted(w *bitstream.Writer, list uint32) {
	w.UE(list)
	w.UE(0) // mvd, across
	w.UE(0) // and down
	w.UE(0) // coded_block_pattern: nothing differs
}

// blocks are the macroblocks of a field or frame: 256 bytes of luma, 64 each of the
// two colours.
func blocks(frame []byte, parity int) [][]byte {
	if frame == nil {
		return nil
	}
	first, step, rows := 0, 1, fieldsDown
	if parity >= 0 {
		first, step, rows = parity, 2, fieldsDown/2
	}
	var all [][]byte
	for mb := range rows * fieldsAcross {
		x, y := mb%fieldsAcross, mb/fieldsAcross
		var block []byte
		plane := frame
		for n, scale := range []int{1, 2, 2} {
			stride, side := width/scale, macroblock/scale
			for line := range side {
				at := ((y*side+line)*step+first)*stride + x*side
				block = append(block, plane[at:at+side]...)
			}
			if n < 2 {
				plane = plane[stride*height/scale:]
			}
		}
		all = append(all, block)
	}
	return all
}

// fieldSPS is the sequence parameter set.
func fieldSPS() []byte {
	w := bitstream.Writer{Data: []byte{fieldProfile, 0, fieldLevel}}
	w.UE(0) // seq_parameter_set_id
	w.UE(fieldLog2 - 4)
	w.UE(0) // pic_order_cnt_type
	w.UE(fieldLog2 - 4)
	w.UE(fieldReferences)
	w.Flag(false) // gaps_in_frame_num_value_allowed_flag
	w.UE(fieldsAcross - 1)
	w.UE(fieldsDown/2 - 1)
	w.Flag(false)  // frame_mbs_only_flag
	w.Flag(false)  // mb_adaptive_frame_field_flag
	w.Flag(true)   // direct_8x8_inference_flag
	w.Flag(false)  // frame_cropping_flag
	w.Flag(true)   // vui_parameters_present_flag
	w.Bits(0, 4)   // of its shape, colours and scan
	w.Flag(true)   // timing_info_present_flag
	w.Bits(1, 32)  // num_units_in_tick
	w.Bits(50, 32) // time_scale
	w.Flag(true)   // fixed_frame_rate_flag
	w.Bits(0, 3)   // no hrd, no pic_struct
	w.Flag(true)   // bitstream_restriction_flag
	w.Flag(true)   // motion_vectors_over_pic_boundaries_flag
	for _, v := range []uint32{0, 0, 16, 16, 1, fieldReferences} {
		w.UE(v)
	}
	w.Flag(true)
	w.Align(false)
	return unit(referenced|unitSPS, w.Data)
}

// fieldPPS is the picture parameter set.
func fieldPPS() []byte {
	var w bitstream.Writer
	w.UE(0)
	w.UE(0)
	w.Bits(0, 2) // CAVLC, the bottom field's order is not told
	w.UE(0)      // no slice groups
	w.UE(0)      // one reference
	w.UE(0)      // in each list
	w.Bits(0, 3) // no weights
	w.UE(0)      // pic_init_qp
	w.UE(0)      // pic_init_qs
	w.UE(0)      // chroma_qp_index_offset
	w.Flag(true) // deblocking_filter_control_present_flag
	w.Bits(0, 2)
	w.Flag(true)
	w.Align(false)
	return unit(referenced|unitPPS, w.Data)
}

// write puts the samples into a fragmented file.
func (c *fieldCoder) write(t *testing.T, path string) {
	t.Helper()
	const ticks = 1000 // a picture
	duration := uint32(ticks)
	if c.single {
		duration /= 2
	}
	init := mp4.CreateEmptyInit()
	init.AddEmptyTrack(25*ticks, "video", "und")
	if err := init.Moov.Trak.SetAVCDescriptor("avc1", [][]byte{fieldSPS()}, [][]byte{fieldPPS()}, true); err != nil {
		t.Fatal(err)
	}
	fragment, err := mp4.CreateFragment(1, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range c.samples {
		flags := mp4.NonSyncSampleFlags
		if s.key {
			flags = mp4.SyncSampleFlags
		}
		fragment.AddFullSample(mp4.FullSample{
			Sample: mp4.Sample{
				Flags: flags, Dur: duration, Size: uint32(len(s.data)),
				CompositionTimeOffset: (int32(s.shown) - int32(i) + 2) * int32(duration),
			},
			DecodeTime: uint64(i) * uint64(duration), Data: s.data,
		})
	}
	var file bytes.Buffer
	if err := init.Encode(&file); err != nil {
		t.Fatal(err)
	}
	if err := fragment.Encode(&file); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}
