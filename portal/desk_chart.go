package portal

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

const (
	chartWidth  = 960 // units of the drawing
	chartHeight = 200
	chartFoot   = 34 // below the bars, for their days
	chartSide   = 56 // before the bars, for how high they are
)

// periods are the numbers of days that a chart can have; the first is the usual one.
func periods() []int { return []int{30, 90} }

// chart is what was taken and watched, day by day, as drawings of bars and a table.
type chart struct {
	Days        int
	Taken       drawing
	Watched     drawing
	Took, Parts int64 // in all
	Size        int64
	Plays       int64
	CSV         string // of all that was taken; empty where the visitor may not have it
	DaysCSV     string // of what is drawn
}

// drawing is a bar for each of the days.
type drawing struct {
	Name          string // its words
	Days          int
	Width, Height int
	Bars          []bar
	Lines         []gridline
	Labels        []chartLabel
}

// Whole is how often an asset was taken as a whole.
func (c chart) Whole() int64 { return c.Took - c.Parts }

// Foot is the line on which days are written.
func (d drawing) Foot() int { return d.Height - 8 }

// bar is a day: parts stand on what was taken whole.
type bar struct {
	catalog.UsageDay
	Count, Above                int64 // what it is high for, and what stands on that
	X, Width                    float64
	Y, Height, AboveY, AboveTop float64
}

// All is all that the bar is for.
func (b bar) All() int64 { return b.Count + b.Above }

// Whole is how often an asset was taken as a whole on the day.
func (b bar) Whole() int64 { return b.Took - b.Parts }

// gridline is a height of the drawing with its number.
type gridline struct {
	Y     float64
	Count int64
}

// chartLabel is a day below its bar.
type chartLabel struct {
	X  float64
	At time.Time
}

// period is how many days the address asks for.
func period(g *gin.Context) int {
	if days, err := strconv.Atoi(g.Query("days")); err == nil && slices.Contains(periods(), days) {
		return days
	}
	return periods()[0]
}

// chartStart is the first of the days that are drawn, of which today is the last.
func chartStart(days int) time.Time {
	return time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, 1-days)
}

// usageChart draws the last days of an asset, or of all if assetID is empty.
func (p *Portal) usageChart(g *gin.Context, assetID string, days int) (chart, error) {
	counted, err := p.Catalog.UsageDays(g.Request.Context(), assetID, chartStart(days), days)
	if err != nil {
		return chart{}, err
	}
	of, usage := chart{Days: days}, "/v1/usage"
	if assetID != "" {
		usage = assetsAPI + url.PathEscape(assetID) + "/usage"
		of.CSV = usage + "?format=csv"
	}
	of.DaysCSV = usage + "/days?format=csv&days=" + strconv.Itoa(days)
	for _, day := range counted {
		of.Took, of.Parts, of.Size, of.Plays = of.Took+day.Took, of.Parts+day.Parts, of.Size+day.Size, of.Plays+day.Plays
	}
	of.Taken = draw("usage.chart", counted, func(d catalog.UsageDay) (count, above int64) { return d.Took - d.Parts, d.Parts })
	of.Watched = draw("usage.watched_chart", counted, func(d catalog.UsageDay) (count, above int64) { return d.Plays, 0 })
	return of, nil
}

// draw draws two numbers of each day, the one above the other.
func draw(name string, days []catalog.UsageDay, of func(catalog.UsageDay) (count, above int64)) drawing {
	d := drawing{Name: name, Days: len(days), Width: chartWidth, Height: chartHeight + chartFoot}
	most := int64(0)
	for _, day := range days {
		count, above := of(day)
		most = max(most, count+above)
	}
	top := ceiling(most)
	for _, count := range []int64{0, top / 2, top} {
		d.Lines = append(d.Lines, gridline{chartHeight - height(count, top), count})
	}
	step := float64(chartWidth-chartSide) / float64(len(days))
	for i, day := range days {
		b := bar{UsageDay: day, X: chartSide + float64(i)*step + step*0.14, Width: step * 0.72}
		b.Count, b.Above = of(day)
		b.Height, b.AboveTop = height(b.Count, top), height(b.Above, top)
		b.Y = chartHeight - b.Height
		b.AboveY = b.Y - b.AboveTop
		d.Bars = append(d.Bars, b)
		if (len(days)-1-i)%(len(days)/5) == 0 {
			d.Labels = append(d.Labels, chartLabel{b.X + b.Width/2, day.Day})
		}
	}
	return d
}

// height is how high a number is drawn where top is drawn highest.
func height(count, top int64) float64 { return (chartHeight - 12) * float64(count) / float64(top) }

// ceiling is the least even number that has one digit before its noughts, and is not less.
func ceiling(most int64) int64 {
	unit := int64(1)
	for most > 10*unit {
		unit *= 10
	}
	top := (most + unit - 1) / unit * unit
	return max(top+top%2, 2)
}
