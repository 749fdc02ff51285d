package mp4

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/Eyevinn/mp4ff/mp4"
)

// unfold turns the compact tables into a list of samples.
func unfold(stbl *mp4.StblBox, size int64) ([]Sample, error) {
	if stbl.Stsz == nil || stbl.Stts == nil || stbl.Stsc == nil || (stbl.Stco == nil && stbl.Co64 == nil) {
		return nil, errors.New("a table is missing")
	}
	if _, n := description(stbl); n != 1 {
		return nil, unsupported("a track has %d sample descriptions", n)
	}
	count := int64(stbl.Stsz.SampleNumber)
	if count > size {
		return nil, fmt.Errorf("the size table names %d samples in a file of %d bytes", count, size)
	}
	if uniform(stbl) {
		return unfoldChunks(stbl, size)
	}
	if count > maxSamples {
		return nil, unsupported("a track has %d samples", count)
	}
	samples := make([]Sample, count)
	for i := range samples {
		samples[i].Size, samples[i].Count = stbl.Stsz.GetSampleSize(i+1), 1
	}
	setRecovery(samples, stbl)
	return samples, errors.Join(
		setTimes(samples, stbl.Stts), setDisplay(samples, stbl.Ctts), setSync(samples, stbl.Stss), place(samples, stbl, size))
}

func setTimes(samples []Sample, stts *mp4.SttsBox) error {
	i, at := 0, int64(0)
	for entry, n := range stts.SampleCount {
		for range n {
			if i == len(samples) {
				return nil // ffmpeg writes a spare entry for a last duration
			}
			samples[i].Decode, samples[i].Duration = at, stts.SampleTimeDelta[entry]
			at += int64(stts.SampleTimeDelta[entry])
			i++
		}
	}
	if i < len(samples) {
		return fmt.Errorf("the time table ends after %d of %d samples", i, len(samples))
	}
	return nil
}

func setDisplay(samples []Sample, ctts *mp4.CttsBox) error {
	for i := range samples {
		samples[i].Display = samples[i].Decode
	}
	if ctts == nil {
		return nil
	}
	if len(ctts.EndSampleNr) != len(ctts.SampleOffset)+1 {
		return errors.New("the composition table is broken")
	}
	for entry, offset := range ctts.SampleOffset {
		for i := ctts.EndSampleNr[entry]; i < ctts.EndSampleNr[entry+1] && int(i) < len(samples); i++ {
			samples[i].Display += int64(offset)
		}
	}
	return nil
}

func setSync(samples []Sample, stss *mp4.StssBox) error {
	if stss == nil {
		for i := range samples {
			samples[i].Sync = true
		}
		return nil
	}
	for _, n := range stss.SampleNumber {
		if n < 1 || int(n) > len(samples) {
			return fmt.Errorf("the sync table names sample %d of %d", n, len(samples))
		}
		samples[n-1].Sync = true
	}
	return nil
}

// setRecovery marks what the tables offer besides sync samples: QuickTime's partial
// sync samples (stps) and the sample group of random access points (rap).
func setRecovery(samples []Sample, stbl *mp4.StblBox) {
	for _, child := range stbl.Children {
		if box, ok := child.(*mp4.UnknownBox); ok && box.Type() == "stps" {
			setPartialSync(samples, box.Payload())
		}
	}
	for _, group := range stbl.Sbgps {
		if group.GroupingType == "rap " {
			setRandomAccess(samples, group)
		}
	}
}

func setPartialSync(samples []Sample, table []byte) {
	const header = 8 // version, flags and a count
	for rest := table[min(header, len(table)):]; len(rest) >= 4; rest = rest[4:] {
		if n := int64(binary.BigEndian.Uint32(rest)); n >= 1 && n <= int64(len(samples)) {
			samples[n-1].Recovery = true
		}
	}
}

func setRandomAccess(samples []Sample, group *mp4.SbgpBox) {
	i := 0
	for entry, n := range group.SampleCounts {
		for ; n > 0 && i < len(samples); n, i = n-1, i+1 {
			samples[i].Recovery = group.GroupDescriptionIndices[entry] > 0
		}
	}
}

// place finds where in the file each sample is.
func place(samples []Sample, stbl *mp4.StblBox, size int64) error {
	i := 0
	err := eachChunk(stbl, func(at int64, count uint32) error {
		for n := uint32(0); n < count && i < len(samples); n++ {
			if at < 0 || at+int64(samples[i].Size) > size {
				return fmt.Errorf("sample %d lies past the file's end", i+1)
			}
			samples[i].Offset = at
			at += int64(samples[i].Size)
			i++
		}
		return nil
	})
	if err == nil && i < len(samples) {
		err = fmt.Errorf("the chunk table ends after %d of %d samples", i, len(samples))
	}
	return err
}

// eachChunk tells of each chunk where it lies and how many samples are in it.
func eachChunk(stbl *mp4.StblBox, do func(at int64, count uint32) error) error {
	chunks := chunkOffsets(stbl)
	entries := stbl.Stsc.Entries
	for e, entry := range entries {
		last := int64(len(chunks))
		if e+1 < len(entries) {
			last = min(last, int64(entries[e+1].FirstChunk)-1)
		}
		if entry.FirstChunk < 1 {
			return errors.New("the chunk table is broken")
		}
		for chunk := int64(entry.FirstChunk) - 1; chunk < last; chunk++ {
			if err := do(chunks[chunk], entry.SamplesPerChunk); err != nil {
				return err
			}
		}
	}
	return nil
}

func chunkOffsets(stbl *mp4.StblBox) []int64 {
	var offsets []int64
	if stbl.Co64 != nil {
		for _, o := range stbl.Co64.ChunkOffset {
			offsets = append(offsets, int64(o)) //nolint:gosec // a negative place is refused by place
		}
		return offsets
	}
	for _, o := range stbl.Stco.ChunkOffset {
		offsets = append(offsets, int64(o))
	}
	return offsets
}
