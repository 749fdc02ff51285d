package mp4

import (
	"bytes"
	"slices"

	"github.com/Eyevinn/mp4ff/mp4"
)

// A track header ends with the matrix by which pictures are turned for display, and
// their width and height (ISO/IEC 14496-12, 8.3.2). The box reader passes over the
// matrix, and writes one that turns nothing.
const (
	matrixSize  = 36
	afterMatrix = 8
)

// matrices returns the matrix of each track of an index, nil where there is none.
func matrices(moov []byte) [][]byte {
	var all [][]byte
	for trak := range children(moov[8:], "trak") {
		var matrix []byte
		for tkhd := range children(trak[8:], "tkhd") {
			if at := len(tkhd) - afterMatrix - matrixSize; at >= 8 {
				matrix = slices.Clone(tkhd[at : at+matrixSize])
			}
		}
		all = append(all, matrix)
	}
	return all
}

// matrix is that of a track by its place in the index.
func (m *Movie) matrix(track int) []byte {
	if track >= len(m.matrices) {
		return nil
	}
	return m.matrices[track]
}

// turned is a track header with a matrix.
func turned(header *mp4.TkhdBox, matrix []byte) mp4.Box {
	var box bytes.Buffer
	if matrix == nil || header.Encode(&box) != nil {
		return header
	}
	data := box.Bytes()
	copy(data[len(data)-afterMatrix-matrixSize:], matrix)
	return mp4.CreateUnknownBox("tkhd", uint64(len(data)), data[8:])
}
