package transcoder

import (
	"bytes"
	"slices"

	"github.com/Eyevinn/mp4ff/avc"

	h264 "subclip/transcoder/avc"
	"subclip/transcoder/mp4"
)

// recover plans a head before a recovery point, nil where there is no way.
func (a *avcCodec) recover(look candidate, pictures []h264.Picture) *recovery {
	leading := pictures[1:min(len(pictures), 1+look.leading)]
	replaced := 0
	if slices.ContainsFunc(leading, func(p h264.Picture) bool { return p.Reference }) {
		replaced = look.leading
	} else {
		pictures = slices.Delete(pictures, 1, 1+len(leading))
	}
	plan, err := a.params.Plan(look.head-replaced, pictures, replaced)
	if err != nil {
		return nil
	}
	return &recovery{params: a.params, plan: plan, replaced: replaced}
}

// restamp makes the head's pictures, and those that replace leading ones of the
// master, ones under the master's parameters.
func (a *avcCodec) restamp(e *edge, rec *recovery, record avc.DecConfRec) error {
	params, err := h264.ParseParams(record.SPSnalus, record.PPSnalus)
	if err != nil {
		return unsupported("the parameters of an encoded edge cannot be read (%w)", err)
	}
	join, err := a.join(rec, params)
	if err != nil {
		return unsupported("%w", err)
	}
	head := len(e.samples) - rec.replaced
	for i := range head {
		if e.samples[i].data, err = join.Sample(i, e.samples[i].data, lengthSize, lengthSize); err != nil {
			return unsupported("%w", err)
		}
		e.samples[i].sync = i == 0
	}
	for k, place := range rec.places {
		s := e.samples[head+place]
		if s.data, err = join.Leading(k, s.data, lengthSize, lengthSize); err != nil {
			return unsupported("%w", err)
		}
		s.sync = false
		e.leading = append(e.leading, s)
	}
	e.samples = e.samples[:head]
	return nil
}

// join finds a number for a head's picture parameters; heads with equal ones share it.
func (a *avcCodec) join(rec *recovery, params *h264.Params) (*h264.Join, error) {
	taken := []int{a.id}
	for {
		id, err := a.params.FreeID(taken...)
		if err != nil {
			return nil, err
		}
		join, err := rec.plan.Join(params, id)
		if err != nil {
			return nil, err
		}
		n := len(taken) - 1
		if n == len(a.restamped) {
			a.restamped = append(a.restamped, join.PPS())
		}
		if bytes.Equal(a.restamped[n], join.PPS()) {
			return join, nil
		}
		taken = append(taken, id)
	}
}

// placeLeading tells a head's plan in which order the leading pictures are shown.
func (c *cut) placeLeading(p *part) {
	if p.split.Entry != mp4.Recovery {
		p.recovery = nil
		return
	}
	leading := mp4.Span{From: p.split.Leading.From, To: p.split.Leading.From + p.recovery.replaced}
	for _, s := range c.video.Samples(leading) {
		place := 0
		for _, other := range c.video.Samples(leading) {
			if other.Display < s.Display {
				place++
			}
		}
		p.recovery.places = append(p.recovery.places, place)
	}
}

// mostInBand is how many entries of a distant master are looked at one by one.
const mostInBand = 64

// stripInBand leaves parameter sets out of the copied samples where a head before a
// recovery point has others with the same numbers in the index.
func (c *cut) stripInBand() error {
	first := slices.IndexFunc(c.parts, func(p part) bool { return p.recovery != nil && p.recovery.inBand })
	if first < 0 {
		return nil
	}
	params := c.parts[first].recovery.params
	for _, p := range c.parts {
		for _, span := range p.split.Taken() {
			if err := c.stripSpan(params, span); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *cut) stripSpan(params *h264.Params, span mp4.Span) error {
	for i := span.From; i < span.To; i++ {
		if !c.video.Enters(i) {
			continue
		}
		if len(c.strip) == mostInBand && !c.local {
			return unsupported("too many pictures bring parameters of their own")
		}
		data, err := c.read(i)
		if err != nil {
			return err
		}
		picture, err := params.Inspect(data, lengthSize)
		if err != nil || picture.Changed || picture.InBand < 0 {
			return unsupported("the parameters change within the stream")
		}
		c.strip[i] = picture.InBand
	}
	return nil
}
