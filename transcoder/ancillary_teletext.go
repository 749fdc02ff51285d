package transcoder

import (
	"bufio"
	"context"
	"fmt"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"time"

	"subclip/timecode"
	"subclip/transcoder/anc"

	"github.com/asticode/go-astits"
)

const (
	// mostPackets is how many packets of teletext are read of an edit unit: lines of the
	// vertical blanking are fewer.
	mostPackets = 40
	// pagePause is after how many edit units without teletext a page is complete. It is
	// shown as soon as it is, and the next may be a long way off.
	pagePause = 8
)

// teletextFile puts packets of teletext into a transport stream that ffmpeg reads
// (EN 300 472), which knows them in no other.
type teletextFile struct {
	path  string
	file  *os.File
	out   *bufio.Writer
	mux   *astits.Muxer
	rate  timecode.Rate
	left  int // bytes that may be written
	unit  int64
	held  [][]byte // packets of the unit, which are not written yet
	open  byte     // magazines of which a page may not be complete, a bit each
	pages []string // those of subtitles
}

// teletextID is the identifier of the stream.
const teletextID = 0x100

func newTeletextFile(folder string, rate timecode.Rate) (*teletextFile, error) {
	path := filepath.Join(folder, "ancillary.ts")
	file, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("keep teletext: %w", err)
	}
	f := &teletextFile{path: path, file: file, out: bufio.NewWriter(file), rate: rate, left: mostAncillary}
	f.mux = astits.NewMuxer(context.Background(), f.out)
	item := &astits.DescriptorTeletextItem{Language: []byte("und"), Type: astits.TeletextTypeTeletextSubtitlePage, Magazine: 8, Page: 88}
	err = f.mux.AddElementaryStream(astits.PMTElementaryStream{
		ElementaryPID: teletextID, StreamType: astits.StreamTypePrivateData,
		ElementaryStreamDescriptors: []*astits.Descriptor{{
			Tag: astits.DescriptorTagTeletext, Length: 5, Teletext: &astits.DescriptorTeletext{Items: []*astits.DescriptorTeletextItem{item}},
		}},
	})
	f.mux.SetPCRPID(teletextID)
	return f, err //nolint:wrapcheck // of what is fixed
}

func (f *teletextFile) close() { _ = f.file.Close() }

// add takes the packets of an edit unit, those of pages.
func (f *teletextFile) add(unit int64, packets [][]byte) error {
	var kept [][]byte
	for _, packet := range packets {
		const lastOfPages = 29
		if _, row := address(packet); row <= lastOfPages && len(kept) < mostPackets {
			kept = append(kept, slices.Clone(packet))
		}
	}
	if len(kept) == 0 {
		return nil
	}
	if err := f.flush(unit-f.unit > pagePause); err != nil {
		return err
	}
	f.unit, f.held = unit, kept
	for _, packet := range kept {
		f.note(packet)
	}
	return nil
}

// note learns from a page's header which one it is.
func (f *teletextFile) note(packet []byte) {
	magazine, row := address(packet)
	if row != 0 {
		return
	}
	ones, tens := nibble(packet[2]), nibble(packet[3])
	if f.open |= 1 << magazine; ones == 15 && tens == 15 {
		f.open &^= 1 << magazine // it ends pages, and is none
		return
	}
	const subtitle = 8
	if magazine == 0 {
		magazine = 8
	}
	page := fmt.Sprintf("%d%d%d", magazine, tens, ones)
	if nibble(packet[7])&subtitle != 0 && ones < 10 && tens < 10 && len(f.pages) < mostPages && !slices.Contains(f.pages, page) {
		f.pages = append(f.pages, page)
	}
}

// flush writes what is held, whose pages may be complete.
func (f *teletextFile) flush(complete bool) error {
	if len(f.held) == 0 {
		return nil
	}
	for magazine := range byte(8) {
		if complete && f.open>>magazine&1 != 0 {
			f.held = append(f.held, ending(magazine))
		}
	}
	if complete {
		f.open = 0
	}
	ticks := int64((beforeFirst + f.rate.TimeOf(f.unit)) * 9 / (100 * time.Microsecond))
	data := dataUnits(f.held)
	f.held = nil
	if f.left -= len(data); f.left < 0 {
		return nil
	}
	_, err := f.mux.WriteData(&astits.MuxerData{
		PID:             teletextID,
		AdaptationField: &astits.PacketAdaptationField{HasPCR: true, PCR: &astits.ClockReference{Base: ticks}, RandomAccessIndicator: true},
		PES: &astits.PESData{Data: data, Header: &astits.PESHeader{StreamID: 0xbd, OptionalHeader: &astits.PESOptionalHeader{
			MarkerBits: 2, DataAlignmentIndicator: true, PTSDTSIndicator: astits.PTSDTSIndicatorOnlyPTS, PTS: &astits.ClockReference{Base: ticks},
		}}},
	})
	return err //nolint:wrapcheck // of a file of ours
}

// dataUnits are packets as a transport stream has them, filled up to whole packets of it.
func dataUnits(packets [][]byte) []byte {
	const (
		ebu, subtitle, stuffing = 0x10, 0x03, 0xff
		length                  = 2 + anc.TeletextLength
		framing                 = 0xe4
		line                    = 0xe7 // the seventh of the first field
	)
	data := []byte{ebu}
	for n := 0; n < len(packets) || n%4 != 3; n++ {
		if n >= len(packets) {
			data = append(data, stuffing, length)
			data = append(data, slices.Repeat([]byte{stuffing}, length)...)
			continue
		}
		data = append(data, subtitle, length, line, framing)
		for _, b := range packets[n] {
			data = append(data, bits.Reverse8(b))
		}
	}
	return data
}

// decodePages returns what the pages say, those that say nothing left out.
func (t *Transcoder) decodePages(ctx context.Context, f *teletextFile, s Source) ([]Captions, error) {
	if len(f.pages) == 0 || !t.decodesTeletext(ctx) {
		return nil, nil
	}
	if err := f.flush(true); err != nil {
		return nil, err
	}
	if err := f.out.Flush(); err != nil {
		return nil, fmt.Errorf("keep teletext: %w", err)
	}
	var all []Captions
	for _, page := range f.pages {
		cues, err := t.decodePage(ctx, f.path, "mpegts", page, s.length())
		if err != nil {
			return all, err
		}
		if len(cues) > 0 {
			all = append(all, Captions{Cues: snap(cues, s.Timecode.Rate, s.Timecode.Rate)})
		}
	}
	return all, nil
}

// hamming are numbers from 0 to 15, as they are protected (EN 300 706, 8.2).
const hamming = "\x15\x02\x49\x5e\x64\x73\x38\x2f\xd0\xc7\x8c\x9b\xa1\xb6\xfd\xea"

// nibble is the number that is protected, if nothing is wrong with it.
func nibble(b byte) byte { return b>>1&1 | b>>2&2 | b>>3&4 | b>>4&8 }

// address tells to which magazine, 0 to 7, and to which row of it a packet belongs.
func address(packet []byte) (magazine, row byte) {
	low, high := nibble(packet[0]), nibble(packet[1])
	return low & 7, low>>3 | high<<1
}

// ending is a packet that ends a page, since it begins none.
func ending(magazine byte) []byte {
	packet := slices.Repeat([]byte{' '}, anc.TeletextLength)
	copy(packet, []byte{hamming[magazine], hamming[0], hamming[15], hamming[15], hamming[0], hamming[0], hamming[0], hamming[0], hamming[0], hamming[0]})
	return packet
}
