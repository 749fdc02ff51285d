package httpapi

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// section is a part of the API that is described together.
type section struct {
	name  string
	about string // what it is for, in a sentence
	add   []func(huma.API)
}

// sections are the operations of all files, in the order of their description.
func (a *API) sections() []section {
	return []section{
		{"Assets", "Find videos, and see what is known of each.", []func(huma.API){a.assets, a.aids}},
		{"Captions", "What is seen and said in a video, and where.", []func(huma.API){a.shotlists, a.captions}},
		{"Clips", "Take a video away, all of it or the part between two marks.", []func(huma.API){a.downloads, a.clips, a.estimates}},
		{"Orders", "Take clips and whole videos together, as one ZIP.", []func(huma.API){a.orders, a.basket}},
		{"Webhooks", "Be told what happens, instead of asking again.", []func(huma.API){a.webhookRoutes}},
		{"Stories", "The texts that videos are published with.", []func(huma.API){a.stories}},
		{"Publishing", "Bring videos in, correct and withdraw them.", []func(huma.API){a.uploads, a.postedUploads, a.steps, a.publishing}},
		{"Usage", "Who took what, and how often videos are watched.", []func(huma.API){a.usage, a.usageByDay}},
		{"Account", "Register, sign in, make tokens, and look after one's own account.", []func(huma.API){a.registrations, a.sessions, a.tokens, a.ownAccount}},
		{"People", "Roles, limits and the record, for admins.", []func(huma.API){a.people, a.audit}},
		{"Queue", "What failed, and how it begins again, for admins.", []func(huma.API){a.jobs}},
		{"Newsletter", "Subscribe to it; compose and send it.", []func(huma.API){a.subscriptions, a.ownSubscription, a.issues}},
	}
}

// resources adds all operations, each marked with its section.
func (a *API) resources(api huma.API) error {
	for _, s := range a.sections() {
		group := huma.NewGroup(api)
		group.UseSimpleModifier(func(op *huma.Operation) { op.Tags = []string{s.name} })
		for _, add := range s.add {
			add(group)
		}
		api.OpenAPI().Tags = append(api.OpenAPI().Tags, &huma.Tag{Name: s.name, Description: s.about})
	}
	return giveExamples(api.OpenAPI())
}

//go:embed examples.json
var examples []byte

// giveExamples shows for each body of a request in JSON what one may look like. $ASSET
// stands for an asset's id.
func giveExamples(api *huma.OpenAPI) error {
	var bodies map[string]any
	if err := json.Unmarshal(examples, &bodies); err != nil {
		return fmt.Errorf("read the examples: %w", err)
	}
	for path, item := range api.Paths {
		for method, op := range operations(item) {
			if op.RequestBody == nil || op.RequestBody.Content["application/json"] == nil {
				continue
			}
			body, ok := bodies[op.OperationID]
			if !ok {
				return fmt.Errorf("%s %s has no example: add %s to examples.json", method, path, op.OperationID)
			}
			op.RequestBody.Content["application/json"].Example = body
			delete(bodies, op.OperationID)
		}
	}
	if len(bodies) > 0 {
		return fmt.Errorf("examples.json has what is no operation with a body: %s", strings.Join(slices.Sorted(maps.Keys(bodies)), ", "))
	}
	return nil
}
