package feeds

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"subclip/catalog"
	"subclip/database"
	"subclip/database/databasetest"
	"subclip/queue"
	"subclip/storage"
	"subclip/timecode"
	"subclip/transcoder"

	"github.com/gin-gonic/gin"
	"github.com/mmcdole/gofeed"
	"golang.org/x/text/language"
)

// site is the feeds of a catalogue of the test's own.
type site struct {
	*catalog.Catalog
	db     *database.DB
	engine *gin.Engine
}

func start(t *testing.T) *site {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	var redis queue.Config
	server, err := queue.StartServer(filepath.Join(t.TempDir(), "redis"), &redis)
	check(t, err)
	q, err := queue.New(redis, log)
	check(t, err)
	db, err := database.Open(databasetest.New(t, "sqlite"), catalog.Migrations())
	check(t, err)
	check(t, db.Migrate(t.Context()))
	c, err := catalog.New(catalog.Config{KeepClips: time.Hour, KeepUploads: time.Hour, StaleAfter: 20 * time.Second}, db, q, log)
	check(t, err)
	t.Cleanup(func() {
		for _, err := range []error{db.Close(), q.Close(), server.Stop()} {
			if err != nil {
				t.Error(err)
			}
		}
	})
	// Signing asks the store for nothing.
	store, err := storage.New(t.Context(), storage.Config{
		Endpoint: "https://media.example.com", Bucket: "b", Region: "us-east-1", PathStyle: true, AccessKeyID: "a", SecretAccessKey: "s", URLExpiry: time.Hour,
	})
	check(t, err)
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	link := func(path string, _ url.Values) string { return "https://press.example.com" + path }
	Mount(engine, Parts{Catalog: c, Store: store, SiteName: "Press & Co", Link: link, Log: log})
	return &site{c, db, engine}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// asset publishes an asset; it is ready, or still being processed.
func (s *site) asset(t *testing.T, title string, ready bool) catalog.Asset {
	t.Helper()
	about := catalog.Metadata{Title: title, Description: "Shows <it> & \x01 more", Language: "fr", Filename: "film.mp4"}
	upload, _, err := s.NewUpload(t.Context(), "editor", about, 40<<20, catalog.Idempotency{})
	check(t, err)
	upload.StoreID = upload.ID
	upload, err = s.StoreUpload(t.Context(), upload)
	check(t, err)
	asset, err := s.CompleteUpload(t.Context(), "editor", upload.ID)
	check(t, err)
	if ready {
		s.finish(t, asset.ID)
	}
	return asset
}

func (s *site) finish(t *testing.T, assetID string) {
	t.Helper()
	var jobID string
	check(t, s.db.NewSelect().Table("jobs").Column("id").Where("asset_id = ?", assetID).Scan(t.Context(), &jobID))
	job, claimed, err := s.Claim(t.Context(), jobID, 1, "worker")
	check(t, err)
	if !claimed {
		t.Fatal("the ingest does not wait")
	}
	base, err := timecode.NewBase(timecode.Rate{Num: 25, Den: 1}, "10:00:00:00")
	check(t, err)
	check(t, s.FinishStep(t.Context(), &job, catalog.Made{
		Source: &transcoder.Source{Timecode: base, Frames: 2250, Duration: 90}, ProxyKey: "made/proxy.mp4", PosterKey: "made/poster.jpg",
	}))
}

func (s *site) get(t *testing.T, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	s.engine.ServeHTTP(answer, request)
	return answer
}

func paths() map[string]string { return map[string]string{"atom": AtomPath, "rss": RSSPath} }

func TestFeedsListWhatIsPublic(t *testing.T) {
	s := start(t)
	older := s.asset(t, "Older", true)
	s.asset(t, "Secret: not ready", false)
	newer := s.asset(t, "Newer <b>&amp;</b>\x02", true)
	for kind, path := range paths() {
		answer := s.get(t, path)
		if want := "application/" + kind + "+xml; charset=utf-8"; answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != want {
			t.Fatalf("%s: %d %v", kind, answer.Code, answer.Header())
		}
		if strings.Contains(answer.Body.String(), "Secret") {
			t.Errorf("%s tells of an asset that nobody may see", kind)
		}
		feed, err := gofeed.NewParser().ParseString(answer.Body.String())
		if err != nil {
			t.Fatalf("%s: %v\n%s", kind, err, answer.Body)
		}
		if feed.FeedType != kind || feed.Title != "Press & Co" || feed.Link != "https://press.example.com/" || feed.FeedLink != "https://press.example.com"+path || feed.UpdatedParsed == nil {
			t.Errorf("%s: %+v", kind, feed)
		}
		if len(feed.Items) != 2 {
			t.Fatalf("%s has %d items, want 2", kind, len(feed.Items))
		}
		for i, want := range []catalog.Asset{newer, older} {
			item := feed.Items[i]
			title := strings.ReplaceAll(want.Title, "\x02", "\uFFFD")
			if item.Title != title || item.Link != "https://press.example.com/assets/"+want.ID || !strings.HasPrefix(item.Description, "Shows <it> &") {
				t.Errorf("%s: %+v", kind, item)
			}
			if item.PublishedParsed == nil || !item.PublishedParsed.Equal(want.CreatedAt.Truncate(time.Second)) {
				t.Errorf("%s: published %v, want %s", kind, item.PublishedParsed, want.CreatedAt)
			}
			if hyphens := strings.ReplaceAll(item.GUID, "-", ""); hyphens != "urn:uuid:"+want.ID {
				t.Errorf("%s: the item is called %s", kind, item.GUID)
			}
		}
	}
}

// TestPublishedLater follows an asset that was kept back, until it is the newest.
func TestPublishedLater(t *testing.T) {
	s := start(t)
	kept, other := s.asset(t, "Kept back", true), s.asset(t, "Other", true)
	set := func(until time.Time) catalog.Asset {
		t.Helper()
		a, err := s.ChangeAsset(t.Context(), catalog.House(), kept.ID, catalog.Change{EmbargoUntil: &until})
		check(t, err)
		return a
	}
	set(catalog.Unending())
	// Feeds have whole seconds: it was stored long before.
	_, err := s.db.NewUpdate().Table("assets").Set("created_at = ?", kept.CreatedAt.Add(-time.Hour)).Where("id = ?", kept.ID).Exec(t.Context())
	check(t, err)
	out := set(time.Time{})
	for kind, path := range paths() {
		feed, err := gofeed.NewParser().ParseString(s.get(t, path).Body.String())
		check(t, err)
		if len(feed.Items) != 2 || feed.Items[0].Title != "Kept back" || feed.Items[1].Title != "Other" {
			t.Fatalf("%s: %+v", kind, feed.Items)
		}
		if at := feed.Items[0].PublishedParsed; at == nil || !at.Equal(out.ReleasedAt.Truncate(time.Second)) || at.Before(other.CreatedAt.Truncate(time.Second)) {
			t.Errorf("%s: published %v, want %s", kind, at, out.ReleasedAt)
		}
	}
	title, later := "Renamed", out.ReleasedAt.Add(time.Hour)
	_, err = s.ChangeAsset(t.Context(), catalog.House(), other.ID, catalog.Change{Title: &title})
	check(t, err)
	_, err = s.db.NewUpdate().Table("assets").Set("changed_at = ?", later).Where("id = ?", other.ID).Exec(t.Context())
	check(t, err)
	feed, err := gofeed.NewParser().ParseString(s.get(t, AtomPath).Body.String())
	check(t, err)
	if item := feed.Items[1]; !item.UpdatedParsed.Equal(later.Truncate(time.Second)) || !feed.UpdatedParsed.Equal(*item.UpdatedParsed) || item.PublishedParsed.Equal(*item.UpdatedParsed) {
		t.Errorf("changed, it is %+v in %s", item, feed.Updated)
	}
}

func TestMediaRSS(t *testing.T) {
	s := start(t)
	asset := s.asset(t, "Film", true)
	feed, err := gofeed.NewParser().ParseString(s.get(t, RSSPath).Body.String())
	check(t, err)
	media := feed.Items[0].Extensions["media"]["content"]
	if len(media) != 1 {
		t.Fatalf("%+v", feed.Items[0].Extensions)
	}
	base := "https://press.example.com/feeds/assets/" + asset.ID
	for name, want := range map[string]string{"url": base + "/proxy", "type": "video/mp4", "medium": "video", "duration": "90", "lang": "fr"} {
		if got := media[0].Attrs[name]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if thumbnail := media[0].Children["thumbnail"]; len(thumbnail) != 1 || thumbnail[0].Attrs["url"] != base+"/poster" {
		t.Errorf("%+v", media[0].Children)
	}
	if title := media[0].Children["title"]; len(title) != 1 || title[0].Value != "Film" {
		t.Errorf("%+v", media[0].Children)
	}
}

// What a feed's readers have kept leads to the store while the asset may be seen.
func TestMediaLinks(t *testing.T) {
	s := start(t)
	asset, hidden := s.asset(t, "Film", true), s.asset(t, "Secret", false)
	for file, key := range map[string]string{"proxy": "made/proxy.mp4", "poster": "made/poster.jpg"} {
		answer := s.get(t, "/feeds/assets/"+asset.ID+"/"+file)
		if to := answer.Header().Get("Location"); answer.Code != http.StatusFound || !strings.HasPrefix(to, "https://media.example.com/b/"+key+"?") || !strings.Contains(to, "X-Amz-Signature=") {
			t.Errorf("%s: %d %s", file, answer.Code, to)
		}
		for _, id := range []string{hidden.ID, "nothing"} {
			if answer := s.get(t, "/feeds/assets/"+id+"/"+file); answer.Code != http.StatusNotFound {
				t.Errorf("%s of %s: %d", file, id, answer.Code)
			}
		}
	}
}

func TestConditionalRequests(t *testing.T) {
	s := start(t)
	late := s.asset(t, "Ready late", false)
	s.asset(t, "Film", true)
	for kind, path := range paths() {
		first := s.get(t, path)
		tag, modified := first.Header().Get("ETag"), first.Header().Get("Last-Modified")
		if tag == "" || modified == "" {
			t.Fatalf("%s: %v", kind, first.Header())
		}
		for _, condition := range [][]string{{"If-None-Match", tag}, {"If-Modified-Since", modified}} {
			if answer := s.get(t, path, condition...); answer.Code != http.StatusNotModified || answer.Body.Len() != 0 {
				t.Errorf("%s %s: %d", kind, condition, answer.Code)
			}
		}
		if answer := s.get(t, path, "If-None-Match", `"another"`); answer.Code != http.StatusOK {
			t.Errorf("%s: %d", kind, answer.Code)
		}
	}
	// An asset that is not the newest changes the feed as well.
	former := s.get(t, AtomPath).Header()
	before := former.Get("ETag")
	s.finish(t, late.ID)
	if answer := s.get(t, AtomPath, "If-None-Match", before); answer.Code != http.StatusOK || answer.Header().Get("ETag") == before {
		t.Errorf("%d %s", answer.Code, answer.Header().Get("ETag"))
	}
	if answer := s.get(t, AtomPath, "If-Modified-Since", former.Get("Last-Modified")); answer.Code != http.StatusOK {
		t.Errorf("%d", answer.Code)
	}
}

func TestEmptyFeeds(t *testing.T) {
	s := start(t)
	for kind, path := range paths() {
		feed, err := gofeed.NewParser().ParseString(s.get(t, path).Body.String())
		if err != nil || len(feed.Items) != 0 || feed.UpdatedParsed == nil {
			t.Errorf("%s: %v %+v", kind, err, feed)
		}
	}
}

func TestFeedsAreBounded(t *testing.T) {
	s := start(t)
	for i := range entries + 3 {
		s.asset(t, fmt.Sprintf("Film %d", i), true)
	}
	for kind, path := range paths() {
		feed, err := gofeed.NewParser().ParseString(s.get(t, path).Body.String())
		if err != nil || len(feed.Items) != entries || feed.Items[0].Title != fmt.Sprintf("Film %d", entries+2) {
			t.Errorf("%s: %v, %d items", kind, err, len(feed.Items))
		}
	}
}

// The languages of entries are tags that readers understand.
func TestLanguages(t *testing.T) {
	s := start(t)
	s.asset(t, "Film", true)
	_, rest, _ := strings.Cut(s.get(t, AtomPath).Body.String(), `xml:lang="`)
	tag, _, _ := strings.Cut(rest, `"`)
	if parsed, err := language.Parse(tag); err != nil || parsed != language.French {
		t.Errorf("%q: %v", tag, err)
	}
}
