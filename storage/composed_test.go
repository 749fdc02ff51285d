package storage_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"subclip/storage"
)

// TestCompose makes objects of given bytes and runs of another one, small enough
// for one request and large enough for the store to copy, and reads them back.
func TestCompose(t *testing.T) {
	t.Parallel()
	store := open(t)
	const source = "masters/ä b+c/source.mp4"
	content := upload(t, store, source, 64<<20)
	text := bytes.Repeat([]byte("given "), 1000)
	run := func(offset, length int64) storage.Piece { return storage.Piece{Offset: offset, Length: length} }
	given := storage.Piece{Bytes: text, Length: int64(len(text))}
	for name, test := range map[string]struct {
		pieces []storage.Piece
		copied bool
	}{
		"small":              {[]storage.Piece{given, run(100, 50_000), given}, false},
		"a long run":         {[]storage.Piece{given, run(1<<20+3, 40<<20), given}, true},
		"runs with a gap":    {[]storage.Piece{run(5, 20<<20), run(30<<20, 20<<20)}, true},
		"short runs":         {[]storage.Piece{run(0, 4<<20), run(5<<20, 4<<20), run(10<<20, 4<<20), run(20<<20, 4<<20)}, false},
		"one part to copy":   {[]storage.Piece{given, run(20<<20, 11<<20)}, true},
		"small gaps":         {[]storage.Piece{run(10, 1000), run(5000, 2000), given, run(400_000, 100), run(400_100, 50), run(900, 7)}, false},
		"a run, then little": {[]storage.Piece{run(0, 64<<20), given}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want []byte
			for _, p := range test.pieces {
				if p.Bytes != nil {
					want = append(want, p.Bytes...)
				} else {
					want = append(want, content[p.Offset:p.Offset+p.Length]...)
				}
			}
			key := "made/" + name
			done, err := store.Compose(t.Context(), key, "video/mp4", store.Source(source), test.pieces)
			if err != nil {
				t.Fatal(err)
			}
			got := make([]byte, len(want))
			if _, err := store.Reader(t.Context(), key).ReadAt(got, 0); err != nil {
				t.Fatal(err)
			}
			object, err := store.Stat(t.Context(), key)
			if err != nil || object.Size != int64(len(want)) || !bytes.Equal(got, want) {
				t.Errorf("the object is not what its pieces are (%d bytes, %v)", object.Size, err)
			}
			if done.Uploaded+done.Copied != int64(len(want)) || (done.Copied > 0) != test.copied {
				t.Errorf("%+v for %d bytes", done, len(want))
			}
		})
	}
}

// TestAssembleAhead makes an object of which runs are copied before the rest is known,
// as they turn out to be and otherwise, and gives up others.
func TestAssembleAhead(t *testing.T) {
	t.Parallel()
	store := open(t)
	content := upload(t, store, "source", 96<<20)
	given := bytes.Repeat([]byte("given"), 1000)
	pieces := []storage.Piece{
		{Bytes: given, Length: 5000}, {Offset: 3<<20 + 7, Length: 40 << 20}, {Bytes: given, Length: 5000}, {Offset: 50 << 20, Length: 30 << 20},
	}
	want := slices.Concat(given, content[3<<20+7:43<<20+7], given, content[50<<20:80<<20])
	for name, runs := range map[string][]storage.Piece{
		"as it turns out":  {pieces[1], pieces[3]},
		"one run":          {pieces[3]},
		"too much":         {{Offset: 0, Length: 60 << 20}},
		"past its end":     {{Offset: 80 << 20, Length: 60 << 20}},
		"nothing to speak": {{Offset: 0, Length: 1000}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key := "assembled/" + name
			a := store.Assemble(key, "video/mp4", store.Source("source"))
			a.Ahead(t.Context(), runs)
			done, err := a.Finish(t.Context(), pieces)
			if err != nil {
				t.Fatal(err)
			}
			got := make([]byte, len(want))
			if _, err := store.Reader(t.Context(), key).ReadAt(got, 0); err != nil || !bytes.Equal(got, want) {
				t.Errorf("the object is not what its pieces are (%v)", err)
			}
			if done.Uploaded+done.Copied != int64(len(want)) || done.Uploaded > 12<<20 {
				t.Errorf("%+v for %d bytes", done, len(want))
			}
			if err := a.Close(t.Context()); err != nil {
				t.Errorf("closing what is finished: %v", err)
			}
			if _, err := store.Stat(t.Context(), key); err != nil {
				t.Errorf("closing what is finished takes it away: %v", err)
			}
			if left := unfinished(t, store, key); len(left) > 0 {
				t.Errorf("left unfinished: %v", left)
			}
		})
	}
	t.Run("given up", func(t *testing.T) {
		t.Parallel()
		upload(t, store, "assembled/given up", 10)
		a := store.Assemble("assembled/given up", "video/mp4", store.Source("source"))
		a.Ahead(t.Context(), []storage.Piece{pieces[1]})
		if err := a.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if left := unfinished(t, store, "assembled/given up"); len(left) > 0 {
			t.Errorf("left unfinished: %v", left)
		}
		if before, err := store.Stat(t.Context(), "assembled/given up"); err != nil || before.Size != 10 {
			t.Errorf("what was there before is %+v now (%v)", before, err)
		}
	})
}

