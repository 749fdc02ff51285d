package httpapi

import (
	"encoding/json"
	"maps"
	"testing"

	"subclip/accounts"
)

// items are the members of a list in an answer.
func items(a answer, field string) []map[string]any {
	list, _ := a.body[field].([]any)
	var all []map[string]any
	for _, member := range list {
		item, _ := member.(map[string]any)
		all = append(all, item)
	}
	return all
}

// TestClipsAgain lists clips and asks for one again with what the list says of it: it
// is the same clip, of the same job.
func TestClipsAgain(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	zoe, other := s.person(t, "zoe@example.com", accounts.Professional), s.person(t, "o@example.com", accounts.Professional)
	wish := fields{"asset_id": asset.ID, "format": "h264-360p", "join": false, "ranges": []fields{
		{"in": "1", "out": "2", "name": " Crowd "}, {"in": "10:00:03:00", "out": "4.0"},
	}}
	zoe.ask(t, "POST", "/v1/clips", wish).must(t, 202)
	listed := items(zoe.ask(t, "GET", "/v1/clips?status=queued,running&asset_id="+asset.ID, nil).must(t, 200), "clips")
	if len(listed) != 1 || listed[0]["title"] != "Film" {
		t.Fatalf("the list is %v", listed)
	}
	again := maps.Clone(listed[0])
	maps.DeleteFunc(again, func(field string, _ any) bool {
		return field != "asset_id" && field != "ranges" && field != "format" && field != "join" && field != "audio"
	})
	a := zoe.ask(t, "POST", "/v1/clips", again).must(t, 202)
	for _, field := range []string{"ranges", "format", "join", "audio"} {
		first, err := json.Marshal(listed[0][field])
		check(t, err)
		second, err := json.Marshal(a.body[field])
		check(t, err)
		if string(first) != string(second) {
			t.Errorf("%s was %s and is %s", field, first, second)
		}
	}
	if n, err := s.parts.DB.NewSelect().Table("jobs").Where("kind = 'clip'").Count(t.Context()); err != nil || n != 1 {
		t.Errorf("there are %d jobs, %v", n, err)
	}
	if hers := items(other.ask(t, "GET", "/v1/clips", nil).must(t, 200), "clips"); len(hers) != 0 {
		t.Errorf("somebody else sees %v", hers)
	}
	zoe.ask(t, "GET", "/v1/clips?status=done", nil).must(t, 422)
}
