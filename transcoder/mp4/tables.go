package mp4

import (
	"encoding/binary"
	"math"

	"github.com/Eyevinn/mp4ff/mp4"
)

// trak makes the new track's box, the source's with new times and tables, and
// tells its length in the movie's time scale.
func (t *NewTrack) trak(movieScale uint32, kept map[uint32]bool) (*mp4.TrakBox, uint64) {
	edits, length := t.editList(movieScale)
	trak := mp4.NewTrakBox()
	for _, child := range t.Of.box.Children {
		switch box := child.(type) {
		case *mp4.TkhdBox:
			header := *box
			header.Duration, header.Version = length, versionFor(length)
			trak.AddChild(turned(&header, t.Of.matrix))
			trak.AddChild(edits)
		case *mp4.EdtsBox:
		case *mp4.TrefBox:
			if refersTo(box, kept) {
				trak.AddChild(box)
			}
		case *mp4.MdiaBox:
			trak.AddChild(t.mdia(box))
		default:
			trak.AddChild(child)
		}
	}
	return trak, length
}

// refersTo reports whether all tracks that a box refers to are in the new file.
func refersTo(box *mp4.TrefBox, kept map[uint32]bool) bool {
	for _, child := range box.Children {
		list, ok := child.(*mp4.TrefTypeBox)
		if !ok {
			return false
		}
		for _, id := range list.TrackIDs {
			if !kept[id] {
				return false
			}
		}
	}
	return true
}

func (t *NewTrack) editList(movieScale uint32) (*mp4.EdtsBox, uint64) {
	list := &mp4.ElstBox{Version: 1}
	var length uint64
	for _, e := range t.Edits {
		media := e.Media
		if media >= 0 {
			media += t.shift
		}
		duration := uint64(Rescale(e.Length, t.Of.Timescale, movieScale)) //nolint:gosec // lengths are positive
		list.Entries = append(list.Entries, mp4.ElstEntry{SegmentDuration: duration, MediaTime: media, MediaRateInteger: 1})
		length += duration
	}
	edts := &mp4.EdtsBox{}
	edts.AddChild(list)
	return edts, length
}

func (t *NewTrack) mdia(of *mp4.MdiaBox) *mp4.MdiaBox {
	mdia := mp4.NewMdiaBox()
	for _, child := range of.Children {
		switch box := child.(type) {
		case *mp4.MdhdBox:
			header := *box
			header.Duration = uint64(t.End) //nolint:gosec // lengths are positive
			header.Version = versionFor(header.Duration)
			mdia.AddChild(&header)
		case *mp4.MinfBox:
			minf := mp4.NewMinfBox()
			for _, c := range box.Children {
				if stbl, ok := c.(*mp4.StblBox); ok {
					minf.AddChild(t.stbl(stbl))
					continue
				}
				minf.AddChild(c)
			}
			mdia.AddChild(minf)
		default:
			mdia.AddChild(child)
		}
	}
	return mdia
}

func (t *NewTrack) stbl(of *mp4.StblBox) *mp4.StblBox {
	stbl := mp4.NewStblBox()
	stbl.AddChild(t.descriptions())
	stbl.AddChild(t.stts())
	if ctts := t.ctts(); ctts != nil {
		stbl.AddChild(ctts)
	}
	if of.Stss != nil {
		stss := &mp4.StssBox{}
		for i, s := range t.Samples {
			if s.Sync {
				stss.SampleNumber = append(stss.SampleNumber, uint32(i+1))
			}
		}
		stbl.AddChild(stss)
	}
	if stps := t.stps(); stps != nil {
		stbl.AddChild(stps)
	}
	stsz := &mp4.StszBox{}
	for _, s := range t.Samples {
		stsz.SampleNumber += s.Count
		if t.Of.Uniform {
			stsz.SampleUniformSize = s.Size / s.Count
		} else {
			stsz.SampleSize = append(stsz.SampleSize, s.Size)
		}
	}
	stsc, chunks := t.stsc()
	stbl.AddChild(stsc)
	stbl.AddChild(stsz)
	stbl.AddChild(&mp4.Co64Box{ChunkOffset: make([]uint64, len(chunks))})
	return stbl
}

