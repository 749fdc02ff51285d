package portal

import (
	"context"
	"math"
	"slices"
	"strconv"
	"time"

	"subclip/catalog"
)

// assetCard is an asset as one scans it.
type assetCard struct {
	catalog.Asset
	Status   string // withdrawn, or the asset's
	Shown    bool
	Embargo  bool   // it is not over yet
	KeptBack bool   // its embargo has no end
	Rate     string // frames a second, with a decimal point
	Duration time.Duration
	Shot     time.Time // the day; zero where nobody says
	OtherDay bool      // than that on which it was published

	Path, Poster, Proxy string
}

func cardOf(a *catalog.Asset) assetCard {
	card := assetCard{
		Asset: *a, Status: string(a.Status), Shown: a.Shown(), Embargo: a.EmbargoUntil.After(time.Now()), KeptBack: catalog.KeptBack(a.EmbargoUntil),
		Path: catalog.PagePath(a.ID), Poster: posterPath(a.ID), Proxy: proxyPath(a.ID),
	}
	if day, err := time.Parse(time.DateOnly, a.ShotOn); err == nil {
		card.Shot, card.OtherDay = day, !a.IsOut() || a.ReleasedAt.UTC().Format(time.DateOnly) != a.ShotOn
	}
	if a.Withdrawn() {
		card.Status = "withdrawn"
	}
	if card.Shown {
		rate := a.Source.Timecode.Rate
		card.Rate = strconv.FormatFloat(math.Round(1000*float64(rate.Num)/float64(rate.Den))/1000, 'f', -1, 64)
		card.Duration = rate.TimeOf(a.Source.Frames)
	}
	return card
}

func cardsOf(assets []catalog.Asset) []assetCard {
	cards := make([]assetCard, len(assets))
	for i := range assets {
		cards[i] = cardOf(&assets[i])
	}
	return cards
}

// storyCard is a story as one scans it.
type storyCard struct {
	catalog.Story
	Title, Lead string
	Told        string // language of these
	Foreign     bool   // it is not the page's
	Path        string
	Poster      string // empty where nothing can be watched
	Videos      int
	Draft       bool
	Embargo     bool // it is not over yet
	Leads       bool // it is the first thing that is seen
}

// storyCards are stories in the page's language, where they have it.
func (p *Portal) storyCards(ctx context.Context, language string, stories []catalog.Story) ([]storyCard, error) {
	assets, err := p.Catalog.AssetsOfStories(ctx, catalog.From(ctx), stories)
	if err != nil {
		return nil, err
	}
	cards := make([]storyCard, len(stories))
	for i := range stories {
		cards[i] = storyCardOf(language, &stories[i])
		of := slices.DeleteFunc(assets[stories[i].ID], func(a catalog.Asset) bool { return !a.Shown() })
		if cards[i].Videos = len(of); len(of) > 0 {
			cards[i].Poster = posterPath(of[0].ID)
		}
	}
	return cards, nil
}

func storyCardOf(language string, s *catalog.Story) storyCard {
	text, told := s.Text(language)
	return storyCard{
		Story: *s, Title: text.Title, Lead: text.Lead(), Told: told, Foreign: told != language, Path: catalog.StoryPath(s.Slug),
		Draft: s.Status == catalog.StoryDraft, Embargo: s.EmbargoUntil.After(time.Now()),
	}
}

// saidCard is a video in which something is said, and where.
type saidCard struct {
	assetCard
	Told  string // language of the lines
	Lines []saidLine
}

// saidLine is a line of a transcript; it leads to its picture.
type saidLine struct {
	Path, Timecode string
	Pieces         []catalog.Piece
}

// linesShown is the most lines of one video.
const linesShown = 4

func saidCardOf(words string, hit *catalog.CaptionHit) saidCard {
	card := saidCard{assetCard: cardOf(&hit.Asset), Told: hit.Language}
	for _, cue := range hit.Cues[:min(len(hit.Cues), linesShown)] {
		line := saidLine{Path: card.Path, Pieces: catalog.MarkFound(words, cue.Plain())}
		if card.Shown {
			line.Timecode = hit.Asset.Source.Timecode.Timecode(hit.Asset.FrameAt(cue.Start))
			line.Path = link(card.Path, "", "in", line.Timecode)
		}
		card.Lines = append(card.Lines, line)
	}
	return card
}
