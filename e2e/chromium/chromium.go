// Package chromium drives the real browser, Debian's Chromium without a window, for tests
// and screenshots: it opens a tab, waits for what a page says, takes pictures of it, and
// has axe-core look for barriers.
package chromium

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"subclip/process"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// poll is how often a page is asked whether something holds.
const poll = 50 * time.Millisecond

const jpegQuality = 80

// Open starts a browser with its profile in a folder and returns its tab. stop ends the
// browser, after which the folder may be removed.
func Open(ctx context.Context, profile string) (tab context.Context, stop func() error, err error) {
	program, err := process.Find("chromium", "chromium")
	if err != nil {
		return nil, nil, fmt.Errorf("find the browser: %w", err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.UserDataDir(profile),
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"), chromedp.Flag("hide-scrollbars", true))
	ctx, end := chromedp.NewExecAllocator(ctx, options...)
	tab, endTab := chromedp.NewContext(ctx)
	stop = func() error {
		err := chromedp.Cancel(tab)
		endTab()
		end()
		if err != nil {
			return fmt.Errorf("close the browser: %w", err)
		}
		return nil
	}
	if err := chromedp.Do(tab, chromedp.Navigate("about:blank")); err != nil {
		return nil, nil, fmt.Errorf("start the browser: %w", err)
	}
	return tab, stop, nil
}

// Ask has the page evaluate an expression, and waits for what it promises.
func Ask[T any](tab context.Context, expression string, values ...any) (T, error) {
	expression = fmt.Sprintf(expression, values...)
	answer, err := chromedp.Run(tab, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		return answer, fmt.Errorf("%s: %w", expression, err)
	}
	return answer, nil
}

// Await waits, no longer than patience, until an expression of the page is true. The page
// may be left for another meanwhile.
func Await(tab context.Context, patience time.Duration, expression string, values ...any) error {
	expression = fmt.Sprintf(expression, values...)
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); ; <-tick.C {
		holds, err := chromedp.Run(tab, chromedp.Evaluate[bool]("Boolean("+expression+")"))
		if err == nil && holds {
			return nil
		}
		if time.Now().After(deadline) {
			return errors.Join(fmt.Errorf("waited in vain until %s", expression), err)
		}
	}
}

// Move lets things on a page move, or asks it not to, as people do by a setting of theirs.
// Look has the page be still.
func Move(tab context.Context, moves bool) error {
	wish := "reduce"
	if moves {
		wish = "no-preference"
	}
	return emulate(tab, &emulation.MediaFeature{Name: "prefers-reduced-motion", Value: wish})
}

// Look sets how wide and high the page is, and whether it is dark. Nothing moves: a colour
// on its way to another would be neither.
func Look(tab context.Context, width, height int64, dark bool) error {
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	err := emulate(tab, &emulation.MediaFeature{Name: "prefers-color-scheme", Value: scheme}, &emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"})
	if err != nil {
		return err
	}
	if err := chromedp.Do(tab, chromedp.EmulateViewport(width, height)); err != nil {
		return fmt.Errorf("choose the size: %w", err)
	}
	return nil
}

func emulate(tab context.Context, features ...*emulation.MediaFeature) error {
	if _, err := chromedp.Call(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		return fmt.Errorf("choose how the page looks: %w", err)
	}
	return nil
}

// Capture writes a picture of the page, from top to bottom, as JPEG.
func Capture(tab context.Context, path string) error {
	picture, err := chromedp.Run(tab, chromedp.FullScreenshot(jpegQuality))
	if err != nil {
		return fmt.Errorf("take a picture of the page: %w", err)
	}
	if err := os.WriteFile(path, picture, 0o600); err != nil {
		return fmt.Errorf("keep the picture: %w", err)
	}
	return nil
}
