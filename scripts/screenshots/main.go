// Command screenshots takes a picture of each page of the portal, for the documentation:
//
//	go run ./scripts/screenshots [-out docs/screens] [-only NAME]
//
// It starts bin/subclip in a folder of its own, publishes the videos and stories of
// demo.json on it and opens the pages in Chromium. shots.go lists the pictures.
package main

import (
	"context"
	"errors"
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
	out := flag.String("out", "docs/screens", "folder for the pictures")
	only := flag.String("only", "", "take only the pictures whose name begins so")
	flag.Parse()
	if err := run(context.Background(), *out, *only); err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out, only string) (err error) {
	if err := os.MkdirAll(out, 0o750); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	s, err := startSite(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	if err := s.fill(ctx); err != nil {
		return err
	}
	tab, stop, err := chromium.Open(ctx, filepath.Join(s.dir, "browser"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(stop(), err) }()
	return takeAll(tab, s, out, only)
}

// takeAll takes the pictures that strangers see, and then the others.
func takeAll(tab context.Context, s *site, out, only string) error {
	if err := chromedp.Do(tab, chromedp.Navigate(s.url)); err != nil {
		return fmt.Errorf("open %s: %w", s.url, err)
	}
	names, err := s.names(tab)
	if err != nil {
		return err
	}
	for _, signed := range []bool{false, true} {
		if signed {
			if err := signIn(tab, s); err != nil {
				return err
			}
		}
		for _, shot := range shots() {
			if shot.signed != signed || !strings.HasPrefix(shot.name, only) {
				continue
			}
			shot.path, shot.then = names.Replace(shot.path), names.Replace(shot.then)
			if err := take(tab, s.url, filepath.Join(out, shot.name+".jpg"), shot); err != nil {
				return fmt.Errorf("%s: %w", shot.name, err)
			}
			fmt.Println(shot.name)
		}
	}
	return nil
}

// names puts what there is for the names in paths.
func (s *site) names(ctx context.Context) (*strings.Replacer, error) {
	var assets struct{ Assets []struct{ ID string } }
	var stories struct{ Stories []struct{ Slug string } }
	var people struct{ People []struct{ ID string } }
	err := errors.Join(
		s.read(ctx, "/v1/assets?limit=1", &assets), s.read(ctx, "/v1/stories?limit=1", &stories), s.read(ctx, "/v1/people", &people),
	)
	if err != nil || len(assets.Assets) == 0 || len(stories.Stories) == 0 || len(people.People) == 0 {
		return nil, errors.Join(errors.New("the site is empty"), err)
	}
	return strings.NewReplacer("ASSET", assets.Assets[0].ID, "STORY", stories.Stories[0].Slug, "PERSON", people.People[0].ID, "LETTER", s.letter, "PASSWORD", s.password), nil
}

func signIn(tab context.Context, s *site) error {
	status, err := chromium.Ask[int](tab, `fetch("/v1/sessions", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({email: %q, password: %q})}).then((r) => r.status)`, s.email, s.password)
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
	const loaded = "document.readyState === 'complete' && document.fonts.status === 'loaded'"
	if s.then != "" {
		if err := chromium.Await(tab, patience, loaded); err != nil {
			return err
		}
		if _, err := chromium.Ask[int](tab, "%s; 0", s.then); err != nil {
			return err
		}
	}
	wanted := loaded
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
