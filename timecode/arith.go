package timecode

import (
	"math"
	"math/big"
)

// scale returns value*num/den to the nearest whole number, halves up, held
// within an int64. The product does not fit one: a day of nanoseconds at 120
// frames a second is already past it.
func scale(value, num, den int64) int64 {
	scaled := new(big.Int).Mul(big.NewInt(value), big.NewInt(num))
	scaled.Add(scaled, big.NewInt(den/2))
	scaled.Div(scaled, big.NewInt(den))

	switch {
	case scaled.IsInt64():
		return scaled.Int64()
	case scaled.Sign() < 0:
		return math.MinInt64
	default:
		return math.MaxInt64
	}
}

// decimal returns the value of ASCII digits, few enough for an int64. It cannot
// fail, as the digits come out of a match of one of the package's patterns.
func decimal(digits string) int64 {
	var value int64
	for _, digit := range digits {
		value = value*10 + int64(digit-'0')
	}

	return value
}
