package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"subclip/transcoder"
)

// clip is a length of which clips are made.
type clip struct {
	name   string
	length time.Duration
}

// gops are the lengths of the masters' GOPs, in frames.
func gops() []int { return []int{2 * frameRate, 10 * frameRate} }

// markIn is where clips begin: a third into the master, and inside a GOP.
func markIn(master time.Duration) time.Duration {
	return (master / 3).Truncate(10*time.Second) + 13280*time.Millisecond
}

// clipsFor lists the clips that fit into a master, at least the shortest.
func clipsFor(master time.Duration) []clip {
	all := []clip{{"10 s", 10 * time.Second}, {"1 min", time.Minute}, {"10 min", 10 * time.Minute}, {"60 min", time.Hour}}
	n := 1
	for n < len(all) && markIn(master)+all[n].length <= master {
		n++
	}
	return all[:n]
}

// result is what all contenders took for one clip.
type result struct {
	clip
	ready    int64 // bytes of the clip that subclip made
	index    int64 // of them moov
	outcomes map[string][]outcome
}

// compare does the whole benchmark and prints it.
func compare(ctx context.Context, o options) (err error) {
	t, err := transcoder.New(transcoder.Config{FFmpeg: "ffmpeg", FFprobe: "ffprobe", Memory: 8192})
	if err != nil {
		return err
	}
	s, err := openSite(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	for _, c := range contenders() {
		if why := c.skipped(0, o.long); why != "" {
			say("%s is left out: %s", c.name, why)
		}
	}
	if err := printMachine(ctx, o); err != nil {
		return err
	}
	length := masterLength(o.hours)
	for _, gop := range gops() {
		say("making a master of %s with GOPs of %d frames", length, gop)
		m, err := s.makeMaster(ctx, t, length, gop)
		if err != nil {
			return err
		}
		results, err := s.compareOn(ctx, m, length, o)
		if err != nil {
			return err
		}
		printTables(m, results, o)
		if err := s.store.Delete(ctx, m.key); err != nil {
			return err
		}
	}
	printNotes()
	return nil
}

func (s *site) compareOn(ctx context.Context, m *master, length time.Duration, o options) ([]result, error) {
	var results []result
	for _, c := range clipsFor(length) {
		in := int64(markIn(length).Seconds()*frameRate + 0.5)
		t := task{
			Master: m.key, MasterFile: s.file(m.key), MasterSize: m.size, Facts: m.facts,
			Range: transcoder.Range{In: in, Out: in + int64(c.length.Seconds())*frameRate},
		}
		r, err := s.takeTurns(ctx, m, c, t, o)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	return results, nil
}

// takeTurns has the contenders make a clip, each once, then each again. A first
// clip is not counted: it shows that the cut is a smart one, brings the master's
// bytes into memory for everyone alike, and is what the store copies later.
func (s *site) takeTurns(ctx context.Context, m *master, c clip, t task, o options) (result, error) {
	r := result{clip: c, outcomes: map[string][]outcome{}}
	t.Contender, t.Key, t.Ready = "subclip", "made/ready.mp4", "made/ready.mp4"
	first, err := s.start(ctx, t)
	if err != nil {
		return r, err
	}
	if err := m.mustBeSmart(first.Cut); err != nil {
		return r, err
	}
	r.ready, t.ReadySize = first.Cut.Report.Size, first.Cut.Report.Size
	if r.index, err = indexSize(s.store.Reader(ctx, t.Ready), r.ready); err != nil {
		return r, err
	}
	t.Key = "made/clip"
	for run := range o.runs {
		for _, contender := range contenders() {
			if contender.skipped(c.length, o.long) != "" {
				continue
			}
			t.Contender = contender.name
			out, err := s.turn(ctx, t)
			if err != nil {
				return r, err
			}
			say("%s, run %d, %s: %.2f s", c.name, run+1, contender.name, out.Seconds)
			r.outcomes[contender.name] = append(r.outcomes[contender.name], out)
		}
	}
	return r, s.store.Delete(ctx, t.Ready)
}

// turn does one task and removes what it made. What was written before goes to the
// disk first, so that nobody waits for another's bytes.
func (s *site) turn(ctx context.Context, t task) (outcome, error) {
	syscall.Sync()
	out, err := s.start(ctx, t)
	if err != nil {
		return out, err
	}
	if _, err := s.store.Stat(ctx, t.Key); err != nil {
		return out, err
	}
	return out, s.store.Delete(ctx, t.Key)
}

// mustBeSmart refuses to measure anything but a smart cut.
func (m *master) mustBeSmart(cut *cutOutcome) error {
	if cut == nil {
		return errors.New("the cutter tells nothing of its work")
	}
	if r := cut.Report; r.Method != transcoder.MethodSmart || r.FramesEncoded >= int64(2*m.gop) {
		return fmt.Errorf("the cut is not smart: method %s, %d of %d pictures encoded (%s)", r.Method, r.FramesEncoded, r.Frames, r.Reason)
	}
	return nil
}

func say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
