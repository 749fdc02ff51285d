package transcoder

import (
	ffmpeg "github.com/u2takey/ffmpeg-go"

	"subclip/transcoder/hevc"
	"subclip/transcoder/mp4"
)

// hevcCodec is H.265. The edges' parameter sets get numbers that the master does
// not use, so that one sample entry holds both.
type hevcCodec struct {
	sets     *hevc.Config
	metadata []byte // of the master's light, for each edge to carry
}

func newHEVC(track *mp4.Track) (*hevcCodec, error) {
	for _, kind := range []string{"dvcC", "dvvC"} {
		if track.Config(kind) != nil {
			return nil, unsupported("encoded pictures would lack the Dolby Vision metadata")
		}
	}
	sets, err := hevc.ReadConfig(track.Config("hvcC"))
	if err != nil {
		return nil, unsupported("%w", err)
	}
	return &hevcCodec{sets: sets}, nil
}

func (h *hevcCodec) entry(look candidate) (mp4.Entry, *recovery, error) {
	sample, err := look.read(0)
	if err != nil {
		return mp4.NoEntry, nil, err
	}
	picture, err := h.sets.Inspect(sample)
	if err != nil {
		return mp4.NoEntry, nil, unsupported("%w", err)
	}
	if h.metadata == nil && picture.Kind.Entry() {
		if h.metadata, err = h.sets.Metadata(sample); err != nil {
			return mp4.NoEntry, nil, unsupported("%w", err)
		}
	}
	switch picture.Kind {
	case hevc.IDR, hevc.BLA, hevc.CRA:
		return mp4.Refresh, nil, nil
	}
	return mp4.NoEntry, nil, nil
}

// enter makes a CRA picture begin a sequence of its own.
func (h *hevcCodec) enter(sample []byte) ([]byte, error) {
	if picture, err := h.sets.Inspect(sample); err != nil || picture.Kind != hevc.CRA {
		return nil, err
	}
	return h.sets.BreakLink(sample)
}

func (h *hevcCodec) options(*recovery, int) (ffmpeg.KwArgs, error) {
	options, err := h.sets.Options()
	if err != nil {
		return nil, unsupported("%w", err)
	}
	args := ffmpeg.KwArgs{}
	for name, value := range options {
		args[name] = value
	}
	return args, nil
}

// spare is never sure: a picture that its layer does not need, a higher one may.
func (h *hevcCodec) spare([]byte) bool { return false }

func (h *hevcCodec) adapt(e *edge, _ *recovery) error {
	sets, err := hevc.ReadConfig(e.track.Config("hvcC"))
	if err != nil {
		return unsupported("%w", err)
	}
	numbers, err := h.sets.Add(sets)
	if err != nil {
		return unsupported("%w", err)
	}
	for i := range e.samples {
		if e.samples[i].data, err = numbers.Sample(e.samples[i].data); err != nil {
			return unsupported("%w", err)
		}
	}
	e.samples[0].data = append(append([]byte(nil), h.metadata...), e.samples[0].data...)
	return nil
}

func (h *hevcCodec) carry(from, to []byte) ([]byte, error) {
	return h.sets.Carry(from, to)
}

func (h *hevcCodec) config() (mp4.Config, error) {
	payload, err := h.sets.Payload()
	if err != nil {
		return mp4.Config{}, unsupported("%w", err)
	}
	return mp4.Config{Kind: "hvcC", Payload: payload}, nil
}
