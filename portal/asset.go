package portal

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"subclip/catalog"
	"subclip/transcoder"

	"github.com/gin-gonic/gin"
)

// assetPage is a video, and what is needed to take a part of it.
type assetPage struct {
	Card          assetCard
	Editor        *editorFacts // nil where there is nothing to play
	Start, End    string       // timecodes of the first frame, and behind the last
	Form          form         // to take without script
	Ranges        []plainRange // of the form, and one more to be filled in
	Width, Height int
	Formats       []transcoder.Format
	Sounds        []soundTrack
	Captions      []captionTrack
	Shots         []shotLine
	Stories       []catalog.Story
	Facts         []fact
	Keys          []keyHelp
}

// editorFacts is what the clip editor's script is told; see web/pages/asset.js.
type editorFacts struct {
	ID         string              `json:"id"`
	Title      string              `json:"title"`
	Num        int64               `json:"num"`
	Den        int64               `json:"den"`
	Drop       bool                `json:"drop"`
	Start      int64               `json:"start"` // frames before the first one's address
	Frames     int64               `json:"frames"`
	Storyboard *catalog.Storyboard `json:"storyboard,omitempty"` // with addresses of its sheets
	Tracks     []trackChoice       `json:"-"`
	Waves      bool                `json:"-"` // there are waveforms
}

// trackChoice is a sound track that can be heard and drawn.
type trackChoice struct {
	Number      int // from 1
	Language    string
	Wave, Sound string // addresses; empty where there is none
}

type soundTrack struct {
	Index, Number int // as the API names it; from 1
	About         string
}

type captionTrack struct{ Language, Label, Path, SubRip string }

type shotLine struct{ In, Path, Text, Language string }

// keyHelp is a line of the table of keys.
type keyHelp struct {
	Keys []string
	Does string // its words
}

func keyTable() []keyHelp {
	return []keyHelp{
		{[]string{"␣"}, "play"},
		{[]string{"J", "K", "L"}, "shuttle"},
		{[]string{"←", "→"}, "frame"},
		{[]string{"⇧←", "⇧→"}, "second"},
		{[]string{"Home", "End"}, "ends"},
		{[]string{"I", "O"}, "mark"},
		{[]string{"⇧I", "⇧O"}, "go"},
		{[]string{"[", ","}, "nudge_back"},
		{[]string{"]", "."}, "nudge_on"},
		{[]string{"P"}, "range"},
		{[]string{"A"}, "add"},
		{[]string{"X"}, "clear"},
		{[]string{"Z"}, "zoom"},
		{[]string{"⇧Z"}, "zoom_out"},
		{[]string{"W"}, "fit"},
		{[]string{"F"}, "full"},
		{[]string{"?"}, "help"},
	}
}

// mountAssets adds the page to which letters and feeds lead, and what it needs.
func (p *Portal) mountAssets(pages gin.IRoutes) {
	both(pages, catalog.PagePath(":id"), p.showAsset)
	both(pages, posterPath(":id"), p.leadTo(func(_ *gin.Context, a *catalog.Asset) string { return a.PosterKey }))
	both(pages, proxyPath(":id"), p.leadTo(func(_ *gin.Context, a *catalog.Asset) string { return a.ProxyKey }))
	both(pages, soundPath(":id", ":track"), p.leadTo(chosenSound))
	pages.POST(catalog.PagePath(":id")+"/played", p.countPlay)
	pages.POST(catalog.PagePath(":id")+"/clips", p.takeClip)
	both(pages, wholePath(":id"), p.showWait)
	pages.POST(wholePath(":id"), p.takeWhole)
}

func (p *Portal) showAsset(g *gin.Context) {
	ctx := g.Request.Context()
	asset, err := p.Catalog.Asset(ctx, catalog.From(ctx), g.Param("id"))
	if (isMissing(err) || asset.ReplacedBy != "") && p.leadOn(g, g.Param("id")) {
		return
	}
	if err != nil {
		p.fail(g, err)
		return
	}
	f := newForm()
	if asset.Shown() {
		base := asset.Source.Timecode
		f = addressed(g.Request.URL.Query(), base.Timecode(0), base.Timecode(asset.Source.Frames))
	}
	p.showVideo(g, &asset, f)
}

// showVideo shows a video with the form to take parts of it, as it is filled in.
func (p *Portal) showVideo(g *gin.Context, asset *catalog.Asset, f form) {
	if f.Value("key") == "" {
		f.Values.Set("key", newKey())
	}
	of := assetPage{Card: cardOf(asset), Keys: keyTable(), Form: f}
	pg := page{
		Name: "asset", Title: asset.Title, Description: summary(asset.Description), Kind: "video.other", Hidden: !asset.Shown(),
		Canonical: catalog.PagePath(asset.ID),
	}
	if asset.Shown() {
		of.fill(p.language(g), asset)
		of.Ranges = rangesIn(f)
		of.Ranges = append(of.Ranges, plainRange{Number: len(of.Ranges) + 1})
		of.Facts = p.facts(p.language(g), asset)
		if err := p.addTold(g, &of, asset); err != nil {
			p.fail(g, err)
			return
		}
		pg.Plays, pg.Scripts = true, []string{"asset", "played"}
		pg.Image, pg.Video = p.pictures(of.Card)
		if asset.IsOut() {
			pg.Published = asset.ReleasedAt.UTC().Format(time.RFC3339)
			pg.Structured = p.structuredVideo(of.Card)
		}
	}
	pg.Data = of
	p.show(g, f.status, pg)
}

