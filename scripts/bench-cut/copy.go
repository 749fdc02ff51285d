package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"subclip/process"
	"subclip/storage"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// copyObject has the store copy a finished clip: the least that any way to make an
// object of this size takes. Past the limit of a copy it is done by parts.
func copyObject(ctx context.Context, w *worker, t task, _ *outcome) error {
	if t.ReadySize > storage.MaxPart {
		_, err := w.store.Compose(ctx, t.Key, "video/mp4", w.store.Source(t.Ready), []storage.Piece{{Length: t.ReadySize}})
		return err
	}
	client := s3.New(s3.Options{
		BaseEndpoint: &w.cfg.Endpoint, Region: w.cfg.Region, UsePathStyle: w.cfg.PathStyle,
		Credentials: credentials.NewStaticCredentialsProvider(w.cfg.AccessKeyID, w.cfg.SecretAccessKey, ""),
	})
	source := w.cfg.Bucket + "/" + t.Ready
	if _, err := client.CopyObject(ctx, &s3.CopyObjectInput{Bucket: &w.cfg.Bucket, Key: aws.String(t.Key), CopySource: &source}); err != nil {
		return fmt.Errorf("copy %s: %w", t.Ready, err)
	}
	return nil
}

// streamCopy has ffmpeg take over whole GOPs: the clip begins at a key picture
// before the mark.
func streamCopy(ctx context.Context, w *worker, t task, out *outcome) error {
	return ffmpegClip(ctx, w, t, out, "-c", "copy")
}

// encode has ffmpeg encode every picture.
func encode(ctx context.Context, w *worker, t task, out *outcome) error {
	return ffmpegClip(ctx, w, t, out, "-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-c:a", "aac", "-b:a", strconv.Itoa(soundRate))
}

// ffmpegClip makes a clip as a local file from a signed URL, and uploads it.
func ffmpegClip(ctx context.Context, w *worker, t task, out *outcome, coding ...string) error {
	url, err := w.store.WorkerURL(ctx, t.Master)
	if err != nil {
		return err
	}
	file := filepath.Join(t.Scratch, "clip.mp4")
	args := []string{"-nostdin", "-y", "-v", "verbose", "-ss", seconds(t.in()), "-to", seconds(t.out()), "-i", url, "-map", "0:v", "-map", "0:a"}
	said, err := process.Command(ctx, "ffmpeg", append(append(args, coding...), "-movflags", "+faststart", file)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ffmpeg: %w: %s", err, lastLine(said))
	}
	out.Read = inputBytes(string(said))
	return upload(ctx, w, t, file, out)
}

// mkvmerge takes over whole GOPs of the gateway's own file, for it reads no URLs.
func mkvmerge(ctx context.Context, w *worker, t task, out *outcome) error {
	file := filepath.Join(t.Scratch, "clip.mkv")
	before, err := bytesReadSoFar()
	if err != nil {
		return err
	}
	parts := fmt.Sprintf("parts:%ss-%ss", seconds(t.in()), seconds(t.out()))
	if said, err := process.Command(ctx, "mkvmerge", "--quiet", "-o", file, "--split", parts, t.MasterFile).CombinedOutput(); err != nil {
		return fmt.Errorf("mkvmerge: %w: %s", err, lastLine(said))
	}
	after, err := bytesReadSoFar()
	if err != nil {
		return err
	}
	out.Read = after - before
	return upload(ctx, w, t, file, out)
}

func upload(ctx context.Context, w *worker, t task, file string, out *outcome) error {
	info, err := os.Stat(file)
	if err != nil {
		return fmt.Errorf("look at the clip: %w", err)
	}
	out.Written = info.Size()
	return w.store.Upload(ctx, t.Key, file, "video/mp4")
}

func (t task) in() time.Duration  { return t.Facts.Timecode.Rate.TimeOf(t.Range.In) }
func (t task) out() time.Duration { return t.Facts.Timecode.Rate.TimeOf(t.Range.Out) }

// inputBytes adds up what ffmpeg says it has read. What it read before it closed
// the output was the output, whose index it moved to the front.
func inputBytes(said string) int64 {
	var read int64
	for _, m := range regexp.MustCompile(`Statistics: (\d+) bytes (read|written)`).FindAllStringSubmatch(said, -1) {
		n, err := strconv.ParseInt(m[1], 10, 64)
		if m[2] == "written" || err != nil {
			read = 0
			continue
		}
		read += n
	}
	return read
}

func lastLine(said []byte) string {
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	return lines[len(lines)-1]
}
