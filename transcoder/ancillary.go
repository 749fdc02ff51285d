package transcoder

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"subclip/timecode"
	"subclip/transcoder/anc"
	"subclip/transcoder/cea708"
)

// mostAncillary is how many bytes are kept of what ancillary data say, of captions and of
// teletext each: a hundred times what a long film has.
const mostAncillary = 64 << 20

// AncillaryCaptions reads the captions that an MXF master has in its ancillary data, which
// ffmpeg does not read: CEA-608 or else CEA-708, and pages of teletext that are subtitles,
// whose language it does not tell. It reads all of a master that has such data, and the begin
// of others. Small files go into folder. An error that is ErrMedia says why some of them
// could not be read; the others are returned with it.
func (t *Transcoder) AncillaryCaptions(ctx context.Context, master Master, folder string, s Source, progress Progress) ([]Captions, error) {
	if s.Container != "mxf" {
		return nil, nil
	}
	found, err := newAncillary(folder, s)
	if err != nil {
		return nil, err
	}
	defer found.close()
	damage := anc.Read(ctx, master, master.Size, func(unit int64, packets []anc.Packet) error {
		if progress != nil && s.Frames > 0 {
			progress(min(1, float64(unit)/float64(s.Frames)))
		}
		return found.add(unit, packets)
	})
	if damage != nil && !errors.Is(damage, anc.ErrDamaged) {
		return nil, fmt.Errorf("read ancillary data: %w", damage)
	}
	all, err := t.ancillaryCaptions(ctx, found)
	if err == nil && damage != nil {
		err = unusable(damage, "some of the file's ancillary data cannot be read")
	}
	return all, err
}

// ancillaryCaptions makes captions of what was found.
func (t *Transcoder) ancillaryCaptions(ctx context.Context, found *ancillary) ([]Captions, error) {
	cues, err := t.decodeLine21(ctx, found.line21, found.source)
	if err != nil {
		return nil, err
	}
	if len(cues) == 0 {
		found.seen.change("", found.source.length())
		cues = found.seen.cues
	}
	all, err := t.decodePages(ctx, found.teletext, found.source)
	if len(cues) > 0 {
		all = append(all, Captions{Language: found.language, Cues: cues})
	}
	return all, err
}

// ancillary gathers captions as a master's edit units are read.
type ancillary struct {
	source   Source
	unit     int64 // the last one
	language string
	line21   *line21
	digital  cea708.Decoder
	seen     onScreen
	teletext *teletextFile
}

func newAncillary(folder string, s Source) (*ancillary, error) {
	lines, err := newLine21(folder)
	if err != nil {
		return nil, err
	}
	pages, err := newTeletextFile(folder, s.Timecode.Rate)
	if err != nil {
		lines.close()
		return nil, err
	}
	return &ancillary{source: s, line21: lines, teletext: pages}, nil
}

func (a *ancillary) close() {
	a.line21.close()
	a.teletext.close()
}

// add takes what lies beside a picture. What lies beside none is left out.
func (a *ancillary) add(unit int64, packets []anc.Packet) error {
	if unit < a.unit || unit >= min(a.source.Frames, mostUnits) {
		return nil
	}
	a.unit = unit
	var pages [][]byte
	for _, p := range packets {
		pages = append(pages, p.Teletext()...)
	}
	carried := a.captionData(packets)
	if len(carried) > 0 {
		a.digital.Add(carried)
		a.seen.change(a.digital.Text(), a.source.Timecode.Rate.TimeOf(unit))
	}
	return errors.Join(a.line21.add(unit, carried), a.teletext.add(unit, pages))
}

// captionData is what packets carry that have all captions, or else those of line 21 alone:
// the same may lie in both kinds, and twice in one picture.
func (a *ancillary) captionData(packets []anc.Packet) []byte {
	const all, analog = 1, 2
	for _, kind := range []byte{all, analog} {
		var carried, last []byte
		for _, p := range packets {
			data := p.CaptionData()
			if len(data) == 0 || p.SDID != kind || bytes.Equal(data, last) {
				continue
			}
			carried, last = append(carried, data...), data
			if a.language == "" {
				a.language = p.CaptionLanguage()
			}
		}
		if len(carried) > 0 {
			return carried
		}
	}
	return nil
}

// snap puts the times of cues, counted in frames of a rate, on those of the same frames at
// another rate.
func snap(cues []Cue, from, to timecode.Rate) []Cue {
	for i, cue := range cues {
		cues[i].Start, cues[i].End = to.TimeOf(from.FrameAt(cue.Start)), to.TimeOf(from.FrameAt(cue.End))
	}
	return cues
}
