package worker

import (
	"archive/zip"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"subclip/catalog"
	"subclip/transcoder"
)

func (s *site) awaitOrder(t *testing.T, id string, want catalog.ClipStatus) (order *catalog.Order) {
	t.Helper()
	await(t, "the order is "+string(want), func() bool {
		var err error
		order, err = s.Order(t.Context(), catalog.Asker{}, id)
		check(t, err)
		if order.Status() != want && order.Status().Ended() {
			t.Fatalf("the order is %s: %s", order.Status(), order.Reason())
		}
		return order.Status() == want
	})
	return order
}

// unpack reads an order's ZIP.
func (s *site) unpack(t *testing.T, order *catalog.Order) map[string]string {
	t.Helper()
	archive, err := zip.OpenReader(s.fetch(t, order.Job.Result.Files[0].Key))
	check(t, err)
	defer func() { check(t, archive.Close()) }()
	files := map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		check(t, err)
		data, err := io.ReadAll(r)
		check(t, err)
		if _, twice := files[f.Name]; twice {
			t.Errorf("%s is there twice", f.Name)
		}
		files[f.Name] = string(data)
	}
	return files
}

// tell says what is said in an asset, and seen.
func (s *site) tell(t *testing.T, asset catalog.Asset) {
	t.Helper()
	cues := []catalog.Cue{{Start: 500 * time.Millisecond, End: 1200 * time.Millisecond, Text: "Good morning"}}
	check(t, s.PutCaptions(t.Context(), asset.ID, "en", catalog.CaptionsUploaded, cues))
	_, err := s.PutShotlist(t.Context(), catalog.House(), asset.ID, []catalog.Shot{{In: 0, Text: "Doors"}, {In: 25, Text: "Wide of\nthe crowd"}}, nil)
	check(t, err)
}

// breakFile takes what an item made out of the store.
func (s *site) breakFile(t *testing.T, item *catalog.OrderItem) {
	t.Helper()
	check(t, s.store.Delete(t.Context(), item.Job.Result.Files[0].Key))
}

// TestOrder orders parts and wholes of two assets. What cannot be made is left out, and
// the ZIP says so.
func TestOrder(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	stop := s.work(t, "ffmpeg")
	asset, other := s.film(t), s.film(t)
	s.tell(t, asset)
	words := "Not for use after 2030"
	_, err := s.ChangeAsset(t.Context(), catalog.House(), other.ID, catalog.Change{Restrictions: &words})
	check(t, err)
	marks := []catalog.Marks{{In: "1", Out: "2"}, {In: "2", Out: "3"}}
	order, err := s.CreateOrder(t.Context(), catalog.OrderRequest{Name: "Été 2026", Items: []catalog.ClipRequest{
		{AssetID: asset.ID, Ranges: marks, Separate: true, Names: []string{"Crowd", "Crowd"}},
		{AssetID: other.ID, Ranges: marks[:1]},
		{AssetID: asset.ID, Ranges: marks[:1]},
		{AssetID: asset.ID, Ranges: []catalog.Marks{{In: "2", Out: "3"}, {In: "0.4", Out: "2"}}},
		{AssetID: other.ID},
		{AssetID: asset.ID, Format: "h264-360p"},
	}})
	check(t, err)
	order = s.awaitOrder(t, order.ID, catalog.ClipReady)
	got := s.unpack(t, order)
	joined := "A-film-part-1-10-00-02-00-10-00-02-00-2-ranges"
	part, whole := "A-film-part-1-10-00-01-00-10-00-02-00", "A-film-part-1"
	want := []string{
		"Crowd.mp4", "Crowd.mp4.report.json", "Crowd.mp4.shotlist.txt", "Crowd.en.srt",
		"Crowd-2.mp4", "Crowd-2.mp4.report.json", "Crowd-2.mp4.shotlist.txt",
		part + ".mp4", part + ".mp4.report.json", part + ".mp4.restrictions.txt", part + "-2.mp4", part + "-2.mp4.report.json", part + "-2.mp4.shotlist.txt", part + "-2.en.srt",
		joined + ".mp4", joined + ".mp4.report.json", joined + ".mp4.shotlist.txt", joined + ".en.srt",
		whole + ".mp4", whole + ".mp4.report.json", whole + ".mp4.restrictions.txt", whole + "-h264-360p.mp4", whole + "-h264-360p.mp4.report.json",
		whole + "-h264-360p.mp4.shotlist.txt", whole + "-h264-360p.en.srt",
	}
	var names []string
	for name := range got {
		names = append(names, name)
	}
	slices.Sort(names)
	slices.Sort(want)
	if !slices.Equal(names, want) || order.FileName() != "Été-2026.zip" {
		t.Errorf("%s holds %v, want %v", order.FileName(), names, want)
	}
	for name, want := range map[string]string{
		"Crowd-2.mp4.shotlist.txt":   "10:00:02:00 - 10:00:03:00 Wide of the crowd\n",
		joined + ".mp4.shotlist.txt": "10:00:02:00 - 10:00:03:00 Wide of the crowd\n10:00:03:00 - 10:00:03:15 Doors\n10:00:03:15 - 10:00:04:15 Wide of the crowd\n",
		joined + ".en.srt":           "1\n00:00:01,100 --> 00:00:01,800\nGood morning\n\n",
		"Crowd.en.srt":               "1\n00:00:00,000 --> 00:00:00,200\nGood morning\n\n",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	var report transcoder.Report
	check(t, json.Unmarshal([]byte(got["Crowd-2.mp4.report.json"]), &report))
	if report.Ranges[0].FirstFrame != 50 || report.Size != int64(len(got["Crowd-2.mp4"])) {
		t.Errorf("the report is %+v", report)
	}
	if got[part+".mp4.restrictions.txt"] != words+"\n" || int64(len(got[whole+".mp4"])) != other.Size {
		t.Errorf("restrictions are %q, the master has %d bytes", got[part+".mp4.restrictions.txt"], len(got[whole+".mp4"]))
	}
	if made := s.stored(t, order.Job.ObjectPrefix()); len(made) != 1 {
		t.Errorf("the store holds %v", made)
	}
	stop()

	// What was made is gone: shared by a new order, it is the file that is missing.
	s.breakFile(t, &order.Items[2])
	again, err := s.CreateOrder(t.Context(), catalog.OrderRequest{By: catalog.Asker{Tongue: "fr-CA"}, Items: []catalog.ClipRequest{{AssetID: asset.ID}, {AssetID: asset.ID, Ranges: marks[:1]}}})
	check(t, err)
	alone, err := s.CreateOrder(t.Context(), catalog.OrderRequest{Items: []catalog.ClipRequest{{AssetID: asset.ID, Ranges: marks[:1]}}})
	check(t, err)
	s.work(t, "ffmpeg")
	text := s.unpack(t, s.awaitOrder(t, again.ID, catalog.ClipReady))[missingName]
	if !strings.HasPrefix(text, "Ces éléments de la commande") || !strings.Contains(text, "2. A film: part 1, 10:00:01:00 – 10:00:02:00\r\n   Son fichier n'est plus") {
		t.Errorf("the ZIP says %q", text)
	}
	if failed := s.awaitOrder(t, alone.ID, catalog.ClipFailed); failed.Reason() != errNothingMade.Error() {
		t.Errorf("without any item the order says %q", failed.Reason())
	}
}
