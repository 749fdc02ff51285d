package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// spans are runs of frames, both ends included, in rising order.
type spans [][2]int

// nearEnough is how many frames not asked for may lie between two runs before
// decoding them is worth an ffmpeg expression.
const nearEnough = 50

// add adds frames that are not before the last ones.
func (s spans) add(first, last int) spans {
	if n := len(s); n > 0 && first <= s[n-1][1]+nearEnough {
		s[n-1][1] = max(s[n-1][1], last)
		return s
	}
	return append(s, [2]int{first, last})
}

// frames returns how many frames there are.
func (s spans) frames() int {
	n := 0
	for _, span := range s {
		n += span[1] - span[0] + 1
	}
	return n
}

// reel gives decoded pictures of a video, planar and of 8 bits a sample, in rising
// order of their number. It keeps those that were passed over until told to drop
// them.
type reel struct {
	in   io.Reader
	size int // bytes of a picture
	left spans
	from int // the first frame to keep
	kept map[int][]byte
}

// reel decodes frames of a video in the size of another one's pictures, and has
// them looked at.
func (v video) reel(ctx context.Context, s spans, like video, look func(*reel) error) error {
	terms := make([]string, len(s))
	for i, span := range s {
		terms[i] = fmt.Sprintf(`between(n\,%d\,%d)`, span[0], span[1])
	}
	filter := "select=" + strings.Join(terms, "+")
	if v.width != like.width || v.height != like.height {
		filter += fmt.Sprintf(",scale=%d:%d", like.width, like.height)
	}
	half := func(n int) int { return (n + 1) / 2 }
	size := like.width*like.height + 2*half(like.width)*half(like.height)
	args := []string{
		"-map", "0:V:0", "-fps_mode", "passthrough", "-vf", filter, "-frames:v", strconv.Itoa(s.frames()),
		"-pix_fmt", "yuv420p", "-f", "rawvideo", "pipe:1",
	}
	said, err := decode(ctx, v.path, args, func(in io.Reader) error {
		return look(&reel{in: in, size: size, left: s, kept: map[int][]byte{}})
	})
	if errors.Is(err, errFFmpeg) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the frames of %s cannot be decoded twice: %w: %s", v.path, err, said)
	}
	return err
}

// frame returns the picture of a frame, which must not have been dropped.
func (r *reel) frame(n int) ([]byte, error) {
	for r.kept[n] == nil {
		picture := make([]byte, r.size)
		if _, err := io.ReadFull(r.in, picture); err != nil {
			return nil, fmt.Errorf("read frame %d: %w", n, errors.Join(io.ErrUnexpectedEOF, err))
		}
		if r.left[0][0] >= r.from {
			r.kept[r.left[0][0]] = picture
		}
		if r.left[0][0]++; r.left[0][0] > r.left[0][1] {
			r.left = r.left[1:]
		}
	}
	return r.kept[n], nil
}

// drop forgets frames before one, also those yet to come.
func (r *reel) drop(before int) {
	r.from = before
	for n := range r.kept {
		if n < before {
			delete(r.kept, n)
		}
	}
}
