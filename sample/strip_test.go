package sample

import (
	"strings"
	"testing"
)

// row returns the row of gray pixels in which a codeword is read.
func row(word uint32) []byte {
	pixels := make([]byte, blocks)

	for i := range pixels {
		if word>>(blocks-1-i)&1 == 1 {
			pixels[i] = 255
		}
	}

	return pixels
}

func TestReadRow(t *testing.T) {
	t.Parallel()

	for number := range uint32(maxFrames) {
		if got, ok := readRow(row(codeword(number))); !ok || got != number {
			t.Fatalf("number %d is read as %d, %v", number, got, ok)
		}
	}
}

func TestReadRowWithWrongBit(t *testing.T) {
	t.Parallel()

	for number := uint32(0); number < maxFrames; number += 997 {
		for bit := range blocks {
			if got, ok := readRow(row(codeword(number) ^ 1<<bit)); ok {
				t.Fatalf("number %d with bit %d wrong is read as %d", number, bit, got)
			}
		}
	}
}

func TestReadRowWithGrayBlock(t *testing.T) {
	t.Parallel()

	for block := range blocks {
		pixels := row(codeword(1234))
		pixels[block] = 128

		if got, ok := readRow(pixels); ok {
			t.Errorf("with block %d gray, %d is read", block, got)
		}
	}
}

func TestFindFontMissing(t *testing.T) {
	t.Parallel()

	_, err := findFont(t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "install fonts-dejavu-core") {
		t.Errorf("error %v does not say what to install", err)
	}
}
