package mp4

// said is how many bytes a movie takes to say what it is: its title, copyright and
// the like.
func (m *Movie) said() int {
	return len(find(m.moov, "udta")) + len(find(m.moov, "meta"))
}

// saying takes over what a movie or a track says of itself (udta, meta), but for what
// is not true of a clip.
func (w *indexWriter) saying(b box) {
	switch {
	case b.kind == "udta":
		w.box(b.kind, func() {
			rest := b.body
			for inner := range boxes(b.body) {
				rest = rest[len(inner.raw):]
				if !timed(inner.kind) && !located(inner) {
					w.bytes(inner.raw)
				}
			}
			w.bytes(rest) // QuickTime ends it with four zero bytes
		})
	case !located(b):
		w.bytes(b.raw)
	}
}

// timed reports whether user data tells of times in the master: chapters, which are a
// track besides where others than Nero's players are to see them, and QuickTime's
// start timecode with its scale and its frame's length.
func timed(kind string) bool {
	return kind == "chpl" || kind == "\xa9TIM" || kind == "\xa9TSC" || kind == "\xa9TSZ"
}

// located reports whether a box says where in the master's file its items lie.
// QuickTime's meta has no version and flags.
func located(b box) bool {
	if b.kind != "meta" || len(b.body) < 4 {
		return false
	}
	return find(b.body, "iloc") != nil || find(b.body[4:], "iloc") != nil
}

// references takes over a track's references to tracks that are in the new file.
func (w *indexWriter) references(tref []byte) {
	start := len(w.data)
	some := false
	w.box("tref", func() {
		for list := range boxes(tref) {
			var kept []uint32
			for i := range len(list.body) / 4 {
				if id := word(list.body, i); w.kept[id] {
					kept = append(kept, id)
				}
			}
			if len(kept) > 0 {
				some = true
				w.box(list.kind, func() { w.words(kept...) })
			}
		}
	})
	if !some {
		w.data = w.data[:start]
	}
}