// TestAssembleStarted puts objects together before it is known whether they are wanted.
func TestAssembleStarted(t *testing.T) {
	t.Parallel()
	store := open(t)
	content := upload(t, store, "source", 40<<20)
	run := storage.Piece{Offset: 1 << 20, Length: 38 << 20}
	pieces := []storage.Piece{{Bytes: []byte("given"), Length: 5}, run}
	for name, pieces := range map[string][]storage.Piece{"large": pieces, "small": pieces[:1]} {
		for _, wanted := range []bool{true, false} {
			t.Run(fmt.Sprint(name, " ", wanted), func(t *testing.T) {
				t.Parallel()
				key := "started/" + strings.ReplaceAll(t.Name(), "/", "-")
				a := store.Assemble(key, "video/mp4", store.Source("source"))
				a.Ahead(t.Context(), []storage.Piece{run})
				a.Start(t.Context(), pieces)
				want := []string{}
				if wanted {
					if _, err := a.Finish(t.Context(), pieces); err != nil {
						t.Fatal(err)
					}
					object := slices.Concat([]byte("given"), content[1<<20:39<<20])[:sizeOf(pieces)]
					got := make([]byte, len(object))
					if _, err := store.Reader(t.Context(), key).ReadAt(got, 0); err != nil || !bytes.Equal(got, object) {
						t.Errorf("the object is not what its pieces are (%v)", err)
					}
					want = []string{key}
				}
				if err := a.Close(t.Context()); err != nil {
					t.Fatal(err)
				}
				if got := append(listed(t, store, key), unfinished(t, store, key)...); !slices.Equal(got, want) {
					t.Errorf("the store holds %v, want %v", got, want)
				}
			})
		}
	}
}

func sizeOf(pieces []storage.Piece) (size int64) {
	for _, p := range pieces {
		size += p.Length
	}
	return size
}

// TestComposeFails checks that nothing stays behind.
func TestComposeFails(t *testing.T) {
	t.Parallel()
	store := open(t)
	upload(t, store, "source", 20<<20)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	upload(t, store, "made/before", 7)
	for name, test := range map[string]struct {
		ctx    context.Context //nolint:containedctx // a table's column
		source string
		length int64
	}{
		"no source":           {t.Context(), "nothing", 20 << 20},
		"past the end":        {t.Context(), "source", 40 << 20},
		"small, past the end": {t.Context(), "source", 20<<20 + 1},
		"cancelled":           {cancelled, "source", 20 << 20},
		"before":              {t.Context(), "nothing", 20 << 20}, // that object stays
	} {
		t.Run(name, func(t *testing.T) {
			pieces := []storage.Piece{{Offset: 0, Length: test.length}, {Bytes: []byte("end"), Length: 3}}
			if _, err := store.Compose(test.ctx, "made/"+name, "video/mp4", store.Source(test.source), pieces); err == nil {
				t.Error("no error")
			}
			for object, err := range store.List(t.Context(), "made/") {
				if object.Key != "made/before" || object.Size != 7 {
					t.Errorf("left behind: %v %v", object, err)
				}
			}
			for unfinished, err := range store.Unfinished(t.Context(), "made/") {
				t.Errorf("left unfinished: %v %v", unfinished, err)
			}
		})
	}
	if _, err := store.Reader(t.Context(), "source").ReadAt(make([]byte, 10), 20<<20-5); err == nil || err == io.EOF {
		t.Errorf("reading past the end says %v", err)
	}
}