// stps is QuickTime's table of partial sync samples, nil if there are none.
func (t *NewTrack) stps() mp4.Box {
	table := make([]byte, 8)
	for i, s := range t.Samples {
		if s.Recovery && !s.Sync {
			table = binary.BigEndian.AppendUint32(table, uint32(i+1))
		}
	}
	count := uint32(len(table)/4 - 2) //nolint:gosec // as above
	if count == 0 {
		return nil
	}
	binary.BigEndian.PutUint32(table[4:], count)
	return mp4.CreateUnknownBox("stps", uint64(len(table))+8, table)
}

func (t *NewTrack) stts() *mp4.SttsBox {
	stts := &mp4.SttsBox{}
	if t.Of.Uniform {
		stts.SampleCount, stts.SampleTimeDelta = []uint32{0}, []uint32{1}
		for _, s := range t.Samples {
			stts.SampleCount[0] += s.Count
		}
		return stts
	}
	for i := range t.decode {
		next := t.End
		if i+1 < len(t.decode) {
			next = t.decode[i+1]
		}
		delta := uint32(max(0, next-t.decode[i])) //nolint:gosec // a sample's length
		if n := len(stts.SampleCount); n > 0 && stts.SampleTimeDelta[n-1] == delta {
			stts.SampleCount[n-1]++
			continue
		}
		stts.SampleCount = append(stts.SampleCount, 1)
		stts.SampleTimeDelta = append(stts.SampleTimeDelta, delta)
	}
	return stts
}

func (t *NewTrack) ctts() *mp4.CttsBox {
	if t.Of.Uniform {
		return nil
	}
	var counts []uint32
	var offsets []int32
	for i, s := range t.Samples {
		offset := int32(min(s.Display+t.shift-t.decode[i], math.MaxInt32)) //nolint:gosec // bounded
		if n := len(counts); n > 0 && offsets[n-1] == offset {
			counts[n-1]++
			continue
		}
		counts, offsets = append(counts, 1), append(offsets, offset)
	}
	if len(offsets) == 1 && offsets[0] == 0 {
		return nil
	}
	ctts := &mp4.CttsBox{}
	if ctts.AddSampleCountsAndOffset(counts, offsets) != nil {
		return nil
	}
	return ctts
}

// stsc groups samples that lie side by side in the new file into chunks, and
// returns the index of each chunk's first sample.
func (t *NewTrack) stsc() (*mp4.StscBox, []int) {
	stsc := &mp4.StscBox{}
	stsc.SetSingleSampleDescriptionID(1)
	var chunks []int
	for i := range t.Samples {
		if i == 0 || t.offsets[i] != t.offsets[i-1]+int64(t.Samples[i-1].Size) {
			chunks = append(chunks, i)
		}
	}
	previous, number := uint32(0), uint32(1)
	for c, first := range chunks {
		after := len(t.Samples)
		if c+1 < len(chunks) {
			after = chunks[c+1]
		}
		n := uint32(0)
		for _, s := range t.Samples[first:after] {
			n += s.Count
		}
		if n != previous {
			stsc.Entries = append(stsc.Entries, mp4.StscEntry{
				FirstChunk: uint32(c + 1), SamplesPerChunk: n, FirstSampleNr: number,
			})
			previous = n
		}
		number += n
	}
	return stsc, chunks
}

// writeOffsets fills in where each chunk lies, the media beginning at start.
func (t *NewTrack) writeOffsets(stbl *mp4.StblBox, start int64) {
	_, chunks := t.stsc()
	for c, first := range chunks {
		stbl.Co64.ChunkOffset[c] = uint64(start + t.offsets[first]) //nolint:gosec // offsets are positive
	}
}