// Takes reports whether a sound track is ticked, as all are until one is not.
func (of assetPage) Takes(track int) bool {
	return len(of.Form.Values["audio"]) == 0 || of.Form.Has("audio", strconv.Itoa(track))
}

// countPlay hears once a visit, from the page's script, that its video plays.
func (p *Portal) countPlay(g *gin.Context) {
	ctx := g.Request.Context()
	if err := p.Catalog.Played(ctx, catalog.From(ctx), g.Param("id")); err != nil {
		p.fail(g, err)
		return
	}
	g.Status(http.StatusNoContent)
}

// fill adds what is known of a video that can be watched.
func (of *assetPage) fill(speaks string, a *catalog.Asset) {
	source := a.Source
	base := source.Timecode
	of.Start, of.End = base.Timecode(0), base.Timecode(source.Frames)
	of.Width, of.Height = source.Video.Width, source.Video.Height
	of.Formats = transcoder.Formats()
	of.Editor = &editorFacts{ID: a.ID, Title: a.Title, Num: base.Rate.Num, Den: base.Rate.Den, Drop: base.Drop, Start: base.Start, Frames: source.Frames}
	of.aids(a)
	for i, track := range source.Audio {
		about := fmt.Sprintf("%s, %d × %s kHz", strings.ToUpper(track.Codec), track.Channels, decimal(speaks, fmt.Sprint(float64(track.SampleRate)/1000)))
		if language := spokenIn(track); language != "" {
			about = language + ", " + about
		}
		of.Sounds = append(of.Sounds, soundTrack{track.Index, i + 1, about})
	}
}

// addTold adds what is said of a video, and in it.
func (p *Portal) addTold(g *gin.Context, of *assetPage, a *catalog.Asset) error {
	ctx := g.Request.Context()
	by, speaks := catalog.From(ctx), p.language(g)
	captions, err := p.Catalog.AllCaptions(ctx, by, a.ID)
	if err != nil {
		return err
	}
	for i := range captions {
		tag := captions[i].Language
		path := "/v1/assets/" + a.ID + "/captions/" + tag
		of.Captions = append(of.Captions, captionTrack{tag, p.languageName(speaks, tag), path + ".vtt", path + ".srt"})
	}
	// The visitor's own language first.
	slices.SortStableFunc(of.Captions, func(x, y captionTrack) int { return rank(x.Language == speaks) - rank(y.Language == speaks) })
	shots, err := p.Catalog.Shotlist(ctx, by, a.ID)
	if err != nil {
		return err
	}
	for _, shot := range shots {
		of.Shots = append(of.Shots, shotOf(a, shot))
	}
	of.Stories, err = p.Catalog.StoriesOf(ctx, by, a.ID)
	return err
}

func rank(first bool) int {
	if first {
		return 0
	}
	return 1
}

// shotOf is a line of the shotlist; its link opens the page with the shot marked.
func shotOf(a *catalog.Asset, shot catalog.Shot) shotLine {
	base := a.Source.Timecode
	query := url.Values{"in": {base.Timecode(shot.In)}}
	if shot.Out > 0 {
		query.Set("out", base.Timecode(shot.Out))
	}
	return shotLine{In: base.Timecode(shot.In), Path: catalog.PagePath(a.ID) + "?" + query.Encode(), Text: shot.Text, Language: shot.Language}
}

// aids adds what the timeline is drawn from, as far as it is made.
func (of *assetPage) aids(a *catalog.Asset) {
	root := "/v1/assets/" + a.ID
	if board := a.Storyboard; board != nil {
		addressed := *board
		addressed.Sheets = make([]string, len(board.Sheets))
		for i := range board.Sheets {
			addressed.Sheets[i] = fmt.Sprintf("%s/storyboard/%d.jpg", root, i)
		}
		of.Editor.Storyboard = &addressed
	}
	of.Editor.Waves = len(a.Waveforms) > 0
	if len(a.Waveforms)+len(a.ProxySounds) == 0 {
		return
	}
	for i, track := range a.Source.Audio {
		choice := trackChoice{Number: i + 1, Language: spokenIn(track)}
		if i < len(a.Waveforms) {
			choice.Wave = fmt.Sprintf("%s/waveforms/%d", root, i)
		}
		if a.ProxySound(i) != "" {
			choice.Sound = soundPath(a.ID, strconv.Itoa(i))
		}
		of.Editor.Tracks = append(of.Editor.Tracks, choice)
	}
}

// spokenIn is a track's language, or empty where the file says that nobody knows.
func spokenIn(track transcoder.AudioTrack) string {
	if track.Language == "und" {
		return ""
	}
	return track.Language
}
