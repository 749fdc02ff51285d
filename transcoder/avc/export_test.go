package avc

// WithMatrix returns sequence parameters of a High profile that say that the
// standard's own scaling matrices are used.
func WithMatrix(nal []byte) []byte {
	r := &bitReader{data: unescape(nal), pos: 32}
	r.ue() // number
	r.ue() // chroma format
	r.ue()
	r.ue()
	r.bits(1)
	w := &bitWriter{}
	w.copy(r.data, 0, r.pos)
	w.bits(1<<8, 9)
	w.copy(r.data, r.pos+1, r.stop())
	w.trail()
	return escape(w.data)
}
