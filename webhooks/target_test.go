package webhooks

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"subclip/accounts"
	"subclip/catalog"
)

func wantError(t *testing.T, err error, kind catalog.Kind, field string) {
	t.Helper()
	mistake, ok := errors.AsType[*catalog.Error](err)
	if !ok || mistake.Kind != kind || mistake.Field != field || mistake.Message == "" {
		t.Errorf("the error is %v, want kind %d of field %q", err, kind, field)
	}
}

// far are the settings of a service on the internet.
func far() Config { return Config{Timeout: 10 * time.Second, Keep: time.Hour} }

func TestTargets(t *testing.T) {
	each(t, far(), func(t *testing.T, h *house) {
		ann := h.person(t, "ann", accounts.Professional)
		for _, target := range []string{
			"https://127.0.0.1/", "https://localhost/", "https://localhost.:8443/", "https://10.1.2.3/", "https://172.16.0.1/", "https://192.168.1.1/",
			"https://169.254.169.254/latest/meta-data", "https://0.0.0.0/", "https://100.64.0.1/", "https://224.0.0.1/", "https://255.255.255.255/", "https://198.18.0.1/",
			"https://[::1]/", "https://[::]/", "https://[fe80::1]/", "https://[fe80::1%25lo]/", "https://[fd00::1]/", "https://[ff02::1]/",
			"https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://2130706433/", "https://0x7f.1/",
			"http://93.184.215.14/", "https://", "https://user:word@93.184.215.14/", "https://93.184.215.14/#part", "ftp://93.184.215.14/", "file:///etc/passwd",
			"/relative", "not an address", "https://host.invalid/", "https://93.184.215.14/" + strings.Repeat("x", maxURL), "https://[", "",
		} {
			_, err := h.Create(t.Context(), ann, target, []string{"clip.ready"}, catalog.Idempotency{})
			wantError(t, err, catalog.Invalid, "url")
		}
		hook := h.hook(t, ann, "https://93.184.215.14:8443/path?query", "clip.ready")
		inside := "https://10.0.0.1/"
		_, err := h.Update(t.Context(), ann, hook.ID, Change{URL: &inside})
		wantError(t, err, catalog.Invalid, "url")
		if got, err := h.Get(t.Context(), ann, hook.ID); err != nil || got.URL != hook.URL {
			t.Errorf("the webhook is %+v, %v", got, err)
		}
	})
}

// TestNameLeadsInside registers names whose addresses are ours by the time that
// something is sent.
func TestNameLeadsInside(t *testing.T) {
	each(t, far(), func(t *testing.T, h *house) {
		r := receive(t, nil)
		careless, err := New(near(), h.db, h.catalog, h.log)
		check(t, err)
		h.run(t)
		for i, name := range []string{"localhost", "127.0.0.1", "[::ffff:127.0.0.1]"} {
			ann := h.person(t, "ann"+string(rune('a'+i)), accounts.Professional)
			hook, err := careless.Create(t.Context(), ann, strings.Replace(r.url, "127.0.0.1", name, 1), []string{"clip.ready"}, catalog.Idempotency{})
			check(t, err)
			h.ready(t, ann, i)
			if d := h.await(t, hook, troubled); d.Status != Waiting || d.Failure != private {
				t.Errorf("%s: %+v", name, d)
			}
		}
		if posts := r.all(); len(posts) != 0 {
			t.Errorf("it was sent: %s", posts[0].body)
		}
	})
}

func TestRedirect(t *testing.T) {
	each(t, near(), func(t *testing.T, h *house) {
		inside := receive(t, nil)
		r := receive(t, func(w http.ResponseWriter, req *http.Request) {
			http.Redirect(w, req, inside.url, http.StatusPermanentRedirect)
		})
		ann := h.person(t, "ann", accounts.Professional)
		hook := h.hook(t, ann, r.url, "clip.ready")
		h.run(t)
		h.ready(t, ann, 1)
		if d := h.await(t, hook, troubled); d.Status != Waiting || d.Answer != 308 || !strings.Contains(d.Failure, "redirects are not followed") {
			t.Errorf("the delivery is %+v", d)
		}
		if posts := inside.all(); len(posts) != 0 {
			t.Errorf("it was followed: %s", posts[0].body)
		}
	})
}

func TestRegistering(t *testing.T) {
	each(t, near(), func(t *testing.T, h *house) {
		ann, bob := h.person(t, "ann", accounts.Professional), h.person(t, "bob", accounts.Professional)
		const target = "https://example.com/"
		for _, events := range [][]string{nil, {"clip.ready", "clip.eaten"}, {"asset.ready"}} {
			_, err := h.Create(t.Context(), ann, target, events, catalog.Idempotency{})
			if mistake, ok := errors.AsType[*catalog.Error](err); !ok || mistake.Kind != catalog.Invalid || !strings.HasPrefix(mistake.Field, "events") {
				t.Errorf("%v gives %v", events, err)
			}
		}
		key := catalog.Idempotency{IdempotencyKey: "key", IdempotencyHash: "1"}
		hook, err := h.Create(t.Context(), ann, target, []string{"clip.ready"}, key)
		check(t, err)
		if again, err := h.Create(t.Context(), ann, target, []string{"clip.ready"}, key); err != nil || again.ID != hook.ID || again.Secret != hook.Secret {
			t.Errorf("asked again: %+v, %v", again, err)
		}
		key.IdempotencyHash = "2"
		_, err = h.Create(t.Context(), ann, target, []string{"clip.failed"}, key)
		wantError(t, err, catalog.Invalid, "")
		if his, err := h.Create(t.Context(), bob, target, []string{"clip.failed"}, key); err != nil || his.ID == hook.ID {
			t.Errorf("bob's is %+v, %v", his, err)
		}
		_, err = h.Get(t.Context(), bob, hook.ID)
		wantError(t, err, catalog.NotFound, "")
		_, err = h.Update(t.Context(), bob, hook.ID, Change{Events: []string{"clip.failed"}})
		wantError(t, err, catalog.NotFound, "")
		_, err = h.Deliveries(t.Context(), bob, hook.ID, "", 10)
		wantError(t, err, catalog.NotFound, "")
		wantError(t, h.Delete(t.Context(), bob, hook.ID), catalog.NotFound, "")
		for range MaxHooks - 1 {
			h.hook(t, ann, target, "clip.ready")
		}
		_, err = h.Create(t.Context(), ann, target, []string{"clip.ready"}, catalog.Idempotency{})
		wantError(t, err, catalog.Conflict, "")
		check(t, h.Delete(t.Context(), ann, hook.ID))
		if all, err := h.List(t.Context(), ann); err != nil || len(all) != MaxHooks-1 {
			t.Errorf("%d are left: %v", len(all), err)
		}
	})
}

func TestValidate(t *testing.T) {
	for want, cfg := range map[string]Config{
		"SUBCLIP_WEBHOOK_TIMEOUT": {Timeout: time.Second - 1, Keep: time.Hour},
		"SUBCLIP_WEBHOOK_KEEP":    {Timeout: time.Second, Keep: time.Hour - 1},
	} {
		if _, err := New(cfg, nil, nil, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v gives %v", cfg, err)
		}
	}
}
