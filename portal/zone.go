package portal

import (
	"fmt"
	"time"
	_ "time/tzdata" // for machines without a data base of time zones

	"github.com/gin-gonic/gin"
)

// zone is the time zone in which editors type times, and in which pages write them.
type zone struct{ *time.Location }

// readZone finds a zone by its IANA name; none is UTC.
func readZone(name string) (zone, error) {
	location, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return zone{}, fmt.Errorf("SUBCLIP_TIME_ZONE is %q: write the name of a time zone such as Europe/Paris or America/New_York", name)
	}
	return zone{location}, nil
}

// How times stand in fields of browsers, which leave out seconds that are none.
const (
	fieldMinutes = "2006-01-02T15:04"
	fieldSeconds = "2006-01-02T15:04:05.999"
)

// field writes a time as a browser does in a field.
func (z zone) field(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(z.Location)
	if t.Truncate(time.Minute).Equal(t) {
		return t.Format(fieldMinutes)
	}
	return t.Format(fieldSeconds)
}

// readings are the moments at which the clocks of the zone show what stands in a field: one,
// as a rule; two where they are put back over it, none where they skip it. wall is the
// time as it was typed, which is zero where it is none.
func (z zone) readings(text string) (moments []time.Time, wall time.Time) {
	for _, layout := range []string{fieldMinutes, fieldSeconds} {
		if read, err := time.Parse(layout, text); err == nil {
			wall = read
		}
	}
	if wall.IsZero() {
		return nil, wall
	}
	for _, near := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, offset := wall.Add(near).In(z.Location).Zone()
		moment := wall.Add(-time.Duration(offset) * time.Second)
		shows := z.field(moment) == z.fieldOfWall(wall)
		if shows && (len(moments) == 0 || !moments[0].Equal(moment)) {
			moments = append(moments, moment)
		}
	}
	return moments, wall
}

func (z zone) fieldOfWall(wall time.Time) string { return zone{time.UTC}.field(wall) }

// moment is a time for the API out of a field: null where it is empty, and what was typed
// where it is no time, so that the API says so.
func (z zone) moment(text string) any {
	if text == "" {
		return nil
	}
	if moments, _ := z.readings(text); len(moments) > 0 {
		return moments[0].UTC().Format(time.RFC3339Nano)
	}
	return text
}

// stamp writes a moment's time of day, with the zone's name at that moment.
func (z zone) stamp(t time.Time) string { return t.In(z.Location).Format("15:04 MST") }

// unclear says what is wrong with a time that does not come on its day, or comes twice, as
// the clocks are changed. It is empty for any other.
func (p *Portal) unclear(g *gin.Context, text string) string {
	moments, wall := p.zone.readings(text)
	key := "desk.time_twice"
	switch {
	case wall.IsZero() || len(moments) == 1:
		return ""
	case len(moments) == 0:
		key = "desk.time_missing"
	}
	_, before := wall.Add(-24 * time.Hour).In(p.zone.Location).Zone()
	_, after := wall.Add(24 * time.Hour).In(p.zone.Location).Zone()
	shift := time.Duration(after-before) * time.Second
	return p.say(g, key, "Time", wall.Format("15:04"), "Earlier", wall.Add(-shift.Abs()).Format("15:04"), "Later", wall.Add(shift.Abs()).Format("15:04"))
}
