package portal

import (
	"fmt"
	"slices"
	"strings"

	"subclip/catalog"

	"golang.org/x/text/language"
)

type fact struct{ Name, Value string }

// facts lists what the video and its master are.
func (p *Portal) facts(speaks string, a *catalog.Asset) []fact {
	source, card := a.Source, cardOf(a)
	base := source.Timecode
	video := source.Video
	var facts []fact
	if !card.Shot.IsZero() {
		facts = append(facts, fact{"shot", p.date(speaks, card.Shot)})
	}
	if a.IsOut() {
		facts = append(facts, fact{"published", p.date(speaks, a.ReleasedAt.UTC())})
	}
	if spoken := p.spokenOf(speaks, a); spoken != "" {
		facts = append(facts, fact{"spoken", spoken})
	}
	facts = append(facts, []fact{
		{"timecode", base.Timecode(0) + " – " + base.Timecode(source.Frames)},
		{"rate", decimal(speaks, card.Rate)},
		{"picture", fmt.Sprintf("%s %s, %d × %d", strings.ToUpper(video.Codec), video.Profile, video.Width, video.Height)},
		{"container", strings.ToUpper(source.Container)},
		{"size", p.size(speaks, a.Size)},
	}...)
	for _, track := range source.Audio {
		facts = append(facts, fact{"sound", fmt.Sprintf("%s, %d × %s kHz %s", strings.ToUpper(track.Codec), track.Channels, decimal(speaks, fmt.Sprint(float64(track.SampleRate)/1000)), spokenIn(track))})
	}
	for _, l := range a.Loudness {
		level := func(value float64) string { return decimal(speaks, fmt.Sprintf("%.1f", value)) }
		facts = append(facts, fact{"loudness", fmt.Sprintf("%s LUFS, %s LU, %s dBTP", level(l.Integrated), level(l.Range), level(l.TruePeak))})
	}
	return facts
}

// spokenOf names the languages of a video and of its sound tracks, each once.
func (p *Portal) spokenOf(speaks string, a *catalog.Asset) string {
	tags := []string{a.Language}
	for _, track := range a.Source.Audio {
		tags = append(tags, spokenIn(track))
	}
	var names []string
	for _, tag := range tags {
		if tag == "" {
			continue
		}
		if parsed, err := language.Parse(tag); err == nil {
			tag = parsed.String()
		}
		if name := p.languageName(speaks, tag); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
