// Command screenshots takes a picture of each page of the portal, for the documentation:
//
//	go run ./scripts/screenshots -url http://127.0.0.1:8080 -account data/account.txt -out docs/screens
//
// The service has to run, with an account that may see everything in the file (its e-mail
// on the first line, its password on the second).
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"subclip/e2e/chromium"

	"github.com/chromedp/chromedp"
)

// patience bounds a hang.
const patience = time.Minute

func main() {
	url := flag.String("url", "http://127.0.0.1:8080", "where the service is")
	account := flag.String("account", "data/account.txt", "file with the account to sign in with")
	out := flag.String("out", "docs/screens", "folder for the pictures")
	only := flag.String("only", "", "take only the pictures whose name begins so")
	flag.Parse()
	if err := run(context.Background(), *url, *account, *out, *only); err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

// shot is a picture to take. Paths may name the newest asset as ASSET and
// the newest story as STORY.
type shot struct {
	name, path    string
	width, height int64
	dark, signed  bool
	until         string // what the page must say is true before it is taken
}

func shots() []shot {
	const whole, phone = 1440, 390
	return []shot{
		{name: "home", path: "/", width: whole, height: 900},
		{name: "home-phone", path: "/", width: phone, height: 800},
		{name: "home-dark", path: "/?lang=fr", width: whole, height: 900, dark: true},
		{name: "home-wide", path: "/?lang=en", width: 3840, height: 2160},
		{name: "results", path: "/?q=timetable", width: whole, height: 900},
		{name: "results-phone", path: "/?q=timetable&from=2026-01-01", width: phone, height: 800},
		{name: "results-none", path: "/?q=nosuchword&topic=politics", width: whole, height: 700},
		{name: "stories", path: "/stories", width: whole, height: 900},
		{name: "story", path: "/stories/STORY", width: whole, height: 900},
		{name: "story-dark", path: "/stories/STORY?lang=fr", width: whole, height: 900, dark: true},
		{name: "story-phone", path: "/stories/STORY?lang=en", width: phone, height: 800},
		{name: "asset", path: "/assets/ASSET?in=10:00:30:00&out=10:00:42:12", width: whole, height: 1000, signed: true, until: "subclip.player.video.readyState >= 3 && !subclip.player.video.seeking"},
		{name: "asset-dark", path: "/assets/ASSET?in=10:00:30:00&out=10:00:42:12&lang=fr", width: whole, height: 1000, dark: true, signed: true, until: "subclip.player.video.readyState >= 3 && !subclip.player.video.seeking"},
		{name: "asset-phone", path: "/assets/ASSET?in=10:00:30:00&out=10:00:42:12&lang=en", width: phone, height: 800, until: "subclip.player.video.readyState >= 3 && !subclip.player.video.seeking"},
		{name: "downloads", path: "/downloads", width: whole, height: 900, signed: true},
		{name: "missing", path: "/nowhere", width: whole, height: 700},
	}
}

func run(ctx context.Context, url, account, out, only string) (err error) {
	if err := os.MkdirAll(out, 0o750); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	profile, err := os.MkdirTemp("", "subclip-screenshots-")
	if err != nil {
		return fmt.Errorf("make a folder for the browser: %w", err)
	}
	defer func() { _ = os.RemoveAll(profile) }()
	tab, stop, err := chromium.Open(ctx, profile)
	if err != nil {
		return err
	}
	defer func() { _ = stop() }()
	if err := chromedp.Do(tab, chromedp.Navigate(url)); err != nil {
		return fmt.Errorf("open %s: %w", url, err)
	}
	newest, err := findNewest(tab)
	if err != nil {
		return err
	}
	for _, signed := range []bool{false, true} {
		if signed {
			if err := signIn(tab, account); err != nil {
				return err
			}
		}
		for _, s := range shots() {
			if s.signed != signed || !strings.HasPrefix(s.name, only) {
				continue
			}
			s.path = newest.Replace(s.path)
			if err := take(tab, url, filepath.Join(out, s.name+".png"), s); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			fmt.Println(s.name)
		}
	}
	return nil
}

// findNewest asks the service what stands for the names in paths.
func findNewest(tab context.Context) (*strings.Replacer, error) {
	asset, err := chromium.Ask[string](tab, `fetch("/v1/assets?limit=1").then((r) => r.json()).then((a) => a.assets[0]?.id ?? "")`)
	if err != nil {
		return nil, err
	}
	story, err := chromium.Ask[string](tab, `fetch("/v1/stories?limit=1").then((r) => r.json()).then((a) => a.stories[0]?.slug ?? "")`)
	return strings.NewReplacer("ASSET", asset, "STORY", story), err
}

func signIn(tab context.Context, account string) error {
	text, err := os.ReadFile(account)
	if err != nil {
		return fmt.Errorf("read the account: %w", err)
	}
	lines := strings.Fields(string(text))
	if len(lines) != 2 {
		return fmt.Errorf("%s does not have an e-mail and a password on two lines", account)
	}
	status, err := chromium.Ask[int](tab, `fetch("/v1/sessions", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({email: %q, password: %q})}).then((r) => r.status)`, lines[0], lines[1])
	if err == nil && status != 201 {
		err = fmt.Errorf("signing in answers %d", status)
	}
	return err
}

func take(tab context.Context, url, path string, s shot) error {
	if err := chromium.Look(tab, s.width, s.height, s.dark); err != nil {
		return err
	}
	if err := chromedp.Do(tab, chromedp.Navigate(url+s.path)); err != nil {
		return fmt.Errorf("open the page: %w", err)
	}
	wanted := "document.readyState === 'complete' && document.fonts.status === 'loaded'"
	if s.until != "" {
		wanted += " && " + s.until
	}
	if err := chromium.Await(tab, patience, "%s", wanted); err != nil {
		return err
	}
	// What is further down is loaded only when it is seen.
	_, err := chromium.Ask[int](tab, `Promise.all([...document.images].map((i) => { i.loading = "eager"; return i.decode().catch(() => 0); })).then((all) => all.length)`)
	if err != nil {
		return err
	}
	// Pictures of the storyboard come last; nothing tells when all are drawn.
	if err := chromedp.Do(tab, chromedp.Sleep(500*time.Millisecond)); err != nil {
		return fmt.Errorf("wait: %w", err)
	}
	return chromium.Capture(tab, path)
}
