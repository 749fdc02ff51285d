package transcoder

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"runtime/debug"
)

// Report says exactly what a finished file holds and what making it took. It is
// the same in the API, in the side-car file and on the command line.
type Report struct {
	Method            Method        `json:"method" enum:"copy,smart,encode"`
	Reason            string        `json:"reason" doc:"why this method was used"`
	Notes             []string      `json:"notes,omitempty" doc:"what is not quite as in the master"`
	Format            string        `json:"format"`
	Restrictions      string        `json:"restrictions,omitempty" doc:"what those who use it must keep to, as the file says too"`
	Ranges            []ReportRange `json:"ranges" nullable:"false"`
	Frames            int64         `json:"frames"`
	FramesCopied      int64         `json:"frames_copied"`
	FramesEncoded     int64         `json:"frames_encoded"`
	BytesRead         int64         `json:"bytes_read" doc:"from the master, by us"`
	BytesUploaded     int64         `json:"bytes_uploaded"`
	BytesCopiedInside int64         `json:"bytes_copied_in_store"`
	Size              int64         `json:"size" doc:"bytes"`
	Duration          float64       `json:"duration" doc:"seconds"`
	SHA256            *string       `json:"sha256" doc:"of the file, where its bytes passed through us"`
	Checksum          *string       `json:"checksum" doc:"the store's own checksum, where they did not"`
	ToolVersion       string        `json:"tool_version"`
}

// ReportRange is a delivered range: marks as timecode, half-open, and the first
// and last frame delivered, in display order from 0.
type ReportRange struct {
	In         string `json:"in"`
	Out        string `json:"out"`
	FirstFrame int64  `json:"first_frame"`
	LastFrame  int64  `json:"last_frame"`
}

// Cut has ffmpeg make a whole file at output, and reports on it. What Compose
// could take over of the master is encoded too. The number of pictures is checked
// against the plan before anything is delivered: a source in which seeking does
// not find them is read once more from its start.
func (t *Transcoder) Cut(ctx context.Context, input, output string, s Source, req Request, progress Progress) (Report, error) {
	plan, err := NewPlan(s, req)
	if err != nil {
		return Report{}, err
	}
	if plan.Method == MethodSmart {
		req.MustEncode = "this was not asked to take pictures over"
		if plan, err = NewPlan(s, req); err != nil {
			return Report{}, err
		}
	}
	s = s.with(req.Audio)
	made, err := t.carryOut(ctx, input, output, s, plan, progress)
	if err == nil && made.differs(plan) && made.interruption == "" && plan.Method == MethodEncode && !plan.FromStart {
		read := made.bytesRead
		plan = plan.WithoutSeeking()
		made, err = t.carryOut(ctx, input, output, s, plan, progress)
		made.bytesRead += read
	}
	switch {
	case err != nil:
		return Report{}, err
	case made.frames == 0 || made.differs(plan):
		return Report{}, made.explain(plan)
	}
	return newReport(output, s, req, plan, made)
}

// carryOut runs a plan. How many pictures a copy shows is asked of the copy, for
// an edit list may hide some of those that were written.
func (t *Transcoder) carryOut(ctx context.Context, input, output string, s Source, p Plan, progress Progress) (outcome, error) {
	args, err := compose(s, p, input, output)
	if err != nil {
		return outcome{}, err
	}
	made, err := t.run(ctx, args, input, p.Frames, progress)
	if err != nil || p.Method != MethodCopy {
		return made, err
	}
	copied, err := t.Probe(ctx, output)
	made.frames = copied.Frames
	return made, err
}

// differs reports whether more or fewer pictures came out than were planned.
func (o outcome) differs(p Plan) bool { return p.Frames > 0 && o.frames != p.Frames }

func (o outcome) interrupted() error {
	return fmt.Errorf("ffmpeg could not read all of the file: %s", o.interruption)
}

// complete is the error of a command that must read all of its input: ffmpeg takes what it
// could read for the whole.
func complete(made outcome, err error) error {
	if err == nil && made.interruption != "" {
		return made.interrupted()
	}
	return err
}

// explain says why too few pictures came out: the network's doing may pass, a
// gap in the file will not.
func (o outcome) explain(p Plan) error {
	if o.interruption != "" {
		return o.interrupted()
	}
	if p.Frames == 0 {
		return unusable(nil, "there is no picture between the marks")
	}
	return unusable(nil, "the file gives %d of the %d marked frames: it may be damaged there", o.frames, p.Frames)
}

func newReport(path string, s Source, req Request, p Plan, made outcome) (Report, error) {
	size, sum, err := fileSum(path)
	if err != nil {
		return Report{}, err
	}
	r := describe(s, req, p)
	r.Frames, r.BytesRead, r.Size, r.SHA256 = made.frames, made.bytesRead, size, &sum
	if p.Method == MethodCopy {
		r.FramesCopied = made.frames
	} else {
		r.FramesEncoded = made.frames
	}
	return r, nil
}

// describe begins a report with what the plan knows before it is carried out.
func describe(s Source, req Request, p Plan) Report {
	r := Report{Method: p.Method, Reason: p.Reason, Format: cmp.Or(req.Format, SourceFormat), Restrictions: req.Restrictions, ToolVersion: Version()}
	for _, span := range p.Ranges {
		r.Duration += (s.Timecode.Rate.TimeOf(span.Out) - s.Timecode.Rate.TimeOf(span.In)).Seconds()
		r.Ranges = append(r.Ranges, ReportRange{
			In: s.Timecode.Timecode(span.In), Out: s.Timecode.Timecode(span.Out), FirstFrame: span.In, LastFrame: span.Out - 1,
		})
	}
	return r
}

func fileSum(path string) (size int64, sum string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, "", fmt.Errorf("open what was made: %w", err)
	}
	defer func() { _ = f.Close() }()
	hash := sha256.New()
	if size, err = io.Copy(hash, f); err != nil {
		return 0, "", fmt.Errorf("read what was made: %w", err)
	}
	return size, hex.EncodeToString(hash.Sum(nil)), nil
}

// Version names this program's build, as the Go tool chain recorded it.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "subclip (development)"
	}
	return "subclip " + info.Main.Version
}
