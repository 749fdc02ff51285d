package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"subclip/catalog"
	"subclip/storage"
	"subclip/transcoder"
)

// What users are told of orders that cannot be packed.
var (
	errNothingMade = errors.New("none of the items could be made: see why at each of them")
	errTooLarge    = errors.New("the files are together larger than the store takes as one, 5 TiB: take them in several orders")
)

// missingName is the file of an order's ZIP that tells what is not in it.
const missingName = "NOT-INCLUDED.txt"

// order packs what the items of an order made: each file with its report and, where its
// use is restricted, with a text that says so.
func (w *Worker) order(ctx context.Context, job *catalog.Job, progress transcoder.Progress) error {
	order, err := w.catalog.OrderOf(ctx, job.ID)
	if err != nil {
		return err
	}
	pack := pack{store: w.store, order: order, names: storage.Names{}}
	pack.names.Unique(missingName)
	if err := pack.collect(ctx); err != nil {
		return err
	}
	key := job.ObjectPrefix() + "order.zip"
	size, sum, err := w.store.Archive(ctx, key, pack.all(), progress)
	if err != nil {
		return err
	}
	w.log.Info("an order is packed", "job", job.ID, "files", len(pack.entries), "bytes", size, "missing", len(pack.missing))
	report := transcoder.Report{Size: size, SHA256: &sum, ToolVersion: transcoder.Version()}
	return w.catalog.Finish(ctx, job, catalog.JobResult{Files: []catalog.JobFile{{Key: key, Name: order.FileName(), Report: report}}})
}

// pack is what goes into an order's ZIP.
type pack struct {
	store   *storage.Store
	order   *catalog.Order
	names   storage.Names
	entries []storage.Entry
	missing []string // a line for each item, for users
	size    int64    // of the objects, bytes
}

func (p *pack) collect(ctx context.Context) error {
	for i := range p.order.Items {
		item := &p.order.Items[i]
		if item.Status() != catalog.ClipReady {
			p.leaveOut(item, item.Reason())
			continue
		}
		for _, file := range item.Files() {
			object, err := p.store.Stat(ctx, file.Key)
			if errors.Is(err, storage.ErrNotFound) {
				p.leaveOut(item, "its file is no longer in the store")
				continue
			}
			if err != nil {
				return err
			}
			if err := p.put(file, object); err != nil {
				return err
			}
		}
	}
	switch {
	case len(p.entries) == 0:
		return errNothingMade
	case p.size > storage.MaxObject:
		return errTooLarge
	}
	return nil
}

// put adds a file and what is to be known of it.
func (p *pack) put(file catalog.JobFile, object storage.Object) error {
	report, err := json.MarshalIndent(file.Report, "", "  ")
	if err != nil {
		return fmt.Errorf("write the report of %s: %w", file.Key, err)
	}
	name := p.names.Unique(file.Name)
	p.size += object.Size
	p.entries = append(p.entries,
		storage.Entry{Name: name, Key: file.Key, Size: object.Size, Modified: object.Modified},
		storage.Entry{Name: name + ".report.json", Bytes: append(report, '\n'), Modified: object.Modified})
	if words := file.Report.Restrictions; words != "" {
		p.entries = append(p.entries, storage.Entry{Name: name + ".restrictions.txt", Bytes: []byte(words + "\n"), Modified: object.Modified})
	}
	return nil
}

func (p *pack) leaveOut(item *catalog.OrderItem, reason string) {
	if reason == "" {
		reason = "it was cancelled"
	}
	what := []string{fmt.Sprintf("item %d: %s", item.Number, item.Asset.Title)}
	base := item.Asset.Source.Timecode
	for _, r := range item.Request.Ranges {
		what = append(what, base.Timecode(r.In)+" to "+base.Timecode(r.Out))
	}
	p.missing = append(p.missing, strings.Join(what, ", ")+": "+reason)
}

// all are the entries of the ZIP; what is missing stands first.
func (p *pack) all() []storage.Entry {
	if len(p.missing) == 0 {
		return p.entries
	}
	text := "These items of the order could not be made and are not in this file:\r\n\r\n" + strings.Join(p.missing, "\r\n") + "\r\n"
	return append([]storage.Entry{{Name: missingName, Bytes: []byte(text), Modified: p.order.CreatedAt}}, p.entries...)
}
