package mp4

import (
	"errors"
	"fmt"
	"math"

	"github.com/Eyevinn/mp4ff/mp4"
)

// uniform reports whether a track's samples are all of one size and each lasts one
// unit, as uncompressed sound is: hours of it have too many to list one by one.
func uniform(stbl *mp4.StblBox) bool {
	times := stbl.Stts
	return stbl.Stsz.SampleUniformSize > 0 && len(times.SampleTimeDelta) > 0 && times.SampleTimeDelta[0] == 1 &&
		times.SampleCount[0] >= stbl.Stsz.SampleNumber && stbl.Ctts == nil && stbl.Stss == nil
}

// unfoldChunks lists the chunks of a uniform track, each as one Sample that stands
// for all that lie in it.
func unfoldChunks(stbl *mp4.StblBox, size int64) ([]Sample, error) {
	width, left := int64(stbl.Stsz.SampleUniformSize), int64(stbl.Stsz.SampleNumber)
	var chunks []Sample
	decode := int64(0)
	err := eachChunk(stbl, func(at int64, count uint32) error {
		n := min(int64(count), left)
		switch {
		case n == 0:
			return nil
		case len(chunks) == maxSamples || n*width > math.MaxUint32:
			return unsupported("a track has too many samples")
		case at < 0 || at+n*width > size:
			return fmt.Errorf("the chunk at byte %d lies past the file's end", at)
		}
		chunks = append(chunks, Sample{
			Offset: at, Size: uint32(n * width), Count: uint32(n), Duration: uint32(n), Sync: true, Decode: decode, Display: decode, //nolint:gosec // checked above
		})
		decode, left = decode+n, left-n
		return nil
	})
	if err == nil && left > 0 {
		err = errors.New("the chunk table ends before the samples do")
	}
	return chunks, err
}

// part returns the part of a uniform track's chunk that lies in [from, to) of the
// media's time.
func (s Sample) part(from, to int64) Sample {
	width := s.Size / s.Count
	end := s.Decode + int64(s.Count)
	first, after := max(s.Decode, from), max(s.Decode, from, min(end, to))
	count := uint32(after - first) //nolint:gosec // within the chunk
	s.Offset += (first - s.Decode) * int64(width)
	s.Decode, s.Display = first, first
	s.Count, s.Duration, s.Size = count, count, count*width
	return s
}
