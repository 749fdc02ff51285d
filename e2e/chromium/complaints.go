package chromium

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Complaints listens to a tab from now on. What it returns tells what the pages that were
// opened meanwhile have complained of: errors in the console, exceptions that nobody has
// caught, and what their Content-Security-Policy has refused. That the service answers a
// request with an error is no complaint, unless a page's own script or style is missing.
func Complaints(tab context.Context) (all func() []string, err error) {
	var mu sync.Mutex
	var heard []string
	err = chromedp.Listen(tab, func(event any) {
		if text := complaint(event); text != "" {
			mu.Lock()
			defer mu.Unlock()
			heard = append(heard, text)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("listen to the browser: %w", err)
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return heard
	}, nil
}

// complaint is what an event of a tab complains of, empty if it does not.
func complaint(event any) string {
	switch event := event.(type) {
	case *runtime.EventExceptionThrown:
		thrown := event.ExceptionDetails
		text := thrown.Text
		if thrown.Exception != nil {
			text += " " + thrown.Exception.Description
		}
		return fmt.Sprintf("%s (%s, line %d)", text, thrown.URL, thrown.LineNumber+1)
	case *runtime.EventConsoleAPICalled:
		if event.Type != runtime.ConsoleAPICalledTypeError && event.Type != runtime.ConsoleAPICalledTypeAssert {
			return ""
		}
		said := []string{"console." + string(event.Type) + ":"}
		for _, argument := range event.Args {
			said = append(said, string(argument.Value)+argument.Description)
		}
		return strings.Join(said, " ")
	case *log.EventEntryAdded:
		entry := event.Entry
		ours := entry.Source != log.EntrySourceNetwork || strings.Contains(entry.URL, "/static/")
		if entry.Level == log.EntryLevelError && ours {
			return fmt.Sprintf("%s (%s, line %d)", entry.Text, entry.URL, entry.LineNumber+1)
		}
	}
	return ""
}
