package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// TestWebhooks is told of a clip by a service that is killed before it can note that
// it has told: the next start tells it again, under the same id.
func TestWebhooks(t *testing.T) {
	t.Setenv("SUBCLIP_WEBHOOK_ALLOW_PRIVATE", "true")
	t.Setenv("SUBCLIP_WEBHOOK_TIMEOUT", "1s")
	dir := t.TempDir()
	s, p := startUp(t, dir, "--no-sample")

	var mu sync.Mutex
	var ids, bodies []string
	var checker *standardwebhooks.Webhook
	told := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(ids)
	}
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		if err != nil || checker.Verify(body, r.Header) != nil {
			t.Errorf("%v, and the signature: %v", err, checker.Verify(body, r.Header))
		}
		if ids = append(ids, r.Header.Get("Webhook-Id")); len(ids) == 1 {
			_ = p.cmd.Process.Kill()
		}
		bodies = append(bodies, string(body))
		w.WriteHeader(http.StatusNoContent)
	}))
	defer receiver.Close()

	hook := s.ask(http.MethodPost, "/v1/webhooks", map[string]any{"url": receiver.URL, "events": []string{"clip.ready"}}).must(t, http.StatusCreated)
	var err error
	if checker, err = standardwebhooks.NewWebhook(hook.text("secret")); err != nil {
		t.Fatal(err)
	}
	asset := s.ingest(tools.short, "Film")
	clip := s.ask(http.MethodPost, "/v1/clips", clipBody(asset, nil, "1.0", "2.0")).must(t, http.StatusAccepted)
	<-p.done
	again, _ := startUp(t, dir, "--no-sample")
	eventually(t, "it is told again", func() bool { return told() == 2 })
	if ids[0] != ids[1] || bodies[0] != bodies[1] || !strings.Contains(bodies[0], clip.text("id")) {
		t.Errorf("it is told %q as %q", bodies, ids)
	}
	path := "/v1/webhooks/" + hook.text("id") + "/deliveries"
	eventually(t, "it is noted", func() bool {
		return strings.Contains(again.ask(http.MethodGet, path, nil).must(t, http.StatusOK).raw, `"status":"delivered"`)
	})
	again.ask(http.MethodPost, path+"/"+ids[0]+"/redeliver", nil).must(t, http.StatusAccepted)
	eventually(t, "it is told when asked for", func() bool { return told() == 3 })
}
