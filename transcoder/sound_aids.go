package transcoder

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	ffmpeg "github.com/u2takey/ffmpeg-go"
)

// SoundAids are what is measured of one sound track, from the first picture's time to
// the end of the last.
type SoundAids struct {
	Peaks     string  // path of a file in the format of BBC's audiowaveform (.dat, version 2, 8 bits)
	Channels  int     // of the peaks
	PerSecond float64 // peaks a second
	Loudness
}

// Loudness is as EBU R 128 measures it. Silence is -70 LUFS with a peak of -100 dBTP.
type Loudness struct {
	Integrated float64 // LUFS
	Range      float64 // LU
	TruePeak   float64 // dBTP
}

const (
	peaksPerSecond = 100     // at most
	mostPeaks      = 500_000 // of a track, two bytes each

	silentPeak = -100.0 // dBTP, of which there is no less
)

// Sound measures all sound tracks of a source, in their order, in one reading. The
// files of peaks go into a folder.
func (t *Transcoder) Sound(ctx context.Context, input, folder string, s Source, progress Progress) ([]SoundAids, error) {
	aids := make([]SoundAids, len(s.Audio))
	if len(aids) == 0 {
		return aids, nil
	}
	in := ffmpeg.Input(input)
	var outputs []*ffmpeg.Stream
	var readers []func(io.Reader) error
	for i, a := range s.Audio {
		peaks := newPeaks(a, s.length())
		aids[i] = SoundAids{
			Peaks: filepath.Join(folder, fmt.Sprintf("sound-%d.dat", i)), Channels: 1,
			PerSecond: float64(peaks.rate) / float64(peaks.each), Loudness: Loudness{Integrated: -70, TruePeak: silentPeak},
		}
		heard := soundFrom(in, a, s.frameTime(0)).
			Filter("atrim", nil, ffmpeg.KwArgs{"end": secondsArg(s.length())}).
			Filter(meter(i), nil, ffmpeg.KwArgs{"peak": "true", "framelog": "48"})
		outputs = append(outputs, heard.Output(fmt.Sprint("pipe:", 3+i), ffmpeg.KwArgs{
			"f": "s16le", "c:a": "pcm_s16le", "ar": peaks.rate, "ac": peaks.channels,
		}))
		readers = append(readers, func(sound io.Reader) error { return peaks.write(sound, aids[i].Peaks) })
	}
	gauges := gauges{aids: aids, now: -1}
	job := task{composed: ffmpeg.MergeOutputs(outputs...).GetArgs(), input: input, length: s.length(), progress: progress, heard: gauges.hear}
	return aids, complete(t.doPiped(ctx, job, readers...))
}

// meter names the filter that measures a track.
func meter(track int) string { return fmt.Sprintf("ebur128@track%d", track) }

// gauges read from ffmpeg's log what the meters say in the end. A meter that is set up
// anew says it again, and the last word counts.
type gauges struct {
	aids []SoundAids
	now  int // the track that is being spoken of, -1 if none is
}

func (g *gauges) hear(line string) {
	if strings.HasPrefix(line, "[") {
		if who, _, isMeter := strings.Cut(strings.TrimPrefix(line, "["), " @ "); isMeter && strings.HasSuffix(line, "Summary:") {
			g.now = -1
			for i := range g.aids {
				if who == meter(i) {
					g.now = i
				}
			}
		}
		return
	}
	fields := strings.Fields(line)
	if g.now < 0 || len(fields) != 3 {
		return
	}
	to := &g.aids[g.now].Loudness
	switch fields[0] {
	case "I:":
		to.Integrated = max(-70, seconds(fields[1]))
	case "LRA:":
		to.Range = seconds(fields[1])
	case "Peak:":
		to.TruePeak = silentPeak
		if fields[1] != "-inf" {
			to.TruePeak = max(silentPeak, seconds(fields[1]))
		}
	}
}

// peaks are the least and the most of each stretch of a sound, over all its channels,
// so that channels in opposition do not hide one another.
type peaks struct {
	rate, channels int
	each           int // samples that one pair stands for
	pairs          []byte
}

func newPeaks(a AudioTrack, length time.Duration) *peaks {
	p := &peaks{rate: max(1, a.SampleRate), channels: max(1, a.Channels)}
	samples := length.Seconds() * float64(p.rate)
	p.each = max(1, int(math.Ceil(float64(p.rate)/peaksPerSecond)), int(math.Ceil(samples/mostPeaks)))
	return p
}

// write reads samples of 16 bits to their end and writes their peaks to a file.
func (p *peaks) write(sound io.Reader, path string) error {
	samples := bufio.NewReaderSize(sound, 1<<16)
	stretch := make([]byte, 2*p.channels*p.each)
	for {
		n, err := io.ReadFull(samples, stretch)
		if n >= 2 {
			p.add(stretch[:n-n%2])
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read sound: %w", err)
		}
	}
	if err := os.WriteFile(path, p.file(), 0o600); err != nil {
		return fmt.Errorf("write peaks: %w", err)
	}
	return nil
}

func (p *peaks) add(stretch []byte) {
	least, most := int16(math.MaxInt16), int16(math.MinInt16)
	for i := 0; i < len(stretch); i += 2 {
		v := int16(binary.LittleEndian.Uint16(stretch[i:])) //nolint:gosec // the bits are those of a signed number
		least, most = min(least, v), max(most, v)
	}
	p.pairs = append(p.pairs, byte(least>>8), byte(most>>8)) //nolint:gosec // likewise
}

// file is the peaks as audiowaveform writes them.
func (p *peaks) file() []byte {
	const version, eightBits, channels = 2, 1, 1
	var head []byte
	for _, field := range []int{version, eightBits, p.rate, p.each, len(p.pairs) / 2, channels} {
		head = binary.LittleEndian.AppendUint32(head, uint32(field)) //nolint:gosec // none is beyond 32 bits
	}
	return append(head, p.pairs...)
}
