package transcoder

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"golang.org/x/sync/errgroup"

	"subclip/transcoder/mp4"
)

// aroundJoint is how many copied pictures after a joint are decoded.
const aroundJoint = 6

// together is how many joints one ffmpeg decodes: those of one range. To start another
// takes it as long as a few pictures, and more would take memory without end.
const together = 2

// section is a run of the new track's samples at one end of a range. Those that are
// the master's are shown there later by shift; own are samples of the master that
// decode to them as they are in the master, at the new file's times.
type section struct {
	samples []placed
	own     []mp4.NewSample
	shift   int64
}

// proveJoints decodes the new file around each joint and compares: every picture
// must be there, in its place, and those of the master must decode to the same as in
// the master. Where one range follows another, the end of the one and the beginning
// of the other are decoded in one go, as a player does. An error that is
// mp4.ErrUnsupported says what does not hold.
func (c *cut) proveJoints(ctx context.Context) error {
	var joints []joint
	for i := range len(c.parts) + 1 {
		j := joint{name: filepath.Join(c.scratch, fmt.Sprint("joint", i))}
		if i > 0 && (i < len(c.parts) || c.parts[i-1].split.Tail.Len() > 0) {
			closing, err := c.closing(c.parts[i-1])
			if err != nil {
				return err
			}
			j.sections = append(j.sections, closing)
		}
		if i < len(c.parts) && (i > 0 || c.parts[i].split.Head.Len() > 0) {
			opening, err := c.opening(c.parts[i])
			if err != nil {
				return err
			}
			j.sections = append(j.sections, opening)
		}
		if len(j.sections) > 0 {
			joints = append(joints, j)
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for some := range slices.Chunk(joints, together) {
		group.Go(func() error { return c.prove(ctx, some) })
	}
	return group.Wait()
}

// joint is where encoded pictures and the master's meet: sections that follow one
// another.
type joint struct {
	name     string // of files
	sections []section
}

// samples are those of all sections.
func (j joint) samples() []mp4.NewSample {
	var all []mp4.NewSample
	for _, s := range j.sections {
		all = append(all, bare(s.samples)...)
	}
	return all
}

// opening is a range's head from its last refresh, and the first copied pictures.
// From a refresh on they can be decoded by themselves; after a recovery point they
// are in the master what a player makes of them that comes from the entry before it.
func (c *cut) opening(p part) (section, error) {
	entry := entryOf(p)
	count := min(p.split.Copied(), aroundJoint)
	start := max(0, entry-1)
	for start > 0 && !c.place(p, start).Sync {
		start--
	}
	if count == 0 {
		return section{samples: c.places(p, start, entry)}, nil
	}
	s := section{samples: c.places(p, start, entry+len(p.head.leading)+count), shift: p.shift}
	from, err := c.sure(p.split.Copy.From)
	s.own = c.taken(mp4.Span{From: from, To: min(p.split.Copy.To, p.split.Copy.From+p.split.Leading.Len()+count)}, p.shift)
	return s, err
}

// sure is a sample from which on a decoder is sure to give all that is shown after an
// entry: that itself, or the entry before a recovery point. ffmpeg, begun at one, may
// lose a picture soon after, where others are struck off that it never had, or where a
// refresh follows upon one of two fields.
func (c *cut) sure(entry int) (int, error) {
	kind, _, err := c.codec.entry(c.candidate(mp4.Candidate{Sample: entry}))
	if err != nil || kind == mp4.Refresh {
		return entry, err
	}
	for entry--; entry > 0 && !c.video.Enters(entry); entry-- {
	}
	return max(0, entry), nil
}

// entryOf is where among a range's pictures the copied ones begin.
func entryOf(p part) int { return p.split.Head.Len() - len(p.head.leading) }

// closing is a range from the last place where decoding is sure to begin to its end,
// without what is shown before that place and what nothing needs there. If its head
// is all there is, it is that.
func (c *cut) closing(p part) (section, error) {
	entry, end := entryOf(p), p.split.Head.Len()+p.split.Copied()
	if p.split.Copied() == 0 {
		return section{samples: c.places(p, 0, end)}, nil
	}
	start, from := c.before(p, end-1, entry), p.split.Copy.From
	if start > entry {
		from = p.split.Copy.To - (end - start)
	}
	sure, err := c.sure(from)
	if err != nil {
		return section{}, err
	}
	if sure < from && start > 0 {
		start = c.before(p, start-1, entry)
	}
	s := section{shift: p.shift, own: c.taken(mp4.Span{From: sure, To: p.split.Copy.To}, p.shift)}
	closing := c.places(p, start, end+p.split.Tail.Len())
	for i, sample := range closing {
		spare := false
		if !sample.ours && start+i > entry {
			// The copied run ends with the master's sample before Copy.To; between the
			// first and the others some may be left out.
			if spare, err = c.spare(p.split.Copy.To-(end-start-i), p.split.Copy.To-aroundJoint); err != nil {
				return s, err
			}
		}
		if spare || sample.Display < closing[0].Display {
			continue
		}
		s.samples = append(s.samples, sample)
	}
	return s, nil
}

// before is the last picture of a range up to at where decoding can begin, its copied
// ones beginning with entry.
func (c *cut) before(p part, at, entry int) int {
	for at > 0 && at != entry && !c.place(p, at).Sync && !c.place(p, at).Recovery {
		at--
	}
	return at
}

// prove decodes the new file at some joints, and compares.
func (c *cut) prove(ctx context.Context, joints []joint) error {
	files := make([]toDecode, len(joints))
	for i, j := range joints {
		files[i] = toDecode{j.name + "-new.mp4", j.samples()}
	}
	got, err := c.decode(ctx, files...)
	if err != nil {
		return err
	}
	for i, j := range joints {
		if err := c.compare(ctx, j, got[i]); err != nil {
			return err
		}
	}
	return nil
}

// compare holds what a joint decodes to against what it should.
func (c *cut) compare(ctx context.Context, j joint, got digests) error {
	samples := j.samples()
	if len(got) != len(samples) {
		return unsupported("%d of %d pictures decode at a joint", len(got), len(samples))
	}
	for _, s := range samples {
		if _, shown := got[s.Display]; !shown {
			return unsupported("a picture at a joint is shown at another time")
		}
	}
	for i, s := range j.sections {
		want, err := c.inMaster(ctx, fmt.Sprintf("%s-master%d.mp4", j.name, i), s)
		if err != nil {
			return err
		}
		for _, sample := range s.samples {
			if digest := want[sample.Display]; !sample.ours && (digest == "" || digest != got[sample.Display]) {
				return unsupported("a picture of the master decodes differently at a joint")
			}
		}
	}
	return nil
}

// inMaster returns what a section's copied pictures are in the master, by the time
// at which the new file shows them. Most were seen when the edges were encoded.
func (c *cut) inMaster(ctx context.Context, path string, s section) (digests, error) {
	known := digests{}
	for _, sample := range s.samples {
		digest, ok := c.seen[sample.Display+s.shift]
		if !ok && !sample.ours {
			all, err := c.decode(ctx, toDecode{path, s.own})
			if err != nil {
				return nil, err
			}
			return all[0], nil
		}
		known[sample.Display] = digest
	}
	return known, nil
}
