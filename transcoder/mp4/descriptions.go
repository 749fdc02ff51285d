package mp4

import (
	"encoding/binary"

	"github.com/Eyevinn/mp4ff/mp4"
)

// hidden is what the sample descriptions of tracks that are not pictures are
// called while an index is read.
const hidden = "xtsd"

// hideDescriptions renames the sample descriptions of all tracks but pictures,
// so that they are kept as bytes: they are taken over unread, and QuickTime's
// sound descriptions come in versions that the box reader does not know.
func hideDescriptions(moov []byte) {
	for trak := range children(moov, "trak") {
		for mdia := range children(trak, "mdia") {
			if !ofPictures(mdia) {
				hideIn(mdia, "minf", "stbl", "stsd")
			}
		}
	}
}

func ofPictures(mdia []byte) bool {
	for hdlr := range children(mdia, "hdlr") {
		return len(hdlr) >= 20 && string(hdlr[16:20]) == "vide"
	}
	return false
}

// hideIn renames the boxes at the end of a path.
func hideIn(box []byte, path ...string) {
	for child := range children(box, path[0]) {
		if len(path) > 1 {
			hideIn(child, path[1:]...)
			continue
		}
		copy(child[4:8], hidden)
	}
}

// children yields the boxes of a kind right inside a box, header included. It
// stops where lengths make no sense; reading the index says what is wrong there.
func children(box []byte, kind string) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for rest := box[8:]; len(rest) >= 8; {
			length := binary.BigEndian.Uint32(rest)
			if length < 8 || int64(length) > int64(len(rest)) {
				return
			}
			if string(rest[4:8]) == kind && !yield(rest[:length]) {
				return
			}
			rest = rest[length:]
		}
	}
}

// descriptions returns the sample descriptions of a track as they are written.
func descriptions(stbl *mp4.StblBox) mp4.Box {
	if stbl.Stsd != nil {
		return stbl.Stsd
	}
	for _, child := range stbl.Children {
		if box, ok := child.(*mp4.UnknownBox); ok && box.Type() == hidden {
			return mp4.CreateUnknownBox("stsd", box.Size(), box.Payload())
		}
	}
	return mp4.NewStsdBox()
}

func countDescriptions(stbl *mp4.StblBox) int {
	switch box := descriptions(stbl).(type) {
	case *mp4.UnknownBox:
		if payload := box.Payload(); len(payload) >= 8 {
			return int(binary.BigEndian.Uint32(payload[4:]))
		}
	case *mp4.StsdBox:
		return len(box.Children)
	}
	return 0
}
