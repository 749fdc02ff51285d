package browser

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"subclip/sample"
	"subclip/transcoder"
	"subclip/transcoder/mp4"
)

const (
	rate = 25
	gop  = 50

	// bFrames is how many pictures in a row need the one after them.
	bFrames = 8

	// markIn lies within a GOP, and markOut among pictures that need one behind it.
	markIn  = 20
	markOut = 276
)

// smartClip cuts a clip and returns its path and at which of its frames, counted
// from 0, the master's own pictures begin and end.
func smartClip(t *testing.T, coding []string) (path string, head, tail int) {
	t.Helper()
	dir := t.TempDir()
	master := filepath.Join(dir, "master.mp4")
	options := sample.Options{Width: 640, Height: 360, Rate: "25", Frames: 300, Timecode: "10:00:00:00", GOP: gop, BFrames: bFrames, VideoArgs: coding}
	if err := sample.Make(t.Context(), master, options, nil); err != nil {
		t.Fatal(err)
	}
	tc, err := transcoder.New(transcoder.Config{FFmpeg: "ffmpeg", FFprobe: "ffprobe", Threads: 1, Memory: 2048})
	if err != nil {
		t.Fatal(err)
	}
	facts, err := tc.Probe(t.Context(), master)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(master)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	source := transcoder.Master{ReaderAt: f, Size: facts.Size}
	request := transcoder.Request{Ranges: []transcoder.Range{{In: markIn, Out: markOut}}}
	made, err := tc.Make(t.Context(), source, master, dir, facts, request, nil)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(dir, "composed.mp4")
	if err := made.Write(path, source); err != nil {
		t.Fatal(err)
	}
	report := made.Report
	head = gop - markIn
	tail = head + int(report.FramesCopied)
	if report.Method != transcoder.MethodSmart || tail <= head || tail >= markOut-markIn {
		t.Fatalf("the clip has not two joints: method %s, %d frames copied: %s", report.Method, report.FramesCopied, report.Reason)
	}
	return path, head, tail
}

// TestChromium plays clips and seeks in them: where the master's pictures begin with a
// refresh, and where they begin at a recovery point, with numbers that jump.
func TestChromium(t *testing.T) {
	t.Parallel()
	open := fmt.Sprintf("open-gop=1:keyint=%d:min-keyint=%d:scenecut=0", gop, gop)
	for name, c := range map[string]struct {
		coding []string
		// unsought is true where Chromium cannot seek in the master either: begun at a
		// recovery point, it fails at leading pictures that refer to one another.
		unsought bool
	}{
		"closed GOPs":                   {},
		"open GOPs":                     {[]string{"-x264-params", open + ":b-pyramid=none"}, false},
		"open GOPs, references among B": {[]string{"-x264-params", open}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clip, head, tail := smartClip(t, c.coding)
			if c.unsought {
				if !play(openPage(t, clip), t, 0, 2*(markOut-markIn), tail) {
					t.Error("the video has not ended")
				}
				return
			}
			watch(t, clip, head, tail)
		})
	}
}

// watch plays and seeks in a clip.
func watch(t *testing.T, clip string, head, tail int) {
	t.Helper()
	tab := openPage(t, clip)
	const frames = markOut - markIn
	length := ask[float64](tab, t, "ready()")
	if math.Abs(length-float64(frames)/rate) > 0.001 {
		t.Errorf("the video lasts %v s, want %v", length, float64(frames)/rate)
	}
	t.Run("play through the head's joint", func(t *testing.T) {
		if play(tab, t, head-25, head+25, head) {
			t.Error("the video ended in the middle")
		}
	})
	t.Run("play through the tail's joint to the end", func(t *testing.T) {
		if !play(tab, t, tail-25, 2*frames, tail) {
			t.Error("the video has not ended")
		}
	})
	t.Run("seek", func(t *testing.T) {
		led := leading(t, clip)
		for _, frame := range places(frames, head, tail) {
			if led[frame] {
				continue
			}
			number := ask[*int](tab, t, "seek(%f)", middle(frame))
			if number == nil || *number != markIn+frame {
				t.Errorf("at the middle of frame %d Chromium shows %s, want %d", frame, text(number), markIn+frame)
			}
		}
	})
}

// leading are the frames that are decoded after a recovery point and shown before it.
// Chromium seeks by times of decoding, as ffmpeg does, and so begins at that point, in
// the master as in a clip: it cannot show them then.
func leading(t *testing.T, clip string) map[int]bool {
	t.Helper()
	f, err := os.Open(clip)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	movie, err := mp4.Read(f, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	video, err := movie.Video()
	if err != nil {
		t.Fatal(err)
	}
	led, entry := map[int]bool{}, 0
	for i, s := range video.Samples(video.All()) {
		if s.Sync {
			entry = i
		}
		if s.Display < video.Sample(entry).Display {
			led[slices.Index(video.Shown, i)] = true
		}
	}
	t.Logf("%d of %d frames are leading ones", len(led), len(video.Shown))
	return led
}

// places are the frames to seek to: the ends, those around the joints, and some at
// random, forth and back.
func places(frames int, joints ...int) []int {
	all := []int{0, frames - 1, 1, frames - 2}
	for _, joint := range joints {
		for by := -4; by <= 4; by++ {
			all = append(all, joint+by)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		all = append(all, random.IntN(frames))
	}
	return append(all, shuffled(random, all)...)
}

func shuffled(random *rand.Rand, frames []int) []int {
	again := append([]int(nil), frames...)
	random.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
	return again
}

// middle returns the time in the middle of a frame, in seconds.
func middle(frame int) float64 { return (float64(frame) + 0.5) / rate }

// played is what the page saw of a video that it played.
type played struct {
	Ended bool      `json:"ended"`
	Seen  []picture `json:"seen"`
}

// picture is a picture that was presented.
type picture struct {
	MediaTime   float64 `json:"mediaTime"`   // seconds; when it should be shown
	CurrentTime float64 `json:"currentTime"` // seconds; where the video was after it was drawn
	Number      *int    `json:"number"`      // nil if none can be read
}

// play plays from a frame until another, checks each picture that Chromium presents,
// and reports whether the video has ended. Chromium may leave pictures out when the
// machine is busy, but must show some at both sides of the joint.
func play(tab context.Context, t *testing.T, from, until, joint int) (ended bool) {
	t.Helper()
	played := ask[played](tab, t, "play(%f, %f)", middle(from), float64(until)/rate)
	last, before, after := 0, 0, 0
	for _, picture := range played.Seen {
		// Between telling of a picture and drawing it the next may have come.
		due := markIn + int(math.Round(picture.MediaTime*rate))
		latest := max(due, markIn+int(picture.CurrentTime*rate+1))
		if picture.Number == nil || *picture.Number < due || *picture.Number > latest {
			t.Errorf("where frame %d to %d should be, Chromium shows %s", due, latest, text(picture.Number))
			continue
		}
		if *picture.Number < last {
			t.Errorf("frame %d is shown after frame %d", *picture.Number, last)
		}
		last = *picture.Number
		if last < markIn+joint {
			before++
		} else {
			after++
		}
	}
	t.Logf("%d pictures before the joint, %d from it on, up to frame %d", before, after, last)
	if before == 0 || after == 0 {
		t.Errorf("%d pictures were shown before the joint and %d from it on", before, after)
	}
	return played.Ended
}

func text(number *int) string {
	if number == nil {
		return "a picture without a readable number"
	}
	return strconv.Itoa(*number)
}
