package transcoder

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"fmt"

	"subclip/transcoder/mp4"
)

// xmpBox is the kind of the box that holds XMP in an MP4 file (ISO 16684 part 3):
// a uuid.
const xmpBox = "uuid\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac"

// usageTerms is the XMP in which picture desks look for them. ffmpeg writes the same
// as the tag copyright where it makes the file.
const usageTerms = "<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>" +
	`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
	`<rdf:Description rdf:about="" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/">` +
	`<xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></xmpRights:UsageTerms>` +
	`</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>`

// withTerms adds to a new file what those who use it must keep to: behind everything
// else, where it moves nothing.
func withTerms(layout mp4.Layout, restrictions string) (mp4.Layout, error) {
	if restrictions == "" {
		return layout, nil
	}
	var text bytes.Buffer
	if err := xml.EscapeText(&text, []byte(restrictions)); err != nil {
		return nil, fmt.Errorf("write the restrictions: %w", err)
	}
	body := xmpBox + fmt.Sprintf(usageTerms, text.String())
	box := binary.BigEndian.AppendUint32(nil, uint32(4+len(body))) //nolint:gosec // restrictions are a text
	box = append(box, body...)
	return append(layout, mp4.Piece{Bytes: box, Length: int64(len(box))}), nil
}
