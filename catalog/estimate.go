package catalog

import (
	"context"

	"subclip/transcoder"
)

// EstimateClip foresees what CreateClip would make of a request: how, how large and how
// soon. It stores nothing and takes the asset's facts alone. Errors: those of
// CreateClip but for limits.
func (c *Catalog) EstimateClip(ctx context.Context, req ClipRequest) (transcoder.Estimate, error) {
	asset, wanted, err := c.resolve(ctx, req)
	if err != nil {
		return transcoder.Estimate{}, err
	}
	file := transcoder.Request{Ranges: wanted.Ranges, Format: wanted.Format, Audio: wanted.Audio}
	files := []transcoder.Request{file}
	if wanted.Separate {
		files = files[:0]
		for _, r := range wanted.Ranges {
			file.Ranges = []transcoder.Range{r}
			files = append(files, file)
		}
	}
	return transcoder.NewEstimate(*asset.Source, files...)
}
