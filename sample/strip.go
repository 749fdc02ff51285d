package sample

import (
	"fmt"
	"math/big"
)

// The strip shows a codeword of 32 bits, a block each, the highest leftmost and
// white for 1:
//
//	10 | frame number, 20 bits | check, 8 bits | 01
//
// The fixed bits at both ends show that there is a strip, and that it is neither
// shifted nor mirrored. The check, a remainder of the number, changes with any
// one bit of it, so that a wrong bit never makes another number.
const (
	blocks    = 32
	maxFrames = 1 << 20

	markerBits  uint32 = 1<<31 | 1
	numberPlace        = 1 << 10
	checkPlace         = 1 << 2

	// checkTop less the number modulo checkPrime is the check. Taken from the
	// top, it has both black and white blocks follow even for number 0.
	checkTop   = 255
	checkPrime = 251
)

// stripPart is the part of the picture's height that the strip takes: 1/18.
const stripPart = 18

// How bright, of 255, a block may be to be black, and must be to be white. What
// lies between, as in frames blended of two, is not to be read.
const (
	black = 96
	white = 160
)

// codeword returns the bits that the strip of a frame shows.
func codeword(number uint32) uint32 {
	return markerBits + numberPlace*number + checkPlace*(checkTop-number%checkPrime)
}

// stripSource returns the ffmpeg source of the strip. Its codeword is that of
// [codeword], computed by ffmpeg for a picture of a pixel a block, as a full
// width's would take long.
func stripSource(width, height int, rate *big.Rat) string {
	word := fmt.Sprintf("(%d+%d*N+%d*(%d-mod(N,%d)))", markerBits, numberPlace, checkPlace, checkTop, checkPrime)
	bit := fmt.Sprintf("mod(floor(%s/pow(2,%d-X)),2)", word, blocks-1)

	return fmt.Sprintf("nullsrc=size=%dx1:rate=%s,format=gray,geq=lum='255*%s',scale=%d:%d:flags=neighbor",
		blocks, rate.RatString(), bit, width, height/stripPart)
}

// stripReader returns the ffmpeg filters that make of each frame a row of gray
// pixels, one a block. They take the middle half of the strip's height, away
// from the picture below.
func stripReader() string {
	return fmt.Sprintf("crop=w=iw:h=ih/%d:x=0:y=ih/%d,scale=%d:1:flags=area,format=gray",
		2*stripPart, 4*stripPart, blocks)
}

// readRow returns the frame number in a row of [stripReader], and whether there
// is one.
func readRow(row []byte) (number uint32, ok bool) {
	var word uint32

	for _, level := range row {
		word <<= 1

		switch {
		case level >= white:
			word |= 1
		case level > black:
			return 0, false
		}
	}

	number = word / numberPlace % maxFrames

	return number, word == codeword(number)
}
