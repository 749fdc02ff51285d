package transcoder

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"subclip/transcoder/mp4"
)

// encodeEdges makes all edges, two at a time, and fits them to the master's
// pictures.
func (c *cut) encodeEdges(ctx context.Context) error {
	var orders []*order
	for i := range c.parts {
		p := &c.parts[i]
		name := filepath.Join(c.scratch, fmt.Sprint("range", i))
		if p.split.Head.Len() > 0 {
			gop := c.video.GOP(p.split.Head)
			if p.split.Copied() > 0 {
				// The first copied pictures are decoded too, to hold them against the clip's.
				gop.To = max(gop.To, min(p.split.Copy.To, p.split.Copy.From+p.split.Leading.Len()+aroundJoint))
			}
			orders = append(orders, &order{p.split.Head, gop, c.video.First(p.split.Head), name + "-head", p.recovery, &p.head, nil})
		}
		if p.split.Tail.Len() > 0 {
			gop, needed := c.video.GOP(p.split.Tail), min(p.split.Copy.To-aroundJoint, c.video.First(p.split.Tail))
			orders = append(orders, &order{p.split.Tail, gop, needed, name + "-tail", nil, &p.tail, nil})
		}
	}
	for _, o := range orders {
		var err error
		if o.gop.From, err = c.sure(o.gop.From); err != nil {
			return err
		}
	}
	group, running := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for _, o := range orders {
		group.Go(func() error { return c.encode(running, o) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, o := range orders {
		maps.Copy(c.seen, o.seen)
	}
	for i := range c.parts {
		if err := c.adaptEdges(&c.parts[i], i > 0); err != nil {
			return err
		}
	}
	return nil
}

// order is an edge to be encoded: the pictures of span out of the samples of gop.
type order struct {
	span, gop mp4.Span
	needed    int    // before this sample, those that no other needs are left out
	name      string // of files
	before    *recovery
	to        *edge
	seen      digests // of all that was decoded
}

// adaptEdges fits a range's edges to its copied run, and the run to what comes
// before it: its head, or an earlier range.
func (c *cut) adaptEdges(p *part, later bool) error {
	if p.split.Copied() > 0 && (later || p.split.Head.Len() > 0) {
		entry, err := c.read(p.split.Copy.From)
		if err != nil {
			return err
		}
		if p.entry, err = c.codec.enter(entry); err != nil {
			return err
		}
	}
	if p.split.Head.Len() > 0 {
		if err := c.codec.adapt(&p.head, p.recovery); err != nil {
			return err
		}
		if err := c.carry(&p.head, p.split.Head); err != nil {
			return err
		}
	}
	if p.split.Tail.Len() > 0 {
		if err := c.codec.adapt(&p.tail, nil); err != nil {
			return err
		}
		return c.carry(&p.tail, p.split.Tail)
	}
	return nil
}
