package cea708

// window is a part of the picture with rows of text.
type window struct {
	defined, seen bool
	top           int // where it is, from above
	height        int // rows
	rows          [][]rune
	row, column   int // where the next character goes
}

const (
	mostRows    = 15
	mostColumns = 64
)

// define takes the six bytes behind a window's code: what it says stays where it was
// there before.
func (w *window) define(about []byte) {
	w.seen, w.top, w.height = about[0]&0x20 != 0, int(about[1]&0x7f), min(mostRows, int(about[3]&0x0f)+1)
	if !w.defined {
		w.defined = true
		w.clear()
	}
}

func (w *window) clear() {
	w.rows = make([][]rune, mostRows)
	w.row, w.column = 0, 0
}

// control does what concerns the text of a window.
func (w *window) control(code []byte) {
	switch code[0] {
	case backspace:
		w.back()
	case formFeed:
		w.clear()
	case carriageReturn:
		w.newRow()
	case clearRow:
		w.clearRow()
	case extended:
		w.write(extendedRune(code[1]))
	case wide:
		w.write(rune(code[1])<<8 | rune(code[2]))
	}
}

// write puts a character where the pen is, if it is one.
func (w *window) write(r rune) {
	if r == 0 || !w.defined || w.row >= mostRows || w.column >= mostColumns {
		return
	}
	row := w.rows[w.row]
	for len(row) <= w.column {
		row = append(row, ' ')
	}
	row[w.column] = r
	w.rows[w.row] = row
	w.column++
}

func (w *window) back() {
	if w.column > 0 {
		w.column--
		w.write(' ')
		w.column--
	}
}

func (w *window) clearRow() {
	if w.defined && w.row < mostRows {
		w.rows[w.row] = nil
	}
	w.column = 0
}

// newRow goes to the next row; behind the last one all move up by one.
func (w *window) newRow() {
	w.column = 0
	if !w.defined {
		return
	}
	if w.row+1 < w.height {
		w.row++
		return
	}
	w.rows = append(w.rows[1:], nil)
}
