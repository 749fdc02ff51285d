package transcoder

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"

	ffmpeg "github.com/u2takey/ffmpeg-go"
	"golang.org/x/sync/errgroup"

	"subclip/transcoder/mp4"
)

// aroundJoint is how many copied pictures after a joint are decoded.
const aroundJoint = 6

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
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for i := range len(c.parts) + 1 {
		var sections []section
		if i > 0 && (i < len(c.parts) || c.parts[i-1].split.Tail.Len() > 0) {
			closing, err := c.closing(c.parts[i-1])
			if err != nil {
				return err
			}
			sections = append(sections, closing)
		}
		if i < len(c.parts) && (i > 0 || c.parts[i].split.Head.Len() > 0) {
			opening, err := c.opening(c.parts[i])
			if err != nil {
				return err
			}
			sections = append(sections, opening)
		}
		if len(sections) > 0 {
			group.Go(func() error { return c.prove(ctx, filepath.Join(c.scratch, fmt.Sprint("joint", i)), sections) })
		}
	}
	return group.Wait()
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

// prove decodes sections that follow one another, and compares.
func (c *cut) prove(ctx context.Context, name string, sections []section) error {
	var joined []mp4.NewSample
	for _, s := range sections {
		joined = append(joined, bare(s.samples)...)
	}
	got, err := c.decode(ctx, name+"-new.mp4", joined)
	if err != nil {
		return err
	}
	if len(got) != len(joined) {
		return unsupported("%d of %d pictures decode at a joint", len(got), len(joined))
	}
	for _, s := range joined {
		if _, shown := got[s.Display]; !shown {
			return unsupported("a picture at a joint is shown at another time")
		}
	}
	for i, s := range sections {
		want, err := c.inMaster(ctx, fmt.Sprintf("%s-master%d.mp4", name, i), s)
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
			return c.decode(ctx, path, s.own)
		}
		known[sample.Display] = digest
	}
	return known, nil
}

// decode returns what samples decode to. It does not touch c.
func (c *cut) decode(ctx context.Context, path string, samples []mp4.NewSample) (digests, error) {
	moved := slices.Clone(samples)
	// Players count time from a file's first picture.
	origin := slices.MinFunc(moved, func(a, b mp4.NewSample) int { return cmp.Compare(a.Display, b.Display) }).Display
	for i := range moved {
		moved[i].Display -= origin
		moved[i].Group = i // in decoding order
	}
	if err := c.writeSamples(path, moved); err != nil {
		return nil, err
	}
	sums := path + "-sums"
	args := ffmpeg.Input(path, ffmpeg.KwArgs{"xerror": ""}, asCoded()).Video().Output(sums, hashing()).GetArgs()
	if _, err := c.t.run(ctx, args, path, 0, nil); err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		return nil, unsupported("the pictures at a joint do not decode (%w)", err)
	}
	return readDigests(sums, origin)
}
