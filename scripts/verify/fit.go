package main

import (
	"errors"
	"fmt"
	"math"
)

// silence is the root mean square below which a sound is silent, with 1 for the
// loudest.
const silence = 0.001

// fit slides a stretch of the clip's sound over the source's, which has as much
// more at both ends as it can be slid, and returns by how many samples it is late.
// That it is off by more than slack, or not the same sound, is an error.
func fit(made, source []float64, slack int) (late int, quiet bool, err error) {
	reach := (len(source) - len(made)) / 2
	if level(source[reach:reach+len(made)]) < silence {
		if level(made) > 3*silence {
			return 0, false, errors.New("sounds where the source is silent")
		}
		return 0, true, nil
	}
	likes := correlate(made, source)
	best, right := 0, reach
	for i, like := range likes {
		if like > likes[best] {
			best = i
		}
		if i >= reach-slack && i <= reach+slack && like > likes[right] {
			right = i
		}
	}
	// The clip is late by what the source's earlier sound fits it.
	if likes[best]-likes[right] > clearly {
		return 0, false, fmt.Errorf("is off by %d samples: it fits at %.4f there, at %.4f where it should be", reach-best, likes[best], likes[right])
	}
	if likes[right] < likeness {
		return 0, false, fmt.Errorf("is not the source's sound: it fits at %.4f at best", likes[right])
	}
	return reach - right, false, nil
}

// correlate returns, for each place where the short sound fits into the long one,
// how alike they are there: 1 is the same but for loudness, 0 has nothing in common.
func correlate(short, long []float64) []float64 {
	own := energy(short)
	other := energy(long[:len(short)])
	likes := make([]float64, len(long)-len(short)+1)
	for i := range likes {
		if own > 0 && other > 0 {
			likes[i] = product(short, long[i:]) / math.Sqrt(own*other)
		}
		if end := i + len(short); end < len(long) {
			other += long[end]*long[end] - long[i]*long[i]
		}
	}
	return likes
}

// product returns the scalar product of a sound and as much of another. It adds up
// four sums side by side, since a single one has each addition wait for the last.
func product(a, b []float64) float64 {
	var s0, s1, s2, s3 float64
	b = b[:len(a)]
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}

func energy(samples []float64) float64 { return product(samples, samples) }

// level returns the root mean square.
func level(samples []float64) float64 { return math.Sqrt(energy(samples) / float64(len(samples))) }
