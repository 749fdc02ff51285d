package portal

import (
	"time"

	"subclip/catalog"

	"github.com/gin-gonic/gin"
)

const (
	chartDays   = 30
	chartWidth  = 600 // units of the drawing
	chartHeight = 120
	barGap      = 4
)

// chart is what was taken, day by day, as a drawing of bars and a table.
type chart struct {
	Width, Height int
	Bars          []bar
	Took, Size    int64 // in all
	Most          int64 // of a day
	CSV           string
}

// bar is a day.
type bar struct {
	X, Y, Width, Height float64
	At                  time.Time
	Took, Size          int64
}

// chartStart is the first of the days that are drawn, of which today is the last.
func chartStart() time.Time {
	return time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, 1-chartDays)
}

// usageChart draws the last days of an asset, or of all if assetID is empty.
func (p *Portal) usageChart(g *gin.Context, assetID string) (chart, error) {
	days, err := p.Catalog.UsageDays(g.Request.Context(), assetID, chartStart(), chartDays)
	if err != nil {
		return chart{}, err
	}
	of := chart{Width: chartWidth, Height: chartHeight, CSV: "/v1/usage?format=csv"}
	if assetID != "" {
		of.CSV = assetsAPI + assetID + "/usage?format=csv"
	}
	for _, day := range days {
		of.Took, of.Size, of.Most = of.Took+day.Took, of.Size+day.Size, max(of.Most, day.Took)
	}
	step := float64(chartWidth) / chartDays
	for i, day := range days {
		of.Bars = append(of.Bars, barOf(day, float64(i)*step, step-barGap, of.Most))
	}
	return of, nil
}

func barOf(day catalog.UsageDay, x, width float64, most int64) bar {
	height := float64(chartHeight) * float64(day.Took) / float64(max(most, 1))
	return bar{x, chartHeight - height, width, height, day.Day, day.Took, day.Size}
}
