package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"subclip/process"
	"subclip/transcoder"
)

const (
	frameRate = 25
	videoRate = 8_000_000 // bits a second
	soundRate = 128_000
	// pieceLength is a whole number of GOPs and of frames of AAC at 48 kHz, so
	// that the piece can be repeated without a gap.
	pieceLength = 40 * time.Second
	megabyte    = 1_000_000
)

// master is a long video in the store.
type master struct {
	key   string
	gop   int // frames
	size  int64
	index int64 // bytes of moov
	facts transcoder.Source
}

func masterLength(hours float64) time.Duration {
	return time.Duration(hours * float64(time.Hour)).Round(time.Second)
}

// bytesOf is about how large a video of some length is.
func bytesOf(length time.Duration) int64 {
	return int64(length.Seconds() * (videoRate + soundRate) / 8 * 1.05)
}

// makeMaster encodes a short piece and repeats it, index at the end as ffmpeg
// leaves it. It writes the object's file itself: sent through the gateway it would
// be on the disk three times.
func (s *site) makeMaster(ctx context.Context, t *transcoder.Transcoder, length time.Duration, gop int) (*master, error) {
	m := &master{key: fmt.Sprintf("masters/gop%d.mp4", gop), gop: gop}
	pictures, sound, file := filepath.Join(s.dir, "pictures.mp4"), filepath.Join(s.dir, "sound.aac"), s.file(m.key)
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return nil, fmt.Errorf("make the masters' folder: %w", err)
	}
	for _, args := range [][]string{pieceArgs(gop, pictures), soundArgs(sound), repeatArgs(pictures, sound, file, length)} {
		if err := ffmpeg(ctx, args...); err != nil {
			return nil, fmt.Errorf("make a master: %w", err)
		}
	}
	object, err := s.store.Stat(ctx, m.key)
	if err != nil {
		return nil, err
	}
	m.size = object.Size
	if m.index, err = indexSize(s.store.Reader(ctx, m.key), m.size); err != nil {
		return nil, err
	}
	url, err := s.store.WorkerURL(ctx, m.key)
	if err != nil {
		return nil, err
	}
	m.facts, err = t.Probe(ctx, url)
	return m, err
}

// pieceArgs make pictures with so much noise that they need the bit rate.
func pieceArgs(gop int, path string) []string {
	return []string{
		"-f", "lavfi", "-i", fmt.Sprintf("testsrc2=size=1920x1080:rate=%d,noise=alls=3:allf=t", frameRate), "-t", seconds(pieceLength),
		"-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-bf", "3", "-b_strategy", "0",
		"-g", strconv.Itoa(gop), "-keyint_min", strconv.Itoa(gop), "-sc_threshold", "0",
		"-b:v", strconv.Itoa(videoRate), "-maxrate", strconv.Itoa(videoRate), "-bufsize", strconv.Itoa(2 * videoRate), path,
	}
}

func soundArgs(path string) []string {
	return []string{
		"-f", "lavfi", "-i", "anoisesrc=amplitude=0.1:sample_rate=48000", "-t", seconds(pieceLength),
		"-c:a", "aac", "-ac", "2", "-b:a", strconv.Itoa(soundRate), path,
	}
}

func repeatArgs(pictures, sound, path string, length time.Duration) []string {
	return []string{
		"-stream_loop", "-1", "-i", pictures, "-stream_loop", "-1", "-i", sound,
		"-map", "0:v", "-map", "1:a", "-c", "copy", "-t", seconds(length), path,
	}
}

func ffmpeg(ctx context.Context, args ...string) error {
	cmd := process.Command(ctx, "ffmpeg", append([]string{"-nostdin", "-v", "error", "-y"}, args...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("ffmpeg: %w: %s", err, out)
	}
	return nil
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }

// indexSize is the length of a file's moov.
func indexSize(file io.ReaderAt, size int64) (int64, error) {
	const long = 16 // bytes of a box's header, at most
	for at := int64(0); at+long <= size; {
		head := make([]byte, long)
		if _, err := file.ReadAt(head, at); err != nil {
			return 0, fmt.Errorf("look for the index: %w", err)
		}
		length := int64(binary.BigEndian.Uint32(head))
		if length == 1 {
			length = int64(binary.BigEndian.Uint64(head[8:])) //nolint:gosec // a file of our making
		}
		if string(head[4:8]) == "moov" {
			return length, nil
		}
		at += max(length, long/2)
	}
	return 0, errors.New("look for the index: there is none")
}
