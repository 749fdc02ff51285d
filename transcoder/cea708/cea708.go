// Package cea708 reads the captions of digital television (CEA-708) out of what pictures
// carry: the text of the primary service, as it is seen. Colours, places and sizes are left
// out.
package cea708

// Decoder reads captions; the zero value is ready.
type Decoder struct {
	packet []byte // as far as it has come
	want   int    // bytes of it
	rest   []byte // of the service, up to a command that is not complete
	screen screen
}

const (
	primary = 1 // service

	packetData, packetStart = 2, 3 // types of caption data
)

// Add reads what one picture carries (ATSC A/53, cc_data): three bytes each, of which the
// first says what the others are. Those of CEA-608 are left out.
func (d *Decoder) Add(data []byte) {
	for ; len(data) >= 3; data = data[3:] {
		isValid, kind := data[0]&4 != 0, data[0]&3
		switch {
		case kind == packetStart && isValid:
			d.packet = append(d.packet[:0], data[1:3]...)
			if d.want = int(data[1]&0x3f) * 2; d.want == 0 {
				d.want = 128
			}
		case kind == packetData && isValid && d.want > 0:
			d.packet = append(d.packet, data[1:3]...)
		default:
			continue
		}
		if len(d.packet) >= d.want {
			d.services(d.packet[1:d.want])
			d.want = 0
		}
	}
}

// Text is what is seen now, lines apart by \n; empty where nothing is.
func (d *Decoder) Text() string { return d.screen.text() }

// services reads the blocks of a packet.
func (d *Decoder) services(blocks []byte) {
	for len(blocks) > 0 {
		service, length := blocks[0]>>5, int(blocks[0]&0x1f)
		blocks = blocks[1:]
		const extended = 7
		if service == extended && length > 0 && len(blocks) > 0 {
			blocks = blocks[1:]
		}
		if service == 0 || length > len(blocks) {
			return
		}
		if service == primary {
			d.rest = append(d.rest, blocks[:length]...)
			for {
				n := d.screen.obey(d.rest)
				if n == 0 {
					break
				}
				d.rest = d.rest[n:]
			}
			d.rest = append([]byte(nil), d.rest...)
		}
		blocks = blocks[length:]
	}
}
