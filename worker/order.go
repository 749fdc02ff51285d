package worker

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"

	"subclip/catalog"
	"subclip/mail"
	"subclip/said"
	"subclip/storage"
	"subclip/transcoder"
)

// What users are told of orders that cannot be packed, or not all of them.
var (
	errNothingMade = errors.New("none of the items could be made: see why at each of them")
	errTooLarge    = errors.New("the files are together larger than the store takes as one, 5 TiB: take them in several orders")
	errIncomplete  = errors.New("these items of the order could not be made and are not in this file")
	errCancelled   = errors.New("it was cancelled")
	errFileGone    = errors.New("its file is no longer in the store")
)

// missingName is the file of an order's ZIP that tells what is not in it.
const missingName = "NOT-INCLUDED.txt"

// order packs what the items of an order made: each file with its report, its
// captions and shotlist and, where its use is restricted, a text that says so.
func (w *Worker) order(ctx context.Context, job *catalog.Job, progress transcoder.Progress) error {
	order, err := w.catalog.OrderOf(ctx, job.ID)
	if err != nil {
		return err
	}
	pack := pack{catalog: w.catalog, store: w.store, order: order, names: storage.Names{}}
	pack.names.Unique(missingName)
	if err := pack.collect(ctx); err != nil {
		return err
	}
	entries, err := pack.all()
	if err != nil {
		return err
	}
	key := job.ObjectPrefix() + "order.zip"
	size, sum, err := w.store.Archive(ctx, key, entries, progress)
	if err != nil {
		return err
	}
	w.log.Info("an order is packed", "job", job.ID, "files", len(pack.entries), "bytes", size, "missing", len(pack.missing))
	report := transcoder.Report{Size: size, SHA256: &sum, ToolVersion: transcoder.Version()}
	return w.catalog.Finish(ctx, job, catalog.JobResult{Files: []catalog.JobFile{{Key: key, Name: order.FileName(), Report: report}}})
}

// pack is what goes into an order's ZIP.
type pack struct {
	catalog *catalog.Catalog
	store   *storage.Store
	order   *catalog.Order
	names   storage.Names
	entries []storage.Entry
	missing []absence
	size    int64 // of the objects, bytes
}

// absence is a file that is not in the ZIP, and the sentence that says why.
type absence struct{ what, why string }

func (p *pack) collect(ctx context.Context) error {
	for i := range p.order.Items {
		item := &p.order.Items[i]
		if item.Status() != catalog.ClipReady {
			p.leaveOut(item, cmp.Or(item.Reason(), errCancelled.Error()))
			continue
		}
		for i, file := range item.Files() {
			object, err := p.store.Stat(ctx, file.Key)
			if errors.Is(err, storage.ErrNotFound) {
				p.leaveOut(item, errFileGone.Error())
				continue
			}
			if err != nil {
				return err
			}
			name, err := p.put(file, object)
			if err == nil {
				err = p.putAlongside(ctx, item, i, name, object)
			}
			if err != nil {
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

// put adds a file and what is to be known of it, and returns what it is called.
func (p *pack) put(file catalog.JobFile, object storage.Object) (name string, err error) {
	report, err := json.MarshalIndent(file.Report, "", "  ")
	if err != nil {
		return "", fmt.Errorf("write the report of %s: %w", file.Key, err)
	}
	name = p.names.Unique(file.Name)
	p.size += object.Size
	p.entries = append(p.entries,
		storage.Entry{Name: name, Key: file.Key, Size: object.Size, Modified: object.Modified},
		storage.Entry{Name: name + ".report.json", Bytes: append(report, '\n'), Modified: object.Modified})
	if words := file.Report.Restrictions; words != "" {
		p.entries = append(p.entries, storage.Entry{Name: name + ".restrictions.txt", Bytes: []byte(words + "\n"), Modified: object.Modified})
	}
	return name, nil
}

// putAlongside adds the captions and the shotlist of what an item's file shows, the first
// of the item being 0.
func (p *pack) putAlongside(ctx context.Context, item *catalog.OrderItem, file int, name string, object storage.Object) error {
	ranges := item.Request.Ranges
	if item.Request.Separate && file < len(ranges) {
		ranges = ranges[file : file+1]
	}
	beside, err := p.catalog.Alongside(ctx, item.Asset, ranges)
	if err != nil {
		return err
	}
	// Players look for captions by the name of the file without its ending.
	bare := strings.TrimSuffix(name, path.Ext(name))
	for _, captions := range beside.Captions {
		srt := p.names.Unique(bare + "." + captions.Language + ".srt")
		p.entries = append(p.entries, storage.Entry{Name: srt, Bytes: []byte(captions.SubRip()), Modified: object.Modified})
	}
	if beside.Shotlist != "" {
		p.entries = append(p.entries, storage.Entry{Name: name + ".shotlist.txt", Bytes: []byte(beside.Shotlist), Modified: object.Modified})
	}
	return nil
}

// leaveOut notes an item that is not in the ZIP, with a sentence that says why.
func (p *pack) leaveOut(item *catalog.OrderItem, reason string) {
	what := []string{fmt.Sprintf("%d. %s", item.Number, item.Asset.Title)}
	base := item.Asset.Source.Timecode
	for _, r := range item.Request.Ranges {
		what = append(what, base.Timecode(r.In)+" – "+base.Timecode(r.Out))
	}
	p.missing = append(p.missing, absence{strings.Join(what, ", "), reason})
}

// all are the entries of the ZIP; what is missing stands first, told in the language of
// whoever ordered where a sentence has words in it.
func (p *pack) all() ([]storage.Entry, error) {
	if len(p.missing) == 0 {
		return p.entries, nil
	}
	words, err := said.Read(mail.PickLanguage(p.order.Asker.Tongue))
	if err != nil {
		return nil, err
	}
	say := func(sentence string) string {
		if text, ok := words.Say(sentence); ok {
			return text
		}
		return sentence
	}
	var text strings.Builder
	text.WriteString(say(errIncomplete.Error()) + "\r\n")
	for _, one := range p.missing {
		text.WriteString("\r\n" + one.what + "\r\n   " + say(one.why) + "\r\n")
	}
	return append([]storage.Entry{{Name: missingName, Bytes: []byte(text.String()), Modified: p.order.CreatedAt}}, p.entries...), nil
}
