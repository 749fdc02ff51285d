package transcoder

import (
	"math"

	"subclip/timecode"
)

// frameRate tells the exact rate and whether it varies. The average over the
// file is snapped to a customary rate within a twentieth of a percent, as time
// stamps are rounded. A last frame of odd length moves it further in a short
// file, where ffprobe's other figure tells: the least common rate of all time
// stamps, twice the true one for fields.
func frameRate(video probeStream) (rate timecode.Rate, variable bool, err error) {
	common, commonErr := timecode.ParseRate(video.RealRate)
	average, err := timecode.ParseRate(video.AverageRate)
	switch {
	case err != nil && commonErr != nil:
		return rate, false, unusable(err, "the video track has no frame rate")
	case err != nil:
		average = common
	case commonErr != nil:
		common = average
	}
	rate = customary(average)
	if perSecond(common)/perSecond(rate) > 1.5 {
		common.Den *= 2
	}
	off := math.Abs(perSecond(common)/perSecond(rate) - 1)
	frames := integer(video.Frames)
	if rate == average && frames > 0 && off*float64(frames) <= 1.5 {
		return customary(common), false, nil
	}
	return rate, off > 0.01, nil
}

// customary returns the rate in use that is meant, or the rate itself where it
// is near none.
func customary(rate timecode.Rate) timecode.Rate {
	rates := []timecode.Rate{
		{Num: 24000, Den: 1001},
		{Num: 24, Den: 1},
		{Num: 25, Den: 1},
		{Num: 30000, Den: 1001},
		{Num: 30, Den: 1},
		{Num: 48, Den: 1},
		{Num: 50, Den: 1},
		{Num: 60000, Den: 1001},
		{Num: 60, Den: 1},
		{Num: 100, Den: 1},
		{Num: 120000, Den: 1001},
		{Num: 120, Den: 1},
	}
	meant, nearest := rate, 0.0005
	for _, r := range rates {
		if off := math.Abs(perSecond(rate)/perSecond(r) - 1); off < nearest {
			meant, nearest = r, off
		}
	}
	return meant
}

func perSecond(r timecode.Rate) float64 { return float64(r.Num) / float64(r.Den) }
