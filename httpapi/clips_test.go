package httpapi

import (
	"encoding/json"
	"maps"
	"testing"

	"subclip/accounts"
	"subclip/catalog"
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

// TestEstimate foresees clips, also for strangers: nothing is stored, and what cannot be
// made is refused as when it is asked for.
func TestEstimate(t *testing.T) {
	s := start(t, Config{})
	asset := s.film(t, "Film")
	stranger := &client{site: s}
	wish := func(format string, ranges ...fields) fields {
		return fields{"asset_id": asset.ID, "format": format, "join": false, "ranges": ranges}
	}
	ten, two := fields{"in": "10", "out": "20"}, fields{"in": "30", "out": "32"}
	a := stranger.ask(t, "POST", "/v1/clips/estimate", wish("source", ten, two)).must(t, 200)
	share := float64(asset.Size * 300 / 7500)
	size, _ := a.body["size"].(float64) // what is encoded at the marks comes to the share
	if a.text("method") != "smart" || a.body["bit_exact"] != false || a.body["frames"] != 300.0 || a.body["duration"] != 12.0 || size <= share || size > 2*share {
		t.Errorf("foreseen is %s", a.raw)
	}
	if a := stranger.ask(t, "POST", "/v1/clips/estimate", wish("source", fields{"in": "0", "out": "10:05:00:00"})).must(t, 200); a.text("method") != "copy" || a.body["bit_exact"] != true {
		t.Errorf("of the whole, foreseen is %s", a.raw)
	}
	if a := stranger.ask(t, "POST", "/v1/clips/estimate", wish("source", ten, fields{"in": "2", "out": "1"})).must(t, 422); a.text("detail") == "" {
		t.Errorf("marks that cannot be: %s", a.raw)
	}
	_, err := s.catalog.Withdraw(t.Context(), catalog.House(), asset.ID)
	check(t, err)
	stranger.ask(t, "POST", "/v1/clips/estimate", wish("source", ten)).must(t, 404)
	if n, err := s.parts.DB.NewSelect().Table("clips").Count(t.Context()); err != nil || n != 0 {
		t.Errorf("%d clips are stored, %v", n, err)
	}
}
