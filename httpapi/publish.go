package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"subclip/accounts"
	"subclip/catalog"

	"github.com/danielgtaylor/huma/v2"
)

// What editors do to an asset, as the record calls it.
const (
	assetChanged   accounts.Action = "asset-changed"
	assetWithdrawn accounts.Action = "asset-withdrawn"
	assetRestored  accounts.Action = "asset-restored"
	assetReplaces  accounts.Action = "asset-replaces"
)

type replaceInput struct {
	AssetInput
	Precondition
	Body struct {
		AssetID string `json:"asset_id" minLength:"1" maxLength:"64" doc:"the older one"`
	}
}

type changeAssetInput struct {
	AssetInput
	Precondition
	Body struct {
		Title        *string `json:"title,omitempty" minLength:"1" maxLength:"500"`
		Description  *string `json:"description,omitempty" maxLength:"20000"`
		Language     *string `json:"language,omitempty" maxLength:"35" doc:"BCP 47 tag"`
		Restrictions *string `json:"restrictions,omitempty" maxLength:"5000" doc:"what those who use it must keep to; empty for nothing"`
		EmbargoUntil setTime `json:"embargo_until,omitempty" doc:"before, only editors see it; null lifts the embargo, and 9999-01-01T00:00:00Z stands for one that lasts until it is lifted"`

		Topics   *[]string `json:"topics,omitempty" maxItems:"50" doc:"of those that list-topics gives"`
		Keywords *[]string `json:"keywords,omitempty" maxItems:"50"`
		People   *[]string `json:"people,omitempty" maxItems:"50" doc:"who is seen or heard"`
		Places   *[]string `json:"places,omitempty" maxItems:"50" doc:"where it was shot"`
		ShotOn   *string   `json:"shot_on,omitempty" maxLength:"10" doc:"the day it was shot, as 2026-11-26; empty for unknown"`
	}
}

// setTime is a time in a change: left out, or null, or given.
type setTime struct {
	sent bool
	time time.Time
}

// UnmarshalJSON reads null as the zero time.
func (s *setTime) UnmarshalJSON(data []byte) error {
	s.sent = true
	if bytes.Equal(data, []byte("null")) {
		return nil
	}
	return json.Unmarshal(data, &s.time) //nolint:wrapcheck // huma tells the client
}

// Schema describes what is sent.
func (setTime) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time", Nullable: true}
}

func (a *API) publishing(api huma.API) {
	change := operation(http.MethodPatch, "/v1/assets/{id}", "change-asset", "Change what is said of an asset", http.StatusOK, 401, 403, 404, 412, 413, 415, 422)
	change.Description = "What is left out stays as it is."
	register(a, api, change, a.changeAsset)
	withdraw := operation(http.MethodPost, "/v1/assets/{id}/withdraw", "withdraw-asset", "Take an asset back", http.StatusOK, 401, 403, 404)
	withdraw.Description = "From now on only editors see the asset, and nobody gets a signed URL of it, of its renditions or of its clips: they end, " +
		"and their files are removed from the store within minutes. The master stays. URLs signed before work until they expire, " +
		"at most SUBCLIP_URL_EXPIRY (an hour, unless set otherwise) after they were given, or until the file is removed."
	register(a, api, withdraw, func(ctx context.Context, in *AssetInput) (*assetOutput, error) {
		return a.published(ctx, assetWithdrawn, in.ID, a.catalog.Withdraw)
	})
	restore := operation(http.MethodPost, "/v1/assets/{id}/restore", "restore-asset", "Publish a withdrawn asset again", http.StatusOK, 401, 403, 404)
	restore.Description = "Clips that the withdrawal ended do not return. What had replaced it stays, but the asset no longer leads there."
	register(a, api, restore, func(ctx context.Context, in *AssetInput) (*assetOutput, error) {
		return a.published(ctx, assetRestored, in.ID, a.catalog.Restore)
	})
	replace := operation(http.MethodPost, "/v1/assets/{id}/replaces", "replace-asset", "Have an asset take the place of an older one", http.StatusOK, 401, 403, 404, 409, 412, 413, 415, 422)
	replace.Description = "All at once, it takes over what is said of the older one and its place in stories, and that one is withdrawn. " +
		"Shotlist and captions stay with it, as their times may be others. Its page leads to the new one from now on, and the API names that " +
		"to strangers in a Link header (successor-version) of the 404."
	register(a, api, replace, func(ctx context.Context, in *replaceInput) (*assetOutput, error) {
		return a.published(ctx, assetReplaces, in.ID, func(ctx context.Context, by catalog.Asker, id string) (catalog.Asset, error) {
			return a.catalog.Replace(ctx, by, in.Body.AssetID, id, in.versions())
		})
	})
}

func (a *API) changeAsset(ctx context.Context, in *changeAssetInput) (*assetOutput, error) {
	b := in.Body
	change := catalog.Change{
		Title: b.Title, Description: b.Description, Language: b.Language, Restrictions: b.Restrictions,
		Topics: b.Topics, Keywords: b.Keywords, People: b.People, Places: b.Places, ShotOn: b.ShotOn, Versions: in.versions(),
	}
	if b.EmbargoUntil.sent {
		change.EmbargoUntil = &b.EmbargoUntil.time
	}
	return a.published(ctx, assetChanged, in.ID, func(ctx context.Context, by catalog.Asker, id string) (catalog.Asset, error) {
		return a.catalog.ChangeAsset(ctx, by, id, change)
	})
}

// published does something to an asset and puts it on record.
func (a *API) published(ctx context.Context, action accounts.Action, id string,
	do func(context.Context, catalog.Asker, string) (catalog.Asset, error),
) (*assetOutput, error) {
	row, err := do(ctx, catalog.From(ctx), id)
	if err != nil {
		return nil, err
	}
	if err := a.record(ctx, action, row.ID, row.Title); err != nil {
		return nil, err
	}
	body, err := a.asset(ctx, &row)
	return &assetOutput{tagOf(row.Version), body}, err
}
