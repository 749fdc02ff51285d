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
	return fmt.Sprintf("%s %d", p.dayAndMonth(language, t), t.Year())
}

func (p *Portal) dayAndMonth(language string, t time.Time) string {
	day := strconv.Itoa(t.Day())
	if language == "fr" && t.Day() == 1 {
		day = "1er"
	}
	return day + " " + p.words.say(language, fmt.Sprintf("month.%d", t.Month()))
}

// size writes a size of bytes, from megabytes on with a digit behind the point where it
// is not 0; web/size.js does the same.
func (p *Portal) size(language string, bytes int64) string {
	units := []string{"size.kb", "size.mb", "size.gb", "size.tb"}
	value, unit := float64(bytes)/1e3, 0
	for value >= 1000 && unit < len(units)-1 {
		value, unit = value/1000, unit+1
	}
	digits := min(unit, 1)
	number := strings.TrimSuffix(strconv.FormatFloat(value, 'f', digits, 64), ".0")
	return p.words.say(language, units[unit], "Number", decimal(language, number))
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
