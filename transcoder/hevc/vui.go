package hevc

// colour is how numbers are to be seen as colours, by the codes of ITU-T H.273.
type colour struct {
	full                        bool // range
	primaries, transfer, matrix uint
}

// unspecified is the code of whatever is not said.
const unspecified = 2

// screen is what else the VUI says of showing the pictures.
type screen struct {
	signal      bool // whether range and video format are told
	videoFormat uint
	described   bool // whether colours are
	located     bool // whether the place of chroma samples is
	chroma      uint // place
	fields      bool // whether each picture is a field
}

// readVUI reads the beginning of the VUI (E.2.1), if there is one.
func readVUI(r *reader) (colour, screen) {
	c := colour{primaries: unspecified, transfer: unspecified, matrix: unspecified}
	var s screen
	if !r.Flag() {
		return c, s
	}
	const extendedRatio = 255
	if r.Flag() && r.Bits(8) == extendedRatio {
		r.Bits(32)
	}
	if r.Flag() {
		r.Flag() // overscan_appropriate_flag
	}
	if s.signal = r.Flag(); s.signal {
		s.videoFormat, c.full = uint(r.Bits(3)), r.Flag()
		if s.described = r.Flag(); s.described {
			c.primaries, c.transfer, c.matrix = uint(r.Bits(8)), uint(r.Bits(8)), uint(r.Bits(8))
		}
	}
	if s.located = r.Flag(); s.located {
		s.chroma = r.ue()
		r.ue() // of the bottom field
	}
	r.Flag() // neutral_chroma_indication_flag
	s.fields = r.Flag()
	return c, s
}
