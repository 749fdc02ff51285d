package avc

import "subclip/transcoder/bitstream"

// WithMatrix returns sequence parameters of a High profile that say that the
// standard's own scaling matrices are used.
func WithMatrix(nal []byte) []byte {
	r := &bitReader{bitstream.Reader{Data: bitstream.Unescape(nal), At: 32}}
	r.UE() // number
	r.UE() // chroma format
	r.UE()
	r.UE()
	r.bits(1)
	w := &bitWriter{}
	w.Copy(r.Data, 0, r.At)
	w.bits(1<<8, 9)
	w.Copy(r.Data, r.At+1, r.End())
	w.trail()
	return escape(w.Data)
}
