package webhooks

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"subclip/accounts"
	"subclip/catalog"
	"subclip/database"
	"subclip/database/databasetest"
	"subclip/queue"
	"subclip/queue/queuetest"
	"subclip/timecode"
	"subclip/transcoder"
)

func TestMain(m *testing.M) {
	queuetest.Main(func() (int, error) { return databasetest.Run(m.Run) })
}

// house is webhooks on a database of the test's own, with people and an asset.
type house struct {
	*Webhooks
	accounts *accounts.Accounts
	asset    catalog.Asset
}

// near are settings under which receivers of the tests, on this machine, are reached.
func near() Config { return Config{AllowPrivate: true, Timeout: 30 * time.Second, Keep: time.Hour} }

func each(t *testing.T, cfg Config, test func(t *testing.T, h *house)) {
	t.Helper()
	t.Parallel()
	for _, kind := range databasetest.Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			test(t, open(t, kind, cfg))
		})
	}
}

func open(t *testing.T, kind string, cfg Config) *house {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	db, err := database.Open(databasetest.New(t, kind), catalog.Migrations(), accounts.Migrations(), Migrations())
	check(t, err)
	check(t, db.Migrate(t.Context()))
	q, err := queue.New(queue.Config{URL: queuetest.URL()}, log)
	check(t, err)
	c, err := catalog.New(catalog.Config{KeepClips: time.Hour, KeepUploads: time.Hour, StaleAfter: time.Minute}, db, q, log)
	check(t, err)
	people, err := accounts.New(accounts.Config{
		SessionLife: time.Hour, KeepRecord: time.Hour, HashMemory: 8, HashPasses: 1,
		SignInsPerAccount: 1, SignInsPerAddress: 1, CodesPerAddress: 1, RegistrationsPerAddress: 1,
	}, db, nil, nil, log)
	check(t, err)
	w, err := New(cfg, db, c, log)
	check(t, err)
	t.Cleanup(func() {
		check(t, db.Close())
		check(t, q.Close())
	})
	h := &house{w, people, catalog.Asset{}}
	h.asset = h.publish(t)
	check(t, h.fanOut(t.Context())) // nobody hears of it yet
	return h
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// person makes somebody who may register webhooks.
func (h *house) person(t *testing.T, name string, role accounts.Role) Owner {
	t.Helper()
	person, err := h.accounts.Add(t.Context(), name+"@example.com", "Correct-Horse-7-Battery", role, accounts.Profile{Name: "Zoë Müller"})
	check(t, err)
	return Owner{PersonID: person.ID, Publishes: role.AtLeast(accounts.Editor)}
}

// publish makes an asset of five minutes that can be cut.
func (h *house) publish(t *testing.T) catalog.Asset {
	t.Helper()
	upload, _, err := h.catalog.NewUpload(t.Context(), "editor", catalog.Metadata{Title: "Film", Filename: "film.mp4"}, 1000, catalog.Idempotency{})
	check(t, err)
	upload.StoreID = "store"
	_, err = h.catalog.StoreUpload(t.Context(), upload)
	check(t, err)
	asset, err := h.catalog.CompleteUpload(t.Context(), "editor", upload.ID)
	check(t, err)
	base, err := timecode.NewBase(timecode.Rate{Num: 25, Den: 1}, "10:00:00:00")
	check(t, err)
	var jobID string
	check(t, h.db.NewSelect().Table("jobs").Column("id").Where("asset_id = ?", asset.ID).Scan(t.Context(), &jobID))
	job := h.claim(t, jobID)
	check(t, h.catalog.FinishStep(t.Context(), &job, catalog.Made{
		Source: &transcoder.Source{Container: "mp4", Timecode: base, Frames: 7500, Duration: 300}, ProxyKey: "proxy", PosterKey: "poster",
	}))
	return asset
}

func (h *house) claim(t *testing.T, jobID string) catalog.Job {
	t.Helper()
	job, claimed, err := h.catalog.Claim(t.Context(), jobID, 1, "worker")
	if err != nil || !claimed {
		t.Fatalf("job %s was not claimed: %v", jobID, err)
	}
	return job
}

// clip asks for a clip whose mark in is at a second.
func (h *house) clip(t *testing.T, owner Owner, second int) *catalog.Clip {
	t.Helper()
	clip, err := h.catalog.CreateClip(t.Context(), catalog.ClipRequest{
		By: catalog.Asker{ID: owner.PersonID}, AssetID: h.asset.ID,
		Ranges: []catalog.Marks{{In: fmt.Sprintf("10:00:%02d:00", second), Out: "10:01:00:00"}},
	})
	check(t, err)
	return clip
}

// ready makes a clip of somebody's.
func (h *house) ready(t *testing.T, owner Owner, second int) *catalog.Clip {
	t.Helper()
	clip := h.clip(t, owner, second)
	job := h.claim(t, clip.JobID)
	check(t, h.catalog.Finish(t.Context(), &job, catalog.JobResult{Files: []catalog.JobFile{{Key: "k", Report: transcoder.Report{Size: 77}}}}))
	return clip
}

func (h *house) hook(t *testing.T, owner Owner, url string, events ...string) *Hook {
	t.Helper()
	hook, err := h.Create(t.Context(), owner, url, events, catalog.Idempotency{})
	check(t, err)
	return hook
}

// run sends until the test ends.
func (h *house) run(t *testing.T) {
	t.Helper()
	done := make(chan error)
	go func() { done <- h.Run(t.Context()) }()
	t.Cleanup(func() { check(t, <-done) })
}

// now makes all deliveries due that wait, as time would.
func (h *house) now(t *testing.T) {
	t.Helper()
	_, err := h.db.NewUpdate().Model((*Delivery)(nil)).Set("next_at = ?", database.Now().Add(-time.Second)).Where("status = ?", Waiting).Exec(t.Context())
	check(t, err)
}

// await waits until the only delivery of a webhook is as it should be.
func (h *house) await(t *testing.T, hook *Hook, is func(Delivery) bool) Delivery {
	t.Helper()
	deadline, tick := time.After(2*time.Minute), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	for {
		all, err := h.Deliveries(t.Context(), Owner{PersonID: hook.PersonID, Publishes: true}, hook.ID, "", 10)
		check(t, err)
		if len(all) == 1 && is(all[0]) {
			return all[0]
		}
		select {
		case <-deadline:
			t.Fatalf("the deliveries are %+v", all)
		case <-tick.C:
		}
	}
}

// post is a request that a receiver had.
type post struct {
	header http.Header
	body   []byte
}

// receiver takes POSTs on this machine.
type receiver struct {
	url    string
	mu     sync.Mutex
	posts  []post
	answer http.HandlerFunc // after the request is kept; nil answers 204
}

func receive(t *testing.T, answer http.HandlerFunc) *receiver {
	t.Helper()
	r := &receiver{answer: answer}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil || req.Method != http.MethodPost {
			t.Errorf("%s: %v", req.Method, err)
		}
		r.mu.Lock()
		r.posts = append(r.posts, post{req.Header, body})
		r.mu.Unlock()
		if r.answer == nil {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		r.answer(w, req)
	}))
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

func (r *receiver) all() []post {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]post{}, r.posts...)
}

// answers gives one status after the other, the last for ever.
func answers(statuses ...int) http.HandlerFunc {
	var mu sync.Mutex
	return func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		w.WriteHeader(statuses[0])
		if len(statuses) > 1 {
			statuses = statuses[1:]
		}
	}
}
