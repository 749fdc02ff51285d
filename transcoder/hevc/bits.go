package hevc

import (
	"errors"

	"subclip/transcoder/bitstream"
)

var errShort = errors.New("it ends too early")

// reader reads a unit's payload.
type reader struct{ bitstream.Reader }

func (r *reader) ue() uint { return uint(r.UE()) }

// skip reads n Exp-Golomb codes, signed or not.
func (r *reader) skip(n int) {
	for range n {
		r.UE()
	}
}

func (r *reader) err() error {
	if r.Short {
		return errShort
	}
	return nil
}

type writer struct{ bitstream.Writer }

func (w *writer) ue(v uint) { w.UE(uint32(v)) } //nolint:gosec // numbers of parameter sets

// copy copies what a reader has left up to a place.
func (w *writer) copy(r *reader, end int) {
	w.Copy(r.Data, r.At, end)
	r.At = max(r.At, end)
}
