// Package webdriver drives Debian's Firefox and WebKitGTK without a screen, for tests, by the
// commands of W3C WebDriver: WebKit takes them over HTTP, Firefox over its own wire, Marionette,
// which needs no other program. e2e/chromium, which can do more, drives Chromium.
package webdriver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"time"
)

// poll is how often a page is asked whether something holds.
const poll = 50 * time.Millisecond

// elementKey names an element's id, as the standard has it.
const elementKey = "element-6066-11e4-a52e-4f735466cecf"

// Browser is a browser with one window. Its methods are for one goroutine.
type Browser struct {
	// send gives the browser a command, whose name is that of the standard without spaces.
	send func(command string, parameters any) (json.RawMessage, error)
	// complaints reads what pages have complained of; nil where that cannot be.
	complaints func() ([]string, error)
	end        []func() error
}

// Close ends the browser; its folder may be removed then.
func (b *Browser) Close() error {
	var first error
	for i := len(b.end) - 1; i >= 0; i-- {
		if err := b.end[i](); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// Complaints returns errors in scripts, and what a Content-Security-Policy has refused, as far
// as the browser tells: driven, WebKit does not.
func (b *Browser) Complaints() ([]string, error) {
	if b.complaints == nil {
		return nil, nil
	}
	return b.complaints()
}

// Open opens a page and waits until it is loaded.
func (b *Browser) Open(address string) error {
	if _, err := b.send("Navigate", map[string]any{"url": address}); err != nil {
		return fmt.Errorf("open %s: %w", address, err)
	}
	return nil
}

// Ask has the page evaluate an expression, and waits for what it promises.
func Ask[T any](b *Browser, expression string, values ...any) (T, error) {
	var answer struct {
		Value T
		Error string
	}
	expression = fmt.Sprintf(expression, values...)
	script := "const done = arguments[0]; (async () => (" + expression + "))().then((Value) => done({Value}), (error) => done({Error: String(error)}))"
	raw, err := b.send("ExecuteAsyncScript", map[string]any{"script": script, "args": []any{}})
	if err == nil {
		err = json.Unmarshal(raw, &answer)
	}
	if err == nil && answer.Error != "" {
		err = fmt.Errorf("the page answers: %s", answer.Error)
	}
	if err != nil {
		return answer.Value, fmt.Errorf("%s: %w", expression, err)
	}
	return answer.Value, nil
}

// Await waits, no longer than patience, until an expression of the page is true. The page
// may be left for another meanwhile.
func (b *Browser) Await(patience time.Duration, expression string, values ...any) error {
	expression = fmt.Sprintf(expression, values...)
	holds := func() error {
		holds, err := Ask[bool](b, "Boolean(%s)", expression)
		if err == nil && !holds {
			err = errors.New("it is not so")
		}
		return err
	}
	if err := try(patience, holds); err != nil {
		return fmt.Errorf("waited in vain until %s: %w", expression, err)
	}
	return nil
}

// try does something until it succeeds, no longer than patience, and returns its last error.
func try(patience time.Duration, do func() error) error {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); ; <-tick.C {
		if err := do(); err == nil || time.Now().After(deadline) {
			return err
		}
	}
}

// Press presses keys one after another, by the code points that the standard gives to those
// without a character; a Shift is held for the key behind it.
func (b *Browser) Press(keys string) error {
	var steps []map[string]any
	step := func(kind string, key rune) {
		steps = append(steps, map[string]any{"type": kind, "value": string(key)})
	}
	shifted := false
	for _, key := range keys {
		step("keyDown", key)
		if key == Shift {
			shifted = true
			continue
		}
		step("keyUp", key)
		if shifted {
			step("keyUp", Shift)
			shifted = false
		}
	}
	_, err := b.send("PerformActions", map[string]any{"actions": []any{map[string]any{"type": "key", "id": "keyboard", "actions": steps}}})
	if err != nil {
		return fmt.Errorf("press %q: %w", keys, err)
	}
	return nil
}

// Keys of [Browser.Press] without a character.
const (
	Enter      = '\uE007'
	F9         = '\uE039'
	Shift      = '\uE008'
	ArrowLeft  = '\uE012'
	ArrowRight = '\uE014'
)

// Picture is how a part of the window looks on the screen.
func (b *Browser) Picture(part image.Rectangle) (image.Image, error) {
	raw, err := b.send("TakeScreenshot", map[string]any{"full": false})
	var data []byte // JSON has it in base 64
	if err == nil {
		err = json.Unmarshal(raw, &data)
	}
	if err != nil {
		return nil, fmt.Errorf("take a picture: %w", err)
	}
	whole, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read the picture: %w", err)
	}
	picture := image.NewRGBA(image.Rect(0, 0, part.Dx(), part.Dy()))
	draw.Draw(picture, picture.Bounds(), whole, part.Min, draw.Src)
	return picture, nil
}

// Type types into a field.
func (b *Browser) Type(selector, text string) error {
	raw, err := b.send("FindElement", map[string]any{"using": "css selector", "value": selector})
	var element map[string]string
	if err == nil {
		err = json.Unmarshal(raw, &element)
	}
	if err == nil {
		_, err = b.send("ElementSendKeys", map[string]any{"id": element[elementKey], "text": text})
	}
	if err != nil {
		return fmt.Errorf("type into %s: %w", selector, err)
	}
	return nil
}
