package portal

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	xlanguage "golang.org/x/text/language"
	"golang.org/x/text/message"
)

// date writes a day out: 26 November 2026, 1er mai 2026.
func (p *Portal) date(language string, t time.Time) string {
	t = t.UTC()
	day := strconv.Itoa(t.Day())
	if language == "fr" && t.Day() == 1 {
		day = "1er"
	}
	return fmt.Sprintf("%s %s %d", day, p.words.say(language, fmt.Sprintf("month.%d", t.Month())), t.Year())
}

// size writes a size of bytes, with a digit behind the point.
func (p *Portal) size(language string, bytes int64) string {
	unit, value, format := "size.kb", float64(bytes)/1e3, "%.0f"
	switch {
	case bytes >= 999_950_000:
		unit, value, format = "size.gb", float64(bytes)/1e9, "%.1f"
	case bytes >= 999_500:
		unit, value, format = "size.mb", float64(bytes)/1e6, "%.1f"
	case bytes > 0:
		value = max(value, 1)
	}
	return p.words.say(language, unit, "Number", decimal(language, fmt.Sprintf(format, value)))
}

// decimal writes a number that is written with a point as the language does.
func decimal(language, number string) string {
	number = strings.Replace(number, "-", "\u2212", 1)
	if language == "fr" {
		return strings.Replace(number, ".", ",", 1)
	}
	return number
}

// number writes whole numbers with what the language puts between thousands; other values
// stay as they are.
func number(language string, value any) any {
	switch value.(type) {
	case int, int64:
		return message.NewPrinter(xlanguage.Make(language)).Sprint(value)
	}
	return value
}

// clock writes a duration as a viewer reads it: 3:00 or 1:02:30.
func clock(d time.Duration) string {
	s := int(d.Round(time.Second).Seconds())
	if s < 3600 {
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}
