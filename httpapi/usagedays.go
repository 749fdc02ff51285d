package httpapi

import (
	"context"
	"encoding/csv"
	"io"
	"net/http"
	"strconv"
	"time"

	"subclip/catalog"

	"github.com/danielgtaylor/huma/v2"
)

// UsageDay is how often something was taken and watched on a day.
type UsageDay struct {
	Day   string `json:"day" format:"date" doc:"of UTC"`
	Took  int64  `json:"took" doc:"how often something was taken, whole or in part"`
	Parts int64  `json:"parts" doc:"of these, clips"`
	Bytes int64  `json:"bytes" doc:"of what was taken"`
	Plays int64  `json:"plays" doc:"visits of the page in which the video was played; those of editors do not count"`
}

type (
	usageDays struct {
		Days []UsageDay `json:"days" nullable:"false"`
	}
	// UsageDaysInput says which days; huma reads embedded inputs only if exported.
	UsageDaysInput struct {
		Days   int    `query:"days" minimum:"1" maximum:"366" default:"30" doc:"how many, of which today is the last"`
		Format string `query:"format" enum:"json,csv" default:"json"`
	}
	assetUsageDaysInput struct {
		AssetInput
		UsageDaysInput
	}
)

func (a *API) usageByDay(api huma.API) {
	one := operation(http.MethodGet, "/v1/assets/{id}/usage/days", "asset-usage-days", "How often an asset was taken and watched, by day", http.StatusOK, 401, 403, 404, 422)
	all := operation(http.MethodGet, "/v1/usage/days", "list-usage-days", "How often anything was taken and watched, by day", http.StatusOK, 401, 403, 422)
	tells[usageDays](api, "Who takes something is known, and told by the operations beside; who watches is not.", &one, &all)
	register(a, api, one, func(ctx context.Context, in *assetUsageDaysInput) (*huma.StreamResponse, error) {
		if _, err := a.catalog.Asset(ctx, catalog.From(ctx), in.ID); err != nil {
			return nil, err
		}
		return a.tellDays(ctx, in.ID, in.UsageDaysInput)
	})
	register(a, api, all, func(ctx context.Context, in *UsageDaysInput) (*huma.StreamResponse, error) {
		return a.tellDays(ctx, "", *in)
	})
}

func (a *API) tellDays(ctx context.Context, assetID string, in UsageDaysInput) (*huma.StreamResponse, error) {
	first := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, 1-in.Days)
	counted, err := a.catalog.UsageDays(ctx, assetID, first, in.Days)
	if err != nil {
		return nil, err
	}
	told := usageDays{Days: []UsageDay{}}
	for _, day := range counted {
		told.Days = append(told.Days, UsageDay{day.Day.Format(time.DateOnly), day.Took, day.Parts, day.Size, day.Plays})
	}
	return a.tell("usage-days", in.Format == "csv", told, func(w io.Writer) error { return csv.NewWriter(w).WriteAll(told.lines()) }), nil
}

func (u usageDays) lines() [][]string {
	lines := [][]string{{"day", "took", "parts", "bytes", "plays"}}
	for _, d := range u.Days {
		line := []string{d.Day}
		for _, count := range []int64{d.Took, d.Parts, d.Bytes, d.Plays} {
			line = append(line, strconv.FormatInt(count, 10))
		}
		lines = append(lines, line)
	}
	return lines
}
