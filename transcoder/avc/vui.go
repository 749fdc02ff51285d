package avc

// readVUI reads what describes the pictures (E.1.1), of which only the depth of
// reordering matters here. What is cut short leaves that unknown: decoders bear it.
func (s *SPS) readVUI(r *bitReader) {
	const extendedRatio = 255
	if r.Flag() && r.bits(8) == extendedRatio {
		r.bits(32)
	}
	if r.Flag() { // overscan
		r.Flag()
	}
	if r.Flag() { // signal type
		r.bits(4)
		if r.Flag() {
			r.bits(24)
		}
	}
	if r.Flag() { // place of chroma samples
		r.UE()
		r.UE()
	}
	if r.Flag() { // timing
		r.bits(32)
		r.bits(32)
		r.Flag()
	}
	if nal, vcl := skipHRD(r), skipHRD(r); nal || vcl {
		r.Flag() // low_delay_hrd_flag
	}
	r.Flag()      // pic_struct_present_flag
	if r.Flag() { // bitstream_restriction_flag
		r.Flag()
		for range 4 {
			r.UE()
		}
		if reorder := r.UE(); !r.Short && reorder <= maxRefs {
			s.Reorder = int(reorder)
		}
	}
}

// skipHRD passes over the parameters of a hypothetical decoder, and reports whether
// there are any (E.1.2).
func skipHRD(r *bitReader) bool {
	if !r.Flag() {
		return false
	}
	count := min(r.UE(), maxCPB) + 1
	r.bits(8)
	for range count {
		r.UE()
		r.UE()
		r.Flag()
	}
	r.bits(20)
	return true
}

// maxCPB is the most buffers of a hypothetical decoder, less one.
const maxCPB = 31
